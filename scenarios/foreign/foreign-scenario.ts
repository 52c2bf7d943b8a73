import type { ClientContext, Scenario, VirtualClient } from '../contract.js';
import { LongPollClient } from '../longpoll.js';
import { PollingClient } from '../polling.js';
import { foreignMistakes } from './check-spec.js';
import { FOREIGN_TRANSPORTS, type ForeignSpec, type ForeignTransport } from './contract.js';
import { ForeignAsking } from './foreign-asking.js';
import { ForeignRequests } from './foreign-requests.js';
import { ForeignSocketIoClient } from './foreign-socketio.js';
import { ForeignEventSourceClient } from './foreign-sse.js';
import { ForeignStreamClient } from './foreign-stream.js';
import { ForeignWebSocketClient } from './foreign-websocket.js';

type Maker = (
  spec: ForeignSpec,
  requests: ForeignRequests,
  context: ClientContext,
  index: number,
) => VirtualClient;

const CLIENTS: Readonly<Record<ForeignTransport, Maker>> = {
  polling: (spec, requests, context, index) =>
    new PollingClient(context, index, (sink) => new ForeignAsking(spec, requests, context, index, sink)),
  longpoll: (spec, requests, context, index) =>
    new LongPollClient(context, index, (sink) => new ForeignAsking(spec, requests, context, index, sink)),
  stream: (...parts) => new ForeignStreamClient(...parts),
  sse: (...parts) => new ForeignEventSourceClient(...parts),
  websocket: (...parts) => new ForeignWebSocketClient(...parts),
  socketio: (...parts) => new ForeignSocketIoClient(...parts),
};

/**
 * How clients of a server that is not ours behave, as a scenario like any other.
 *
 * @throws Error with a sentence for each thing of the specification that no client could do: see `foreignMistakes`
 */
export function foreignScenario(spec: ForeignSpec): Scenario {
  const mistakes = foreignMistakes(spec);
  if (mistakes.length > 0) throw new Error(mistakes.join(' '));
  const { transport } = spec;
  const requests = new WeakMap<ClientContext, ForeignRequests>();
  return {
    id: spec.id,
    title: spec.title,
    family: FOREIGN_TRANSPORTS[transport],
    description: `A server that is not ours, over ${transport}.`,
    asks: transport === 'polling' || transport === 'longpoll',
    waitsForInterval: transport === 'polling',
    resumes: transport === 'sse' || spec.cursor !== null,
    createClient(context, index) {
      let shared = requests.get(context);
      if (shared === undefined) {
        shared = new ForeignRequests(spec, context);
        requests.set(context, shared);
      }
      return CLIENTS[transport](spec, shared, context, index);
    },
  };
}
