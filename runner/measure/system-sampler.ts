import { readFileSync } from 'node:fs';

/** A clock tick of /proc in microseconds: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MICROS = 10_000;
/** Shares of the whole machine are only judged over windows this long: ticks are too coarse for less. */
const LEAST_SHARE_MS = 2000;
/** A last, partial second is a sample of its own only if it is long enough for those ticks. */
const LEAST_SAMPLE_MS = 500;

/** One second of the window as the operating system saw it; null where it cannot be read. */
export interface SystemRow {
  readonly serverRssBytes: number | null;
  readonly serverCpuPercent: number | null;
  readonly generatorCpuPercent: number | null;
}

/** Shares of the whole machine over the window, percent. */
export interface MachineShares {
  readonly stealPercent: number | null;
  readonly foreignCpuPercent: number | null;
}

/** What a sampler saw of a window. */
interface SystemSamples {
  readonly rows: readonly SystemRow[];
  /** Over the whole window, and of each second or so. */
  readonly shares: MachineShares;
  readonly samples: readonly MachineShares[];
}

interface Reading {
  readonly atMs: number;
  readonly machine: MachineReading | null;
  /** CPU of our whole tree so far, microseconds. */
  readonly oursMicros: number;
  readonly server: ProcessReading | null;
  readonly generator: ProcessReading | null;
}

/** CPU so far and resident memory of some processes. */
export interface ProcessReading {
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

/** Tells what processes take whose ids are not known before, or change. */
export interface ProcessMeter {
  /** Null where it cannot be read. */
  read(): ProcessReading | null;
}

/**
 * Watches server and generator processes from outside, by /proc, so that a stopped process is seen as well: a row each
 * second of the window. Elsewhere than on Linux its rows are null.
 */
export class SystemSampler {
  private readonly rows: SystemRow[] = [];
  private readonly samples: MachineShares[] = [];
  private timer: NodeJS.Timeout | null = null;
  private stopped: SystemSamples | null = null;
  private previous: Reading;
  private readonly opening: Reading;
  private nextAt: number;
  /** CPU of servers that have been replaced. */
  private retiredMicros = 0;
  peakServerRss = 0;
  peakGeneratorRss = 0;

  constructor(
    /** Ids, or whatever else tells what the servers take. */
    private servers: readonly number[] | ProcessMeter,
    private readonly generators: readonly number[],
    startMs: number,
    private readonly everyMs: number,
    /** Processes of ours on neither side: the links. */
    private readonly others: readonly number[] = [],
  ) {
    this.previous = this.read();
    this.opening = this.previous;
    this.nextAt = startMs + everyMs;
    this.arm();
  }

  private arm(): void {
    this.timer = setTimeout(() => this.tick(), Math.max(0, this.nextAt - performance.now()));
  }

  private tick(): void {
    this.sample();
    // After a stall the rows that were missed stay the row before: a second without a reading is not made up.
    while (this.nextAt + this.everyMs <= performance.now()) {
      this.rows.push({ serverRssBytes: null, serverCpuPercent: null, generatorCpuPercent: null });
      this.nextAt += this.everyMs;
    }
    this.nextAt += this.everyMs;
    this.arm();
  }

  private sample(): void {
    const now = this.read();
    const wallMicros = (now.atMs - this.previous.atMs) * 1000;
    this.rows.push({
      serverRssBytes: now.server?.rssBytes ?? null,
      serverCpuPercent: share(now.server, this.previous.server, wallMicros),
      generatorCpuPercent: share(now.generator, this.previous.generator, wallMicros),
    });
    if (now.atMs - this.previous.atMs >= LEAST_SAMPLE_MS) this.samples.push(shareBetween(this.previous, now));
    this.previous = now;
  }

  private read(): Reading {
    const server = this.readServers();
    const generator = readProcesses(this.generators);
    if (server !== null) this.peakServerRss = Math.max(this.peakServerRss, server.rssBytes);
    if (generator !== null) this.peakGeneratorRss = Math.max(this.peakGeneratorRss, generator.rssBytes);
    const { user, system } = process.cpuUsage();
    const others = readProcesses(this.others)?.cpuMicros ?? 0;
    const oursMicros = user + system + others + (server?.cpuMicros ?? 0) + (generator?.cpuMicros ?? 0);
    return { atMs: performance.now(), machine: readMachine(), oursMicros, server, generator };
  }

