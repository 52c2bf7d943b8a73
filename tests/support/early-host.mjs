import { runHost } from '../../dist/servers/host-process.js';
import { servers } from '../../dist/servers/registry.js';

// A server whose clock is ahead of the generators': it hears of every schedule as beginning 20 ms earlier.
const AHEAD_NS = 20_000_000n;

const { emit } = process;
process.emit = function (event, command, ...rest) {
  const told =
    event === 'message' && command.type === 'publish'
      ? { ...command, startNs: String(BigInt(command.startNs) - AHEAD_NS) }
      : command;
  return emit.call(this, event, told, ...rest);
};

runHost(servers);
