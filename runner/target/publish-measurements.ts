import type { Measurements, Reason } from '../../reports/result.js';
import type { HostSample, TargetSample } from '../../servers/contract.js';
import { waitOfBucket } from '../../servers/wait-counts.js';

/** Readings of the servers when the window opened, and when it was drained. */
interface Readings {
  readonly serverBefore: readonly HostSample[];
  readonly serverAfter: readonly HostSample[];
}

/** Why CPU and memory of a server of the user's are not known; null where they are. */
export function unreadTarget({ serverBefore, serverAfter }: Readings): string | null {
  const samples = [...serverBefore, ...serverAfter];
  return samples.find(({ target }) => target?.unread)?.target?.unread ?? null;
}

type TargetMeasurements = NonNullable<Measurements['target']>;

/** What publishing into a server of the user's did between two readings, and what of its costs is known. Pure. */
export function publishMeasurements({
  serverBefore,
  serverAfter,
}: Readings): Pick<TargetMeasurements, 'publish' | 'costsUnread'> {
  const before = serverBefore[0]?.target;
  const after = serverAfter[0]?.target;
  if (before === undefined || after === undefined) return {};
  const costsUnread = unreadTarget({ serverBefore, serverAfter });
  if (after.publishesItself) return { publish: null, costsUnread };
  const failures: Record<string, number> = {};
  for (const [kind, count] of Object.entries(after.failures)) {
    const more = count - (before.failures[kind] ?? 0);
    if (more > 0) failures[kind] = more;
  }
  const sent = after.sent - before.sent;
  const taken = after.taken - before.taken;
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const answers = answersBetween(before, after);
  return {
    publish: {
      sent,
      taken,
      overlapping: after.overlapping - before.overlapping,
      repeated: after.repeated - before.repeated,
      failures,
      unanswered: Math.max(0, sent - taken - failed),
      answeredUs: { p50: percentile(answers, 50), p99: percentile(answers, 99) },
    },
    costsUnread,
  };
}

/** Why messages may come in another order than they were published in, for which the target is not to blame; else empty. */
export function orderRemark({ target }: Measurements): string {
  const publish = target?.publish ?? null;
  if (publish === null || !publish.overlapping) return '';
  return (
    ` ${publish.overlapping} of ${publish.sent} messages were published while one before was not answered yet, and of ` +
    `those nobody knows the order; with "atOnce": 1 they keep it.`
  );
}

/** Why messages may have come twice, for which the target is not to blame; else empty. */
export function repeatRemark({ target }: Measurements): string {
  const publish = target?.publish ?? null;
  if (publish === null || !publish.repeated) return '';
  return (
    ` ${publish.repeated} of ${publish.sent} messages were published again, for their connection was lost before the answer: ` +
    `where the target had taken one already, it came twice.`
  );
}

/** A warning that names the publishes which failed, whose deliveries count as lost; null when all were taken. */
export function publishReason({ target }: Measurements): Reason | null {
  const publish = target?.publish ?? null;
  if (publish === null) return null;
  const kinds = Object.entries(publish.failures).map(([kind, count]) => `${kind}: ${count}`);
  if (publish.unanswered > 0) kinds.push(`not answered: ${publish.unanswered}`);
  if (kinds.length === 0) return null;
  return {
    code: 'publish-failed',
    message:
      `The target did not take ${publish.sent - publish.taken} of ${publish.sent} messages that were published ` +
      `(${kinds.join(', ')}): what was not delivered of them counts as lost.`,
  };
}

type Answers = readonly (readonly [bucket: number, count: number])[];

function answersBetween(before: TargetSample, after: TargetSample): Answers {
  return Object.entries(after.answered)
    .map(([bucket, count]) => [Number(bucket), count - (before.answered[Number(bucket)] ?? 0)] as const)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => a - b);
}

function percentile(answers: Answers, p: number): number | null {
  const total = answers.reduce((sum, [, count]) => sum + count, 0);
  let left = Math.ceil((p / 100) * total);
  for (const [bucket, count] of answers) {
    left -= count;
    if (left <= 0) return waitOfBucket(bucket);
  }
  return null;
}
