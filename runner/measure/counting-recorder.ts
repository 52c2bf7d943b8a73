import { type PublishingPhase, Recorder } from './recorder.js';

/**
 * A recorder that only counts: no clock is read and nothing is kept of a delivery. What the instruments of the real one
 * cost is the difference between the two; it serves that benchmark alone.
 */
export class CountingRecorder extends Recorder {
  private current: PublishingPhase | null = null;
  private left = 0;
  private counted = 0;

  override begin(phase: PublishingPhase, startMs: number): void {
    super.begin(phase, startMs);
    this.current = phase;
    this.left = this.missing;
    this.counted = 0;
  }

  override get windowDeliveries(): number {
    return this.counted;
  }

  override woke(): void {}
  override stirred(): void {}

  override delivered(): void {
    this.deliveries++;
    this.counted++;
    if (--this.left === 0 && this.current !== null) this.onDrained(this.current);
  }

  override answered(): void {}

  /** Nothing is known of single publishes, so nothing can be missing of them. */
  override censor(): number {
    return 0;
  }
}
