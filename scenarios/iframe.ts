import type { ClientContext, Scenario } from './contract.js';
import { closeHead, requestHead } from './wire/request.js';
import { ScriptStreamParser } from './wire/script-stream.js';
import { StreamingClient } from './wire/streaming-client.js';
import { clientPath } from './wire/topic-path.js';

/** Reads the endless page of a hidden iframe. It has no way to ask for what it missed. */
class IframeClient extends StreamingClient {
  protected readonly parser = new ScriptStreamParser(this);

  protected request(): string {
    const { target, headers } = this.context;
    return closeHead(requestHead(target, clientPath(this.context, this.index), headers, 'frame'));
  }
}

export const iframe: Scenario = {
  id: 'iframe',
  title: 'iframe streaming',
  family: 'streaming',
  description: 'An endless HTML response; each message is a script that calls into the parent page.',
  asks: false,
  waitsForInterval: false,
  resumes: false,
  createClient: (context: ClientContext, index: number) => new IframeClient(context, index),
};
