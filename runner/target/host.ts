import type { HostCommand } from '../../servers/contract.js';
import type { TargetHostCommand } from './contract.js';
import { TargetHost } from './target-host.js';

// The process that stands for a server of the user's. Ctrl-C reaches the whole process group, so it is the runner that
// decides; without it the server is ended, too.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

const host = new TargetHost(
  (message) => {
    // The channel may have closed in this very turn; 'disconnect' then ends the process.
    if (process.connected) process.send?.(message, () => {});
  },
  // Reports are written asynchronously; they leave first.
  (code) => setImmediate(() => process.exit(code)),
);

process.on('disconnect', () => void host.end().then(() => process.exit(0)));
process.on('uncaughtException', (error) => host.fail(error));
process.on('unhandledRejection', (error) => host.fail(error));
process.on('message', (command) => {
  host.obey(command as HostCommand | TargetHostCommand).catch((error: unknown) => host.fail(error));
});
