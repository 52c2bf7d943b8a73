import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium } from '../tests/chromium.js';
import { Bench } from './testing/bench.js';
import { echo } from './websocket-raw/testing/fake-connection.js';
import { rawWebSocket } from './websocket-raw.js';

let browser: Browser;
let bench: Bench;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] });
  bench = await Bench.start(rawWebSocket({ onMessage: echo }));
});
afterAll(async () => {
  await browser?.close();
  await bench?.close();
});

/** Runs in the page: sends everything, and says what came back and how the connection ended. */
const TALK = `async ({ url, offers, sizes }) => {
  const socket = new WebSocket(url, offers);
  socket.binaryType = 'arraybuffer';
  const heard = [];
  const opened = new Promise((resolve) => { socket.onopen = () => resolve('open'); });
  const closed = new Promise((resolve) => {
    socket.onclose = ({ code, wasClean }) => resolve(wasClean + ' ' + code);
  });
  if ((await Promise.race([opened, closed])) !== 'open') return { ending: await closed };
  const all = new Promise((resolve) => {
    socket.onmessage = ({ data }) => {
      heard.push(typeof data === 'string' ? 'text ' + data.length : 'binary ' + data.byteLength);
      if (heard.length === 2 * sizes.length) resolve();
    };
  });
  for (const size of sizes) {
    socket.send('a'.repeat(size));
    socket.send(new Uint8Array(size).fill(0xff));
  }
  if (sizes.length > 0) await all;
  const { protocol, extensions } = socket;
  socket.close(4321, 'enough');
  return { heard, protocol, extensions, ending: await closed };
}`;

async function talk(offers: readonly string[], sizes: readonly number[]) {
  const page = await browser.newPage();
  try {
    return await page.evaluate(`(${TALK})(${JSON.stringify({ url: bench.server.url, offers, sizes })})`);
  } finally {
    await page.close();
  }
}

it('talks with a page in Chromium: texts and bytes of all lengths, a sub-protocol, a clean end', async () => {
  const sizes = [0, 1, 125, 126, 65_535, 65_536];
  expect(await talk(['chat', 'superchat'], sizes)).toEqual({
    heard: sizes.flatMap((size) => [`text ${size}`, `binary ${size}`]),
    protocol: 'chat',
    extensions: '',
    ending: 'true 4321',
  });
  await bench.holds(0);
});

it('leaves a page in Chromium without a sub-protocol that it does not know, which the page refuses', async () => {
  expect(await talk([], [])).toMatchObject({ protocol: '', ending: 'true 4321' });
  expect(await talk(['mqtt'], [])).toEqual({ ending: 'false 1006' });
});

it('ends a message of a page that is too large with 1009', async () => {
  const page = await browser.newPage();
  const code = await page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket(${JSON.stringify(bench.server.url)});
    socket.onopen = () => socket.send('a'.repeat(65537));
    socket.onclose = ({ code, reason }) => resolve(code + ' ' + reason);
  })`);
  expect(code).toBe('1009 a message is larger than 65536 bytes');
  await page.close();
});
