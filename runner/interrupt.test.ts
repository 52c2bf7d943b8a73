import { describe, expect, it } from 'vitest';
import { Interrupt } from './interrupt.js';

describe('Interrupt', () => {
  it('asks at the first signal and leaves at the second, whichever they are', () => {
    const interrupt = new Interrupt();
    const calls: string[] = [];
    interrupt.onRequest((signal) => calls.push(`asked ${signal}`));
    interrupt.onLeave((signal) => calls.push(`left ${signal}`));
    expect(interrupt.requested).toBeNull();
    expect(interrupt.signal('SIGTERM')).toBe(false);
    expect(interrupt.requested).toBe('SIGTERM');
    expect(interrupt.signal('SIGINT')).toBe(true);
    expect(interrupt.requested).toBe('SIGTERM');
    expect(calls).toEqual(['asked SIGTERM', 'left SIGINT']);
  });

  it('tells a listener that comes late, and not one that was taken off', () => {
    const interrupt = new Interrupt();
    const calls: string[] = [];
    interrupt.onRequest(() => calls.push('off'))();
    interrupt.signal('SIGINT');
    interrupt.onRequest((signal) => calls.push(`late ${signal}`));
    expect(calls).toEqual(['late SIGINT']);
  });

  it('calls every leave listener although one throws', () => {
    const interrupt = new Interrupt();
    let second = false;
    interrupt.onLeave(() => {
      throw new Error('no');
    });
    interrupt.onLeave(() => {
      second = true;
    });
    interrupt.signal('SIGINT');
    interrupt.signal('SIGINT');
    expect(second).toBe(true);
  });
});
