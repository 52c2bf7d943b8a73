import { MAX_SAID_BYTES } from '../../protocol/payload.js';
import type { Workload } from './contract.js';
import { shapedSchedules } from './rate-schedules.js';

export const echo: Workload = {
  id: 'echo',
  description:
    'Clients speak and the server answers each of them; --rate is exchanges a second over all clients.',
  options: {},
  unit: 'exchange',
  clientsSpeak: true,
  // A topic for each client: an exchange is one client's.
  schedules: (plan, trial, clients) => shapedSchedules(plan, trial, { topics: clients }),
  refuses: () => null,
  mistakes: ({ payloadBytes }) =>
    payloadBytes > MAX_SAID_BYTES
      ? [
          `--payload ${payloadBytes} is more than servers take from a client: with --workload echo use at most ${MAX_SAID_BYTES} bytes.`,
        ]
      : [],
};
