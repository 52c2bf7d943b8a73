import type { Environment } from '../../reports/result.js';
import { readable } from '../options/readable.js';
import type { Plan } from '../plan.js';
import { findNginx } from './find-nginx.js';
import { clientsPerWorker, workerDescriptors } from './nginx-config.js';

/** Why a plan with --proxy cannot be run: what it cannot be combined with, nginx that is missing, a worker that is too small. */
export function proxyMistakes(
  plan: Plan,
  machine: Pick<Environment, 'openFilesLimit'>,
  searchPath: string,
): readonly string[] {
  if (plan.proxy === undefined) return [];
  const mistakes: string[] = [];
  if (plan.verifyWire) {
    mistakes.push('--verify-wire compares both ends of one connection; --proxy makes it two.');
  }
  const clients = Math.max(...plan.clients);
  const limit = machine.openFilesLimit;
  if (limit !== null && workerDescriptors(clients) > limit) {
    mistakes.push(
      `--clients ${clients} with --proxy ${plan.proxy}: one nginx process holds two sockets a client and an eighth to ` +
        `spare, 2.25 x ${readable(clients)} + ${workerDescriptors(0)} others = ${readable(workerDescriptors(clients))} ` +
        `descriptors, but a process here may open ${readable(limit)}. Ask for at most ` +
        `${readable(clientsPerWorker(limit))} clients or raise the limit (ulimit -n ${workerDescriptors(clients)}).`,
    );
  }
  const { mistake } = findNginx(searchPath);
  if (mistake !== null) mistakes.push(mistake);
  return mistakes;
}
