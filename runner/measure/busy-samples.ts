/** A sample is at least this long, milliseconds: shorter ones would be single turns of the loop. */
const LEAST_MS = 200;

/**
 * CPU use of this process in samples of a quarter of a second or so, of which only the two busiest are kept: a limit
 * is broken when at least two samples break it, so the second-busiest decides.
 */
export class BusySamples {
  private cpuMicros = 0;
  private atMs = 0;
  private first = 0;
  private second = 0;
  private count = 0;

  /** The next sample begins now; earlier ones are forgotten. */
  start(): void {
    this.cpuMicros = cpuNow();
    this.atMs = performance.now();
    this.first = 0;
    this.second = 0;
    this.count = 0;
  }

  /** Ends the sample that is under way and begins the next; one that is too short goes on instead. */
  sample(): void {
    const atMs = performance.now();
    if (atMs - this.atMs < LEAST_MS) return;
    const cpuMicros = cpuNow();
    const cores = (cpuMicros - this.cpuMicros) / 1000 / (atMs - this.atMs);
    this.cpuMicros = cpuMicros;
    this.atMs = atMs;
    this.count++;
    if (cores > this.first) {
      this.second = this.first;
      this.first = cores;
    } else if (cores > this.second) {
      this.second = cores;
    }
  }

  /** Cores used, the busiest sample first; as many as there were samples, two at most. */
  get highest(): readonly number[] {
    return [this.first, this.second].slice(0, this.count);
  }
}

function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
