import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 50;
/** A lock without a readable owner is one whose owner died between creating and filling it. */
const EMPTY_LOCK_MS = 5000;
/** What is locked here takes seconds. An older lock's owner is dead and its process id in use again. */
const OLD_LOCK_MS = 300_000;

/**
 * Runs `work` while holding a lock file, so that two processes never do it at once. A lock whose owner is dead is taken over.
 *
 * @template T
 * @param {string} path the lock file; its folder must exist
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once when the lock is held by someone else
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  let told = false;
  while (!take(path)) {
    if (isAbandoned(path)) {
      discard(path);
      continue;
    }
    if (!told) onWait?.();
    told = true;
    await wait(POLL_MS);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(path) {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    const ageMs = Date.now() - statSync(path).mtimeMs;
    return owner > 0 ? !isAlive(owner) || ageMs > OLD_LOCK_MS : ageMs > EMPTY_LOCK_MS;
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Removes an abandoned lock. Only the holder of the guard may: of several processes that saw the same dead owner, a slow
 * one would otherwise remove the lock that a quick one has taken meanwhile.
 */
function discard(path) {
  const guard = `${path}.guard`;
  if (!take(guard)) {
    if (isAbandoned(guard)) rmSync(guard, { force: true });
    return;
  }
  if (isAbandoned(path)) rmSync(path, { force: true });
  rmSync(guard, { force: true });
}
