import { accessSync, constants } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Environment } from '../reports/result.js';
import { type CgroupLimits, readCgroupLimits, readText } from './cgroup-limits.js';
import { kernelMemoryReason, readKernelMemory } from './measure/kernel-memory.js';
import { parseAllowedCores, parseOpenFilesLimit, parsePortRange } from './proc-text.js';

/** Core lists for `taskset -c`. */
export interface Pinning {
  readonly server: string;
  readonly generator: string;
}

/**
 * The machine and runtime as the result document records them.
 *
 * Fields that only /proc can fill are null elsewhere, with the reason under their name in `unavailable`.
 *
 * @param pin whether server and generators are to be pinned apart where that is possible
 */
export function readEnvironment(pin: boolean): Environment {
  const unavailable: Record<string, string> = {};
  const or = <T>(name: string, value: T | null, reason: string): T | null => {
    if (value === null) unavailable[name] = process.platform === 'linux' ? reason : `only read on Linux`;
    return value;
  };
  const processors = cpus();
  const cores = Math.max(1, processors.length);
  const affinity = readAffinity();
  const cgroup = process.platform === 'linux' ? readCgroupLimits() : null;
  if (cgroup === null) or('cpuQuotaCores', null, 'no control group was found');
  const limits = readText('/proc/self/limits');
  for (const name of ['stealPercent', 'foreignCpuPercent']) {
    or(name, readText('/proc/stat'), '/proc/stat cannot be read');
  }
  const reason = unpinnedReason(pin, affinity, cgroup);
  if (reason !== null) unavailable.pinned = reason;
  const kernelReason = kernelMemoryReason(readKernelMemory());
  if (kernelReason !== null) or('kernelMemory', null, kernelReason);
  return {
    node: process.version,
    v8: process.versions.v8,
    os: type(),
    kernel: release(),
    cpuModel: processors[0]?.model.trim() || 'unknown',
    cores,
    allowedCores: or(
      'allowedCores',
      affinity?.length ?? null,
      'no list of allowed cores in /proc/self/status',
    ),
    cpuQuotaCores: cgroup?.cpuQuotaCores ?? null,
    memoryBytes: totalmem(),
    memoryLimitBytes: cgroup?.memoryLimitBytes ?? null,
    openFilesLimit: or(
      'openFilesLimit',
      limits === null ? null : parseOpenFilesLimit(limits),
      'no number of open files in /proc/self/limits',
    ),
    ephemeralPorts: or('ephemeralPorts', readPortRange(), 'ip_local_port_range cannot be read'),
    timeWait: {
      reuse: readNumber('/proc/sys/net/ipv4/tcp_tw_reuse'),
      limit: readNumber('/proc/sys/net/ipv4/tcp_max_tw_buckets'),
    },
    pinned: reason === null,
    unavailable,
  };
}

/** Client ports of this machine; null where they cannot be read. */
export function readPortRange(): { readonly first: number; readonly last: number } | null {
  const range = readText('/proc/sys/net/ipv4/ip_local_port_range');
  return range === null ? null : parsePortRange(range);
}

function readNumber(path: string): number | null {
  const text = readText(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** The cores this process may use by affinity, ascending; all of the machine's where that cannot be read. */
export function allowedCores(): readonly number[] {
  return readAffinity() ?? Array.from({ length: Math.max(1, availableParallelism()) }, (_, core) => core);
}

/**
 * How to pin: the server under test on the first allowed core, the generators on the rest. Null when it is not
 * wanted or not possible; `readEnvironment` says why.
 */
export function pinning(plan: { readonly pin: boolean }): Pinning | null {
  const affinity = readAffinity();
  if (unpinnedReason(plan.pin, affinity, process.platform === 'linux' ? readCgroupLimits() : null) !== null) {
    return null;
  }
  return splitCores(affinity ?? []);
}

/** The first core for the server, the others for the generators; null for fewer than two. */
export function splitCores(cores: readonly number[]): Pinning | null {
  const [first, ...rest] = cores;
  return first === undefined || rest.length === 0
    ? null
    : { server: String(first), generator: rest.join(',') };
}

/** How many cores the generators share; null when they are not pinned. */
export function generatorCores(pinning: Pinning | null): number | null {
  return pinning === null ? null : pinning.generator.split(',').length;
}

/**
 * Why server and generators are not pinned apart, or null when they can be. The first reason that holds.
 *
 * @param hasTaskset whether `taskset` (util-linux) is on the path
 */
export function unpinnedReason(
  pin: boolean,
  affinity: readonly number[] | null,
  cgroup: CgroupLimits | null,
  hasTaskset: () => boolean = () => findProgram('taskset'),
): string | null {
  if (!pin) return '--no-pin was given';
  if (affinity === null) return 'cores can only be assigned on Linux';
  if (affinity.length < 2) return 'only one core is allowed to this process';
  const quota = cgroup?.cpuQuotaCores ?? null;
  if (quota !== null && quota < 2) return `the control group grants ${quota} cores, fewer than two`;
  if (!hasTaskset()) return 'taskset is missing (package util-linux)';
  return null;
}

function readAffinity(): readonly number[] | null {
  if (process.platform !== 'linux') return null;
  const status = readText('/proc/self/status');
  return status === null ? null : parseAllowedCores(status);
}

function findProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder || '.', name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
