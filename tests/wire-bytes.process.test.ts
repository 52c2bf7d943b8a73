import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../scenarios/contract.js';
import { scenarios } from '../scenarios/registry.js';
import { ROOT, readProjectFile } from './project-files.js';

describe('docs/wire-bytes.md', () => {
  const page = readProjectFile('docs/wire-bytes.md');
  const rows = (after: string): string[][] => {
    const [, rest = ''] = page.split(after);
    const [table = ''] = rest.split('\n\n').filter((block) => block.startsWith('|'));
    const cells = (line: string): string[] =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    return table.split('\n').slice(2).map(cells);
  };
  const numbers = (cells: readonly string[]): number[] =>
    cells.map((cell) => Number(cell.replaceAll(',', '')));

  it('is what a run under a packet capture shows now', { timeout: 240_000 }, () => {
    const entry = join(ROOT, 'dist', 'bench', 'wire-bytes.js');
    const run = spawnSync(process.execPath, [entry, '--check'], { encoding: 'utf8', timeout: 230_000 });
    expect([run.status, run.stderr]).toEqual([0, '']);
  });

  it('has every transport with both kinds of headers', () => {
    const named = new Set(rows('# Bytes on the wire').map(([title, headers]) => `${title}, ${headers}`));
    const expected = Object.values(scenarios).flatMap(({ title }) => [
      `${title}, minimal`,
      `${title}, browser`,
    ]);
    expect([...named].sort()).toEqual(expected.sort());
  });

  it('adds up: header, framing and payload are what goes up and down', () => {
    for (const row of rows('# Bytes on the wire')) {
      const [up, down, header, framing, payload] = numbers(row.slice(3)) as [
        number,
        number,
        number,
        number,
        number,
      ];
      expect(header + framing + payload, row.join(' ')).toBe(up + down);
    }
  });

  it('has 52 bytes more for each segment, in each direction, and 8 more for a SYN', () => {
    const closing: readonly string[] = (Object.values(scenarios) as Scenario[])
      .filter(({ reconnectsEachPoll }) => reconnectsEachPoll)
      .map(({ title }) => title);
    const layers = rows('# Bytes on the wire');
    const withTcp = rows('## With TCP and IP');
    expect(withTcp.map((row) => row.slice(0, 3))).toEqual(layers.map((row) => row.slice(0, 3)));
    for (const [at, row] of withTcp.entries()) {
      const [up, down] = numbers(layers[at]!.slice(3)) as [number, number];
      const [segmentsUp, segmentsDown, ipUp, ipDown, ip] = numbers(row.slice(3)) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const syn = closing.includes(row[0]!) ? 8 : 0;
      expect([ipUp, ipDown, ip], row.join(' ')).toEqual([
        up + 52 * segmentsUp + syn,
        down + 52 * segmentsDown + syn,
        up + down + 52 * (segmentsUp + segmentsDown) + 2 * syn,
      ]);
    }
  });
});
