import { runHost } from '../../dist/servers/host-process.js';
import { servers } from '../../dist/servers/registry.js';

// A server that works 30 ms on each publish, before its fan-out.
const WORK_MS = 30;

function work() {
  const untilMs = performance.now() + WORK_MS;
  while (performance.now() < untilMs);
}

runHost({
  ...servers,
  sse: {
    ...servers.sse,
    start(feed, settings) {
      feed.subscribe(work);
      return servers.sse.start(feed, settings);
    },
  },
});
