import type { LinkCommand, LinkReport } from './link/contract.js';
import { Link } from './link/link.js';

// The process of a link. Ctrl-C reaches the whole process group, so it is the runner that decides.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

let link: Link | null = null;

function report(message: LinkReport): void {
  process.send?.(message);
}

async function obey(command: LinkCommand): Promise<void> {
  switch (command.type) {
    case 'link': {
      const own = new Link(command.settings);
      link = own;
      const ends = await Promise.all(command.servers.map((server) => own.to(server)));
      report({ type: 'linked', ends, pid: process.pid });
      return;
    }
    case 'open':
      link?.open();
      return;
    case 'finish':
      if (link !== null) report({ type: 'result', result: link.result() });
      return;
    case 'abort':
      link?.stop();
      process.disconnect();
  }
}

function fault(error: unknown): void {
  report({ type: 'fault', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
  // The report is written asynchronously; the process leaves once it is gone.
  setImmediate(() => process.exit(1));
}

process.on('message', (command) => {
  obey(command as LinkCommand).catch(fault);
});
process.on('uncaughtException', fault);
