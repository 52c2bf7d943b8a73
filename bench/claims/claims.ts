import { binary } from './claims/binary.js';
import { bothWays } from './claims/both-ways.js';
import { busyLine } from './claims/busy-line.js';
import { capacity } from './claims/capacity.js';
import { frames } from './claims/frames.js';
import { halfDuplex } from './claims/half-duplex.js';
import { handshake } from './claims/handshake.js';
import { headers } from './claims/headers.js';
import { identity } from './claims/identity.js';
import { immediacy } from './claims/immediacy.js';
import { masking } from './claims/masking.js';
import { noUpgrade } from './claims/no-upgrade.js';
import { persistent } from './claims/persistent.js';
import { resume } from './claims/resume.js';
import type { Claim } from './contract.js';

/** Every claim of the article, in the order of the page: its ten, then the smaller ones. */
export const claims: readonly Claim[] = [
  headers,
  capacity,
  busyLine,
  handshake,
  frames,
  identity,
  halfDuplex,
  persistent,
  immediacy,
  resume,
  binary,
  masking,
  noUpgrade,
  bothWays,
];
