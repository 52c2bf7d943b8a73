import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bench, turn } from '../testing/bench.js';
import { RawClient } from '../testing/raw-client.js';
import { rawWebSocket } from '../websocket-raw.js';
import { CASES, type Case } from './testing/autobahn-cases.js';
import { serverFrames, spoken } from './testing/client-frames.js';
import { echo, pieces, UPGRADE_HEAD } from './testing/fake-connection.js';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start(rawWebSocket({ onMessage: echo }));
});
afterAll(() => bench.close());

/** How the case's bytes go out: only as many as it takes to fail, where it says so. */
function writes({ send, cut, failsWith }: Case): readonly Buffer[] {
  if (cut === 'frames') return send;
  const bytes = Buffer.concat(send).subarray(0, failsWith);
  return pieces(bytes, cut === undefined ? bytes.length : cut === 'octets' ? 1 : cut);
}

it.each(CASES)('Autobahn $id over a real connection: $does', async (given: Case) => {
  const client = await RawClient.open(bench.server.url);
  client.socket.write(UPGRADE_HEAD);
  await client.until((head) => head.endsWith('\r\n\r\n'));
  client.clear();
  for (const write of writes(given)) {
    if (client.ended) break;
    client.socket.write(write);
    await turn();
  }
  await client.closed();
  expect(spoken(serverFrames(client.received))).toEqual(given.hears);
  await bench.holds(0);
});
