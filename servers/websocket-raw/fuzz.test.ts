import { expect, it } from 'vitest';
import { createRandom } from '../../protocol/random.js';
import { serverFrames } from './testing/client-frames.js';
import { FakeHall, type FakeSocket } from './testing/fake-connection.js';
import { type Session, SessionMaker } from './testing/fuzz-session.js';
import type { Visitor } from './visitor.js';

const VALID_FRAMES = 900_000;
const SPOILT_SESSIONS = 6000;
const RANDOM_SESSIONS = 3000;
/** The largest message, and the least room for one. */
const MOST_HELD = 64 * 1024;
const LEAST_ROOM = 256;

const random = createRandom(6455, 'fuzz');
const maker = new SessionMaker(random);
const hall = new FakeHall();

/** Feeds bytes in pieces of random lengths. @returns how many were read before the server ended the connection */
function feed(visitor: Visitor, socket: FakeSocket, bytes: Buffer): number {
  // Most reads hold a few frames; some cut every byte off.
  const most = maker.below(10) === 0 ? 2 : 1 + maker.below(400);
  let at = 0;
  while (at < bytes.length && !socket.ended) {
    const end = Math.min(bytes.length, at + 1 + maker.below(most));
    visitor.read(Buffer.from(bytes.subarray(at, end)));
    at = end;
    if (visitor.heldBytes > Math.min(MOST_HELD, Math.max(LEAST_ROOM, 2 * at)))
      throw new Error(`${visitor.heldBytes} bytes are held after ${at} were read`);
  }
  return at;
}

/** Changes a session here and there: bits, missing bytes, bytes too many, whole stretches of something else. */
function spoil({ sent }: Session): Buffer {
  let bytes = Buffer.from(sent);
  for (let changes = 1 + maker.below(3); changes > 0; changes--) {
    const at = maker.below(bytes.length);
    const stretch = 1 + maker.below(8);
    const kind = maker.below(4);
    if (kind === 0) bytes[at] = bytes[at]! ^ (1 << maker.below(8));
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + stretch)]);
    else {
      const strange = Buffer.from(Array.from({ length: stretch }, () => maker.below(256)));
      const after = kind === 2 ? at : at + stretch;
      bytes = Buffer.concat([bytes.subarray(0, at), strange, bytes.subarray(after)]);
    }
    if (bytes.length === 0) return bytes;
  }
  return bytes;
}

/** Whatever came in, what went out is whole frames, and after a close frame nothing. */
function expectOrderly(socket: FakeSocket): void {
  const frames = serverFrames(socket.bytes);
  const closes = frames.filter(({ opcode }) => opcode === 8);
  if (closes.length !== (socket.ended ? 1 : 0)) throw new Error(`${closes.length} close frames were sent`);
  if (socket.ended && frames.at(-1) !== closes[0]) throw new Error('something follows a close frame');
}

it('stands a million frames, valid, spoilt and random, in any pieces', () => {
  const started = performance.now();
  let frames = 0;
  while (frames < VALID_FRAMES) {
    const session = maker.make(400);
    const { socket, visitor } = hall.upgrade();
    feed(visitor, socket, session.sent);
    if (socket.ended || !socket.bytes.equals(session.answer)) {
      const at = socket.bytes.findIndex((byte, place) => byte !== session.answer[place]);
      throw new Error(
        `after ${frames} frames an answer differs at byte ${at}: ${socket.bytes.subarray(at, at + 40).toString('hex')}`,
      );
    }
    frames += session.ends.length;
    visitor.gone();
  }
  let refused = 0;
  for (let each = 0; each < SPOILT_SESSIONS; each++) {
    const session = maker.make(1 + maker.below(60));
    const { socket, visitor } = hall.upgrade();
    const read = feed(visitor, socket, spoil(session));
    expectOrderly(socket);
    frames += session.ends.filter((end) => end <= read).length;
    if (socket.ended) refused++;
    visitor.gone();
  }
  for (let each = 0; each < RANDOM_SESSIONS; each++) {
    const { socket, visitor } = hall.upgrade();
    const bytes = Buffer.from(Array.from({ length: 2 + maker.below(200) }, () => maker.below(256)));
    // Whatever is no valid beginning ends at once; a plausible first byte leads further in.
    if (maker.below(2) === 0) {
      bytes[0] = 0x80 | [0, 1, 2, 8, 9, 10][maker.below(6)]!;
      bytes[1] = 0x80 | maker.below(128);
    }
    feed(visitor, socket, bytes);
    expectOrderly(socket);
    frames++;
    if (socket.ended) refused++;
    visitor.gone();
  }
  const { audience, arriving, leaving } = hall.hall;
  expect([audience.size, arriving.size, leaving.size]).toEqual([0, 0, 0]);
  hall.close();
  expect(frames).toBeGreaterThanOrEqual(1_000_000);
  expect(refused).toBeGreaterThan(SPOILT_SESSIONS / 4);
  console.log(
    `${frames.toLocaleString('en-US')} frames, ${refused} connections refused, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
});
