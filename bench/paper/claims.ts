import { bozdag } from './claims/bozdag.js';
import { clientCpu } from './claims/client-cpu.js';
import { hpbn } from './claims/hpbn.js';
import { kaazing } from './claims/kaazing.js';
import { longpollRate } from './claims/longpoll-rate.js';
import { memory } from './claims/memory.js';
import { overload } from './claims/overload.js';
import { stall } from './claims/stall.js';
import { transits } from './claims/transits.js';
import type { Claim } from './contract.js';

/** Every published figure that is set beside ours, in the order of the page. */
export const claims: readonly Claim[] = [
  kaazing,
  transits,
  hpbn,
  bozdag,
  clientCpu,
  longpollRate,
  memory,
  overload,
  stall,
];
