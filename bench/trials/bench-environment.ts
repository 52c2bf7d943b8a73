import type { Environment } from '../../reports/result.js';
import type { BenchEnvironment } from './contract.js';

/** What of a machine a page tells. */
export function benchEnvironment(environment: Environment): BenchEnvironment {
  const { node, os, kernel, cpuModel, cores, allowedCores, memoryBytes, pinned } = environment;
  // What follows the version names the machine's image.
  const version = kernel.split('-')[0]!;
  return { node, os, kernel: version, cpuModel, cores, allowedCores, memoryBytes, pinned };
}
