import { createServer } from 'node:net';

const FIVE_DIGITS = 10_000;
const DRAWS = 50;

/**
 * A port of five digits that nobody listens on now.
 * @throws Error when the system gives none
 */
export async function freePort(): Promise<number> {
  for (let draw = 0; draw < DRAWS; draw++) {
    const port = await listenOnce(0);
    if (port >= FIVE_DIGITS) return port;
  }
  throw new Error(`the system gave no five-digit port in ${DRAWS} attempts`);
}

/** Whether nobody listens on this port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

async function listenOnce(wanted: number): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
