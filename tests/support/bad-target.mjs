import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

// A server-sent feed that does one thing wrong; which, its first argument says. The second is a file that lets it know
// whether it has run before.
const [, , wrong, memory] = process.argv;
const isSecondRun = memory !== undefined && existsSync(memory);
if (memory !== undefined) writeFileSync(memory, '');

const readers = new Set();
/** Who was last let in under each address. */
const sessions = new Map();
let published = 0;

function deliver(text) {
  for (const reader of readers) reader.write(`data: ${text}\n\n`);
}

function publish(response, text) {
  published++;
  if (wrong === 'refuses') return response.writeHead(503).end();
  response.writeHead(204).end();
  if (wrong === 'dies-mid-run' && isSecondRun && published === 3) {
    process.stderr.write('first line\n\u001b[31mout of \u0007luck <b>\u202e\n');
    process.exit(7);
  }
  if (wrong === 'nothing') return;
  if (wrong === 'no-marker') return deliver('something else');
  if (wrong === 'other-run') return deliver(text.replace(/^~pb[0-9a-f]{8}/, '~pb00c0ffee'));
  if (wrong === 'twice') deliver(text);
  if (wrong === 'changes') return deliver(text.replace(/[a-z]{3}$/, ''));
  if (wrong === 'forgets' && published % 2 === 0) return;
  deliver(text);
}

function subscribe(response, address) {
  if (wrong === 'unauthorized') return response.writeHead(401).end();
  if (wrong === 'holds-nothing') return response.writeHead(204).end();
  if (wrong === 'redirects') return response.writeHead(302, { location: 'http://192.0.2.7/feed' }).end();
  if (wrong === 'garbage') return response.socket.end('\u0000\u0001 this is no HTTP \r\n\r\n');
  response.writeHead(200, { 'content-type': wrong === 'wrong-type' ? 'text/html' : 'text/event-stream' });
  response.write(wrong === 'lets-wait' ? 'retry: 5000\n\n' : ': hello\n\n');
  readers.add(response);
  if (wrong === 'one-session') {
    sessions.get(address)?.end();
    sessions.set(address, response);
  }
  response.on('close', () => readers.delete(response));
  if (wrong !== 'floods') return;
  const flood = () => {
    while (response.writable && response.write('data: spam, spam, spam, spam, spam\n\n'.repeat(200)));
    response.once('drain', () => setImmediate(flood));
  };
  flood();
}

if (wrong === 'dies-at-once') {
  process.stderr.write('no database: \u001b]0;evil\u0007refused\n');
  process.exit(1);
}

const server = createServer(async (request, response) => {
  response.on('error', () => {});
  if (request.method === 'GET') return subscribe(response, request.url);
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  publish(response, text);
});

if (wrong === 'ticks') setInterval(() => deliver(JSON.stringify({ at: Date.now() })), 50);

// A daemon in a session of its own, which nobody but its environment connects with this program.
if (wrong === 'detaches') {
  const daemon = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
  spawn(process.execPath, ['-e', daemon], { detached: true, stdio: 'ignore' }).unref();
}

// Somebody who ignores being asked is ended all the same.
if (wrong === 'stays') process.on('SIGTERM', () => {});
if (wrong === 'never-ready') {
  process.stderr.write('waiting for the moon\n');
  setInterval(() => {}, 1000);
} else {
  server.listen(Number(process.env.PORT), '127.0.0.1');
}
