import { expect, it } from 'vitest';
import { TreeCpu } from './tree-cpu.js';

const process = (key: string, parent: string | null, ownMicros: number, reapedMicros = 0) => ({
  key,
  parent,
  ownMicros,
  reapedMicros,
});

it('counts children that were never seen: their parent has waited for them', () => {
  const cpu = new TreeCpu();
  expect(cpu.take([process('root', null, 100)])).toBe(100);
  expect(cpu.take([process('root', null, 150, 9000)])).toBe(9150);
  expect(cpu.take([process('root', null, 150, 12_000)])).toBe(12_150);
});

it('counts a child once: while it lives, and in its parent from then on', () => {
  const cpu = new TreeCpu();
  expect(cpu.take([process('root', null, 100), process('child', 'root', 500)])).toBe(600);
  expect(cpu.take([process('root', null, 100, 700)])).toBe(800);
  expect(cpu.take([process('root', null, 100, 700)])).toBe(800);
});

it('keeps what it saw of a child whose end its parent was never told', () => {
  const cpu = new TreeCpu();
  cpu.take([process('root', null, 100), process('child', 'root', 500, 40)]);
  expect(cpu.take([process('root', null, 100)])).toBe(640);
  expect(cpu.take([process('root', null, 100)])).toBe(640);
});

it('counts a child once that ended while the processes were read, its parent first', () => {
  const cpu = new TreeCpu();
  cpu.take([process('root', null, 100), process('child', 'root', 500)]);
  expect(cpu.take([process('root', null, 100)])).toBe(600);
  expect(cpu.take([process('root', null, 100, 600)])).toBe(700);
  expect(cpu.take([process('root', null, 100, 900)])).toBe(1000);
});

it('counts once who ended together with its parent, waited for by it or not', () => {
  const tree = [
    process('root', null, 100),
    process('shell', 'root', 10, 300),
    process('worker', 'shell', 500),
  ];
  for (const [told, total] of [
    [810, 910],
    [310, 910],
    [900, 1000],
  ] as const) {
    const cpu = new TreeCpu();
    expect(cpu.take(tree)).toBe(910);
    expect(cpu.take([process('root', null, 100, told)])).toBe(total);
  }
});

it('keeps what an orphan had used that another program waited for', () => {
  const cpu = new TreeCpu();
  cpu.take([process('root', null, 100), process('shell', 'root', 10), process('worker', 'shell', 500)]);
  expect(cpu.take([process('root', null, 100, 10), process('worker', null, 600)])).toBe(710);
  expect(cpu.take([process('root', null, 100, 10)])).toBe(710);
});
