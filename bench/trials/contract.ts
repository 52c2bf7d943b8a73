import type { MeasuredTrial } from '../../reports/result.js';
import type { LiveReading } from '../../runner/observer.js';
import type { Plan } from '../../runner/plan.js';

/** A server of a page's own: its host's entry file and what the page says of it. */
export interface TrialServer {
  readonly entry: string;
  readonly description: string;
}

/** A trial that is asked for; what it leaves out is small and plain. */
export interface TrialWish {
  readonly scenario: string;
  readonly clients: number;
  /** Of the workload's own options those that are left out have their defaults. */
  readonly plan: Partial<Omit<Plan, 'scenarios' | 'clients' | 'limits' | 'overridden'>>;
  /** Another server than the reference one. */
  readonly server?: TrialServer;
  /** Counts and bytes only: the health rules, which are about times, are off. */
  readonly bytesOnly?: boolean;
  readonly onReading?: (reading: LiveReading) => void;
}

/** Where pages of measured claims get their numbers from. */
export interface TrialLab {
  /** The full size, or the small one of `--quick`. */
  size<T>(full: T, quick: T): T;
  /** Runs a trial and keeps a record of it. @returns null when it was void or failed: such a one gives no figure */
  run(wish: TrialWish): Promise<MeasuredTrial | null>;
}

/** A trial as a page lists it. */
export interface TrialRecord {
  /** Of `npm run bench`, for the same trial. */
  readonly options: string;
  /** What was served, where it was not the reference server. */
  readonly server?: string;
  readonly rules: 'in force' | 'off';
  readonly status: 'completed' | 'void' | 'failed';
  /** Codes, as docs/metrics.md explains them. */
  readonly reasons: readonly string[];
}

/** The machine, without what would tell which one it was. */
export interface BenchEnvironment {
  readonly node: string;
  readonly os: string;
  readonly kernel: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly allowedCores: number | null;
  readonly memoryBytes: number;
  readonly pinned: boolean;
}
