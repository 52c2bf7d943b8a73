import { messageCount } from '../../protocol/schedule.js';
import { scenarioOf } from '../contenders.js';
import { readable } from '../options/readable.js';
import type { Plan } from '../plan.js';
import { schedules } from '../trial-parts.js';
import { workloadById } from '../workloads/registry.js';

const MAX_CLIENTS = 1000;
const MAX_SECONDS = 30;
const MAX_POLL_INTERVAL_MS = 10_000;
/** Packets that carry messages or polls; tshark reads about 100,000 a second. */
const MAX_PACKETS = 500_000;
/** A larger payload takes several segments (half a loopback window, measured). */
const PACKET_BYTES = 32_768;

/** Why a plan is too large to be watched packet by packet, a sentence each. */
export function verifyMistakes(plan: Plan): readonly string[] {
  const mistakes: string[] = [];
  const refuse = (option: string, value: number, most: number, unit: string): void => {
    if (value <= most) return;
    mistakes.push(
      `--verify-wire captures every packet, so a run of it is small: --${option} ${readable(value)} is more than ` +
        `${readable(most)}${unit}.`,
    );
  };
  const clients = Math.max(...plan.clients);
  refuse('clients', clients, MAX_CLIENTS, '');
  refuse('duration', plan.durationSeconds, MAX_SECONDS, ' s');
  refuse('warmup', plan.warmupSeconds, MAX_SECONDS, ' s');
  const polls = plan.scenarios.some((id) => scenarioOf(plan, id)?.waitsForInterval);
  if (polls) refuse('poll-interval', plan.pollIntervalMs, MAX_POLL_INTERVAL_MS, ' ms');
  if (plan.rttMs > 0 || plan.bandwidthBitsPerSecond !== null) {
    mistakes.push(
      '--verify-wire compares both ends of one connection; a link (--rtt, --bandwidth) makes it two.',
    );
  }
  const timed = [plan.auto && '--trials auto', plan.aa && '--aa', plan.slopes && '--slopes'].filter(Boolean);
  for (const option of timed) {
    mistakes.push(
      `--verify-wire checks bytes and measures nothing else, so ${option} has nothing to go by: leave one of them out.`,
    );
  }
  if (mistakes.length > 0) return mistakes;

  const seconds = plan.durationSeconds + plan.warmupSeconds;
  const segments = Math.ceil(plan.payloadBytes / PACKET_BYTES);
  const { warmup, measure } = schedules(plan, 1);
  const messages = messageCount(warmup) + messageCount(measure);
  // What clients say goes up, too, and may be answered by itself.
  const ways = workloadById(plan.workload).clientsSpeak ? 3 : 1;
  const hearers = (clients / (measure.topics ?? 1)) * ways;
  const asked = polls ? (seconds * 1000) / plan.pollIntervalMs : 0;
  const packets = Math.round(hearers * messages * segments + clients * asked);
  if (packets > MAX_PACKETS) {
    mistakes.push(
      `--verify-wire captures every packet, so a run of it is small: a trial of this plan has about ` +
        `${readable(packets)} packets with messages and polls, more than ${readable(MAX_PACKETS)}. Use fewer ` +
        `clients, a lower rate, a smaller payload or a shorter window.`,
    );
  }
  return mistakes;
}
