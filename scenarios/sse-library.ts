import type { ClientContext, Scenario } from './contract.js';
import { EventSourceClient } from './wire/event-source-client.js';

/** The same client as of `sse`, so that a difference between the two is the servers'. */
export const sseLibrary: Scenario = {
  id: 'sse-library',
  title: 'Server-sent events, library',
  family: 'streaming',
  description:
    'The same feed through the package better-sse, which formats and encodes an event anew for each client.',
  asks: false,
  waitsForInterval: false,
  resumes: true,
  createClient: (context: ClientContext, index: number) => new EventSourceClient(context, index),
};
