import type { ForeignEvents } from '../../scenarios/contract.js';
import type { ForeignSpec } from '../../scenarios/foreign/contract.js';
import { DistributionTable } from './distribution-table.js';
import { DurationHistogram, HIGHEST_US } from './histogram.js';
import { type PublishingPhase, Recorder, type RecorderPlan } from './recorder.js';
import type { TargetResult } from './target-result.js';

/**
 * A recorder for clients of a server that is not ours.
 *
 * Where the server publishes by itself there is no schedule: whatever comes while the window is open is a delivery, and
 * nothing is missing. A message that carries a time has a latency by the wall clock; the gaps between the messages of a
 * client are kept in any case.
 */
export class ForeignRecorder extends Recorder implements ForeignEvents {
  readonly foreign: ForeignEvents = this;
  private unmarkedCount = 0;
  private otherRunCount = 0;
  private heardCount = 0;
  private ahead = 0;
  private readonly gaps = new DurationHistogram();
  private readonly rows: Uint32Array;
  /** The generator's own share where nothing is published on a schedule: by row of the timeline. */
  private readonly rowShares: DistributionTable;
  /** When each client heard the last message of the window, performance.now() scale; 0 before its first. */
  private readonly heardAt: Float64Array;

  /** @param self where the server publishes by itself: schedules are then as long as they say, and empty */
  constructor(
    plan: RecorderPlan,
    private readonly self: ForeignSpec['self'],
  ) {
    super(self === null ? plan : withoutMessages(plan));
    this.rows = new Uint32Array(self === null ? 0 : this.secondRows.rows);
    this.rowShares = new DistributionTable(this.rows.length);
    this.heardAt = new Float64Array(self === null ? 0 : plan.clients);
  }

  override begin(phase: PublishingPhase, startMs: number): void {
    super.begin(phase, startMs);
    if (phase !== 'measure') return;
    this.unmarkedCount = 0;
    this.otherRunCount = 0;
  }

  /** Whatever the runner says was published: of a server that publishes by itself nobody knows. */
  override end(count: number): void {
    super.end(this.self === null ? count : 0);
  }

  override get windowDeliveries(): number {
    return this.self === null ? super.windowDeliveries : this.heardCount;
  }

  /** A row a publish; a row of the timeline where the server publishes by itself. */
  override get shares(): DistributionTable {
    return this.self === null ? super.shares : this.rowShares;
  }

  unmarked(_client: number): void {
    this.unmarkedCount++;
  }

  otherRun(_client: number): void {
    this.otherRunCount++;
  }

  heard(client: number, carriedMs: number | null): void {
    this.deliveries++;
    if (this.phase !== 'measure') return;
    const now = performance.now();
    this.heardCount++;
    this.lastDeliveryAt = now;
    const row = this.secondRow(now);
    this.rows[row]!++;
    const before = this.heardAt[client]!;
    if (before > 0) this.gaps.record((now - before) * 1000);
    this.heardAt[client] = now;
    if (carriedMs === null) return;
    const latencyUs = (performance.timeOrigin + now - carriedMs) * 1000;
    if (latencyUs < 0) this.ahead++;
    // Older than any trial is long: a time of something else.
    else if (latencyUs <= HIGHEST_US) {
      this.rowShares.record(row, this.timed(latencyUs, now, this.wokeAt));
      this.secondRows.record(row, latencyUs);
    }
  }

  targetResult(): TargetResult {
    return {
      unmarked: this.unmarkedCount,
      otherRuns: this.otherRunCount,
      ...(this.self === null
        ? {}
        : {
            self: {
              gaps: this.gaps.encode(),
              backwards: this.self.time === null ? null : this.ahead,
              rows: [...this.rows],
            },
          }),
    };
  }
}

function withoutMessages(plan: RecorderPlan): RecorderPlan {
  const empty = ({ single: _, topics: __, ...schedule }: RecorderPlan['measure']) => ({
    ...schedule,
    ratePerSecond: 0,
  });
  return { ...plan, warmup: empty(plan.warmup), measure: empty(plan.measure) };
}
