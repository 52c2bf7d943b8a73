import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST = 20_000;
const COUNT = 10_000;

/**
 * A free port below the range from which Linux gives ports away, for what must come back on the same one: meanwhile no
 * connection of anybody's can have been given it, nor can a client that is refused meet itself there.
 */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const probe = createServer();
    const free = new Promise<boolean>((resolve) => {
      probe.once('listening', () => resolve(true));
      probe.once('error', () => resolve(false));
    });
    probe.listen(port, '127.0.0.1');
    if (!(await free)) continue;
    const closed = once(probe, 'close');
    probe.close();
    await closed;
    return port;
  }
}
