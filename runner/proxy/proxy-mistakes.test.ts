import { describe, expect, it } from 'vitest';
import type { Plan } from '../plan.js';
import { scenarioById } from '../scenario-sets.js';
import { PLAN } from '../testing/hand-made-evidence.js';
import { blockedReason } from './blocked.js';
import { proxyMistakes } from './proxy-mistakes.js';

const of = (changes: Partial<Plan>, openFilesLimit: number | null = 20_000): readonly string[] =>
  proxyMistakes({ ...PLAN, proxy: 'nginx', ...changes }, { openFilesLimit }, process.env.PATH ?? '');

describe('a plan with a proxy', () => {
  it('is refused when one nginx cannot hold its clients, with the arithmetic', () => {
    expect(of({ clients: [8844] })).toEqual([]);
    expect(of({ clients: [10, 8845] })).toEqual([
      '--clients 8845 with --proxy nginx: one nginx process holds two sockets a client and an eighth to spare, 2.25 x ' +
        '8,845 + 100 others = 20,002 descriptors, but a process here may open 20,000. Ask for at most 8,844 clients or ' +
        'raise the limit (ulimit -n 20002).',
    ]);
    expect(of({ clients: [1_000_000] }, null)).toEqual([]);
  });

  it('is refused together with --verify-wire', () => {
    expect(of({ verifyWire: true })).toEqual([
      '--verify-wire compares both ends of one connection; --proxy makes it two.',
    ]);
  });

  it('is not looked at without one', () => {
    const { proxy, ...plain } = { ...PLAN, clients: [1_000_000], proxy: 'nginx' } as const;
    expect(proxy).toBe('nginx');
    expect(proxyMistakes(plain, { openFilesLimit: 10 }, '')).toEqual([]);
  });
});

describe('clients that a proxy keeps out', () => {
  const reason = (id: string, connected: number, proxy: Plan['proxy'] = 'nginx-default') =>
    blockedReason(proxy, scenarioById(id)!, { connected, requested: 20 }, ' (http-4xx: 20)')?.message;

  it('are told why, by the way that their transport takes', () => {
    expect(reason('websocket', 0)).toBe(
      "None of 20 clients could connect: nginx's defaults do not pass the upgrade on (http-4xx: 20).",
    );
    expect(reason('sse', 3)).toMatch(
      /^Only 3 of 20 clients had a stream before the first message: .* HTTP\/1\.0/,
    );
  });

  it('are no matter of the proxy when it is well configured, when all are there, and with transports that ask', () => {
    expect(reason('websocket', 0, 'nginx')).toBeUndefined();
    expect(reason('websocket', 20)).toBeUndefined();
    expect(reason('longpoll', 0)).toBeUndefined();
  });
});
