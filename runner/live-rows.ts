import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { Trial } from '../reports/result.js';
import { formatCount, formatMicros } from '../reports/units.js';
import { spanText } from './estimate.js';
import type { LiveReading, RunObserver } from './observer.js';
import type { Contestant, Plan } from './plan.js';
import { nameOf, opening, outcome } from './progress-phrases.js';
import { TimeLeft } from './time-left.js';

interface Row {
  readonly contestant: Contestant;
  /** Trials of all its arms. */
  readonly planned: number;
  ended: number;
  voids: number;
  failures: number;
  reading: LiveReading | null;
  lastP99Us: number | null;
}

/** Progress on a terminal: one row a contestant, redrawn in place, with a bar that tells how much is done. */
export class LiveRows implements RunObserver {
  readonly #plan: Plan;
  readonly #stream: NodeJS.WriteStream;
  readonly #color: boolean;
  readonly #log: ReturnType<typeof createLogUpdate>;
  readonly #rows = new Map<string, Row>();
  #timeLeft: TimeLeft | null = null;
  #current: Row | null = null;
  #trials = 0;
  #ended = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(plan: Plan, stream: NodeJS.WriteStream, color: boolean) {
    this.#plan = plan;
    this.#stream = stream;
    this.#color = color;
    this.#log = createLogUpdate(stream, { showCursor: true });
  }

  runStarted(contestants: readonly Contestant[], estimateSeconds: number): void {
    this.note(opening(contestants, estimateSeconds));
    this.#trials = contestants.length;
    this.#timeLeft = new TimeLeft(this.#plan, contestants);
    for (const scenario of this.#plan.scenarios) {
      for (const clients of this.#plan.clients) {
        this.#rows.set(keyOf({ scenario, clients }), {
          contestant: { scenario, clients, trial: 1, order: 0 },
          planned: contestants.filter((each) => each.scenario === scenario && each.clients === clients)
            .length,
          ended: 0,
          voids: 0,
          failures: 0,
          reading: null,
          lastP99Us: null,
        });
      }
    }
    this.#timer = setInterval(() => this.#draw(), 250);
    this.#timer.unref();
    this.#draw();
  }

  trialStarted(contestant: Contestant): void {
    this.#current = this.#rows.get(keyOf(contestant)) ?? null;
    this.#timeLeft?.started(contestant, seconds());
    this.#draw();
  }

  trialReading(contestant: Contestant, reading: LiveReading): void {
    const row = this.#rows.get(keyOf(contestant));
    if (row !== undefined) row.reading = reading;
  }

  trialEnded(contestant: Contestant, trial: Trial): void {
    this.#timeLeft?.ended(seconds());
    this.#ended++;
    this.#current = null;
    const row = this.#rows.get(keyOf(contestant));
    if (row !== undefined) {
      row.ended++;
      if (trial.status === 'void') row.voids++;
      if (trial.status === 'failed') row.failures++;
      if (trial.status === 'completed' || trial.status === 'void') {
        row.lastP99Us = trial.measurements.latencyUs.p99;
      }
    }
    if (trial.status === 'failed' || trial.status === 'void') {
      this.note(`${nameOf(contestant)}, trial ${contestant.trial}: ${outcome(trial)}`);
    }
    this.#draw();
  }

  note(message: string): void {
    this.#log.persist(message);
  }

  runEnded(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#log.clear();
    this.#log.done();
  }

  #draw(): void {
    if (this.#timeLeft === null) return;
    const width = Math.max(40, this.#stream.columns ?? 80) - 1;
    const room = Math.max(3, (this.#stream.rows ?? 24) - 3);
    const now = seconds();
    const all = [...this.#rows.values()];
    const at = this.#current === null ? 0 : all.indexOf(this.#current);
    // A sweep longer than the screen scrolls with the trial at work.
    const first = Math.max(0, Math.min(at - Math.floor(room / 2), all.length - room));
    const part = this.#timeLeft.currentPart(now);
    const lines = all.slice(first, first + room).map((row) => this.#line(row, part, width));
    const place = Math.min(this.#trials, this.#ended + (this.#current === null ? 0 : 1));
    const left = spanText(this.#timeLeft.secondsLeft(now));
    const where = place === 0 ? 'before the first trial' : `trial ${place} of ${this.#trials}`;
    lines.push(this.#dim(`${where}, about ${left} left`.slice(0, width)));
    this.#log(lines.join('\n'));
  }

  #line(row: Row, currentPart: number, width: number): string {
    const running = row === this.#current;
    const done = (row.ended + (running ? currentPart : 0)) / row.planned;
    const phase = running ? (row.reading?.phase ?? 'starting') : stateOf(row);
    const p99 = running ? (row.reading?.p99Us ?? null) : row.lastP99Us;
    const connected = running ? (row.reading?.connected ?? 0) : null;
    const clients =
      connected === null
        ? formatCount(row.contestant.clients)
        : `${formatCount(connected)}/${formatCount(row.contestant.clients)}`;
    const messages = running && row.reading !== null ? `${formatCount(row.reading.delivered)} msg` : '';
    const text =
      `${row.contestant.scenario.padEnd(10)} ${phase.padEnd(11)} ${clients.padStart(13)} ` +
      `${messages.padStart(14)} ${(p99 === null ? '' : `p99 ${formatMicros(p99)}`).padStart(12)} `;
    const room = Math.max(0, Math.min(24, width - text.length));
    const filled = Math.floor(done * room);
    const bar = '█'.repeat(filled) + '░'.repeat(room - filled);
    const line = (text + bar).slice(0, width);
    if (row.failures + row.voids > 0) return this.#color ? styleText('yellow', line, NO_CHECK) : line;
    return running ? line : this.#dim(line);
  }

  #dim(text: string): string {
    return this.#color ? styleText('dim', text, NO_CHECK) : text;
  }
}

/** Whether colour is wanted was decided already, for stderr; styleText would ask about stdout. */
const NO_CHECK = { validateStream: false } as const;

function stateOf(row: Row): string {
  if (row.failures > 0) return `${row.failures} failed`;
  if (row.voids > 0) return `${row.voids} void`;
  return row.ended >= row.planned ? 'done' : 'waiting';
}

function keyOf(contestant: Pick<Contestant, 'scenario' | 'clients'>): string {
  return `${contestant.scenario}/${contestant.clients}`;
}

function seconds(): number {
  return performance.now() / 1000;
}
