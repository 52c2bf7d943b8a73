import { request } from 'node:http';
import { connect } from 'node:net';
import { pause } from '../deadline.js';
import type { ReadyCheck } from './contract.js';
import { PORT } from './placeholders.js';
import type { PublishPlace } from './publish/contract.js';
import { shownText } from './redact.js';

const LOOK_EVERY_MS = 25;
const NEVER = new Promise<never>(() => {});

export interface Readiness {
  readonly check: ReadyCheck;
  readonly timeoutMs: number;
  readonly place: PublishPlace;
  /** Whether the program has printed what it is to print. */
  readonly hasPrinted: () => boolean;
  /** Whether there is no use in waiting any longer. */
  readonly isOver: () => boolean;
}

/** Waits until a server is ready. @returns null when it is, else what it did not do, as a sentence's end */
export async function waitReady(readiness: Readiness): Promise<string | null> {
  const { check, timeoutMs, place } = readiness;
  const untilMs = performance.now() + timeoutMs;
  let last = '';
  while (!readiness.isOver()) {
    const found = await look(readiness, Math.max(1, untilMs - performance.now()));
    if (found === true) return null;
    last = found;
    if (performance.now() >= untilMs) break;
    await pause(LOOK_EVERY_MS, NEVER);
  }
  const seconds = `${timeoutMs / 1000} s`;
  if (check.by === 'stdout') return `did not print "${check.text}" within ${seconds}`;
  if (check.by === 'url')
    return `did not answer ${shownText(fill(check.url, place.port))} within ${seconds} (${last})`;
  return `did not take connections on ${place.address} port ${place.port} within ${seconds}`;
}

/** @returns true, or what stood in the way */
async function look({ check, place, hasPrinted }: Readiness, leftMs: number): Promise<true | string> {
  if (check.by === 'stdout') return hasPrinted() || 'not printed';
  if (check.by === 'url') return ask(check, place.port, leftMs);
  return knock(place, leftMs);
}

function knock({ address, port }: PublishPlace, leftMs: number): Promise<true | string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    socket.setTimeout(leftMs, () => socket.destroy(new Error('time-out')));
    socket.on('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve('closed'));
  });
}

function ask(
  { url, address, status }: Extract<ReadyCheck, { by: 'url' }>,
  port: number,
  leftMs: number,
): Promise<true | string> {
  const where = new URL(fill(url, port));
  return new Promise((resolve) => {
    const asked = request({
      host: address,
      port: Number(where.port || 80),
      path: `${where.pathname}${where.search}`,
      headers: { host: where.host, connection: 'close' },
      setHost: false,
      agent: false,
    });
    asked.setTimeout(leftMs, () => asked.destroy(new Error('no answer')));
    asked.on('response', (answer) => {
      const got = answer.statusCode ?? 0;
      const isWanted = status === undefined ? got < 400 : got === status;
      resolve(isWanted || `it answered ${got}`);
      asked.destroy();
    });
    asked.on('error', (error) => resolve(error.message));
    asked.end();
  });
}

function fill(text: string, port: number): string {
  return text.replaceAll(PORT, String(port));
}