  /** The servers are about to end; what they used stays ours. */
  retireServers(): void {
    this.retiredMicros += readMeter(this.servers)?.cpuMicros ?? 0;
    this.servers = [];
  }

  /** Other processes serve from now on. */
  adoptServers(pids: readonly number[]): void {
    this.servers = pids;
  }

  private readServers(): ProcessReading | null {
    const living = readMeter(this.servers);
    return living === null ? null : { ...living, cpuMicros: living.cpuMicros + this.retiredMicros };
  }

  /** Once, however often it is called, takes the last, partial row, and the shares of the machine: over the whole window, and in each of its samples. */
  stop(): SystemSamples {
    this.stopped ??= this.conclude();
    return this.stopped;
  }

  private conclude(): SystemSamples {
    if (this.timer !== null) clearTimeout(this.timer);
    if (performance.now() - this.previous.atMs > 100) this.sample();
    else this.previous = this.read();
    const wallMs = this.previous.atMs - this.opening.atMs;
    const shares = wallMs < LEAST_SHARE_MS ? NO_SHARES : shareBetween(this.opening, this.previous);
    return { rows: this.rows, shares, samples: this.samples };
  }
}

const NO_SHARES: MachineShares = { stealPercent: null, foreignCpuPercent: null };

function shareBetween(before: Reading, after: Reading): MachineShares {
  if (before.machine === null || after.machine === null) return NO_SHARES;
  return sharesOf(before.machine, after.machine, after.oursMicros - before.oursMicros);
}

/** What of the machine's time between two readings was stolen, and what others than our processes used. */
export function sharesOf(before: MachineReading, after: MachineReading, oursMicros: number): MachineShares {
  const whole = after.totalMicros - before.totalMicros;
  if (whole <= 0) return NO_SHARES;
  const foreign = after.busyMicros - before.busyMicros - oursMicros;
  return {
    stealPercent: (Math.max(0, after.stealMicros - before.stealMicros) / whole) * 100,
    foreignCpuPercent: (Math.max(0, foreign) / whole) * 100,
  };
}

function share(now: ProcessReading | null, before: ProcessReading | null, wallMicros: number): number | null {
  if (now === null || before === null || wallMicros <= 0) return null;
  return Math.max(0, ((now.cpuMicros - before.cpuMicros) / wallMicros) * 100);
}

function readMeter(servers: readonly number[] | ProcessMeter): ProcessReading | null {
  return 'read' in servers ? servers.read() : readProcesses(servers);
}

function readProcesses(pids: readonly number[]): ProcessReading | null {
  let cpuMicros = 0;
  let rssBytes = 0;
  for (const pid of pids) {
    const stat = readProc(`/proc/${pid}/stat`);
    const memory = readProc(`/proc/${pid}/statm`);
    if (stat === null || memory === null) return null;
    cpuMicros += parseProcessTicks(stat) * TICK_MICROS;
    rssBytes += Number(memory.split(' ')[1]) * PAGE_BYTES;
  }
  return { cpuMicros, rssBytes };
}

/** User and system ticks (fields 14 and 15 of /proc/PID/stat); the name in parentheses may hold anything. */
export function parseProcessTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** The machine's time so far, over all cores, microseconds. */
export interface MachineReading {
  readonly totalMicros: number;
  /** User, nice, system and hard interrupts; softirq is left out, since it works for our own packets. */
  readonly busyMicros: number;
  readonly stealMicros: number;
}

function readMachine(): MachineReading | null {
  const stat = readProc('/proc/stat');
  return stat === null ? null : parseMachine(stat);
}

/** The first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal guest guest_nice. */
export function parseMachine(stat: string): MachineReading | null {
  const line = stat.slice(0, stat.indexOf('\n'));
  if (!line.startsWith('cpu ')) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const total = user + nice + system + idle + iowait + irq + softirq + steal;
  return {
    totalMicros: total * TICK_MICROS,
    busyMicros: (user + nice + system + irq) * TICK_MICROS,
    stealMicros: steal * TICK_MICROS,
  };
}

/** /proc/PID/statm counts pages, whose size differs between machines: our own resident set in both units tells it. */
function measurePageBytes(): number {
  const pages = Number(readProc('/proc/self/statm')?.split(' ')[1] ?? Number.NaN);
  const size = 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages));
  return Number.isFinite(size) ? size : 4096;
}

const PAGE_BYTES = measurePageBytes();

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
