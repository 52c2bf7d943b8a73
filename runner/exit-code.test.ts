import { describe, expect, it } from 'vitest';
import { EXIT, exitCodeOfSignal, worstExitCode } from './exit-code.js';

describe('exit codes', () => {
  it('the worst wins: fault, terminated, interrupted, usage, no valid trial, gate, done', () => {
    const worstFirst = [4, 143, 130, 2, 3, 1, 0];
    for (const [at, code] of worstFirst.entries()) {
      for (const lesser of worstFirst.slice(at)) {
        expect(worstExitCode(code, lesser)).toBe(code);
        expect(worstExitCode(lesser, code)).toBe(code);
      }
    }
    expect([...worstFirst].sort()).toEqual([...Object.values(EXIT)].sort());
  });

  it('nothing is done, and a code nobody knows is a fault', () => {
    expect(worstExitCode()).toBe(0);
    expect(worstExitCode(99)).toBe(4);
  });

  it('a signal is 128 and its number', () => {
    expect([exitCodeOfSignal('SIGINT'), exitCodeOfSignal('SIGTERM')]).toEqual([130, 143]);
  });
});
