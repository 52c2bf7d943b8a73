/** Turns of the loop are looked at this often, milliseconds: no finer than a fan-out to a few hundred clients. */
const EVERY_MS = 1;

/** What the process is made of; tests turn it by hand. */
export interface HalfSpeedParts {
  /** CPU time of this process, milliseconds. */
  readonly cpuMs: () => number;
  /** Called before time is wasted. */
  readonly onWaste: () => void;
}

/**
 * Wastes as much CPU time as the process has used since the last call, so that its processor seems half as fast.
 *
 * The processor's speed is the server's alone: the generator stays as quick as it is, and is not at its own end when the
 * server is at its.
 */
export class HalfSpeed {
  private usedMs: number;

  constructor(private readonly parts: HalfSpeedParts) {
    this.usedMs = parts.cpuMs();
  }

  /** @returns milliseconds of CPU time that were wasted, at least */
  waste(): number {
    const { cpuMs, onWaste } = this.parts;
    const ownMs = cpuMs() - this.usedMs;
    const untilMs = this.usedMs + 2 * ownMs;
    if (ownMs > 0) onWaste();
    while (cpuMs() < untilMs);
    this.usedMs = cpuMs();
    return ownMs;
  }
}

/** Halves the speed of this process for as long as it lives. */
export function runAtHalfSpeed(onWaste: () => void): void {
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const half = new HalfSpeed({ cpuMs, onWaste });
  setInterval(() => half.waste(), EVERY_MS).unref();
}
