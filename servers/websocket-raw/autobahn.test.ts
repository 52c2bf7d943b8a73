import { afterAll, describe, expect, it } from 'vitest';
import { CASES, type Case } from './testing/autobahn-cases.js';
import { serverFrames, spoken } from './testing/client-frames.js';
import { FakeHall, pieces } from './testing/fake-connection.js';

const halls: FakeHall[] = [];
afterAll(() => {
  for (const hall of halls) hall.close();
});

function upgraded() {
  const hall = new FakeHall();
  halls.push(hall);
  return hall.upgrade();
}

/** What the server answers when it reads these pieces. */
function heard(reads: readonly Buffer[]): string[] {
  const { socket, visitor } = upgraded();
  for (const read of reads) visitor.read(read);
  expect(socket.ended).toBe(true);
  return spoken(serverFrames(socket.bytes));
}

it('has every case of sections 1 to 7, once', () => {
  const ids = CASES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const perSection = [1, 2, 3, 4, 5, 6, 7].map(
    (section) => ids.filter((id) => id.startsWith(`${section}.`)).length,
  );
  expect(perSection).toEqual([16, 11, 7, 10, 20, 145, 37]);
});

describe.each(CASES)('Autobahn $id: $does', (given: Case) => {
  const bytes = Buffer.concat(given.send);

  it('is answered as the RFC says, however the bytes are cut', () => {
    expect(heard([Buffer.from(bytes)])).toEqual(given.hears);
    expect(heard(given.send.map((frame) => Buffer.from(frame)))).toEqual(given.hears);
    for (const length of [1, 2, 3, 7, 997]) expect(heard(pieces(bytes, length))).toEqual(given.hears);
    if (given.failsWith === undefined) return;
    const { socket, visitor } = upgraded();
    for (const [at, byte] of pieces(bytes, 1).entries()) {
      visitor.read(byte);
      expect(socket.ended).toBe(at + 1 >= given.failsWith);
    }
  });
});
