import type { HostCommand, HostReport } from '../../servers/contract.js';
import { ReplayServer } from './replay-server.js';
import { replays } from './replays.js';

// The process of a replay server. It obeys the commands of a server host, as far as a calibration needs them; the
// payload's length and the last number come with the schedule.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

let server: ReplayServer | null = null;

function report(message: HostReport): void {
  if (process.connected) process.send?.(message, () => {});
}

async function obey(command: HostCommand): Promise<void> {
  switch (command.type) {
    case 'serve': {
      const replay = replays[command.scenario];
      if (replay === undefined) throw new Error(`no replay of "${command.scenario}"`);
      server = new ReplayServer(replay);
      const port = await server.listen();
      report({ type: 'listening', url: `http://127.0.0.1:${port}/${command.scenario}`, pid: process.pid });
      break;
    }
    case 'publish': {
      const { ratePerSecond, durationSeconds } = command.schedule;
      const last = command.firstSequence + Math.round(ratePerSecond * durationSeconds) - 1;
      server?.start(command.firstSequence, last, command.payloadBytes, command.content);
      break;
    }
    case 'halt':
      server?.halt();
      break;
    case 'abort':
      process.exit(0);
  }
}

process.on('message', (command) => {
  obey(command as HostCommand).catch((error: Error) => {
    report({ type: 'fault', message: error.message });
    setImmediate(() => process.exit(1));
  });
});
