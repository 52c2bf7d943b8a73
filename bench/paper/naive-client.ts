import { Agent, request } from 'node:http';

/**
 * The usual way to measure: one connection, the next request after the last answer, latency from the actual send. It
 * stands beside ours to show what such a measure hides.
 */
export class NaiveClient {
  /** Milliseconds from sending a request to the end of its answer, since the last `start`. */
  samplesMs: number[] = [];
  /** As the server's answers say; null before the first. */
  serverPid: number | null = null;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private timer: NodeJS.Timeout | undefined;
  private running = false;

  /** @param pauseMs from an answer to the next request */
  constructor(
    private readonly socketPath: string,
    private readonly pauseMs: number,
  ) {}

  start(): void {
    this.samplesMs = [];
    this.running = true;
    this.ask();
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
    this.agent.destroy();
  }

  private ask(): void {
    const sentMs = performance.now();
    const asked = request({ socketPath: this.socketPath, agent: this.agent, path: '/' }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        if (!this.running) return;
        this.serverPid = Number(text);
        this.samplesMs.push(performance.now() - sentMs);
        this.timer = setTimeout(() => this.ask(), this.pauseMs);
      });
    });
    // The server is gone: the trial says so, and there is nothing more to measure.
    asked.on('error', () => {});
    asked.end();
  }
}
