import { type Listener, RETRY_MS } from './connection.js';

/** A held poll is answered after 25 s at the latest; nothing else takes as long. */
const LIMIT_MS = 40_000;

/**
 * Polling and long polling, as pages do it with XHR: ask for everything after the last number seen, and ask again.
 *
 * @param since the last number that is not wanted
 * @param intervalMs from one question to the next; 0 asks again at once, which is long polling
 */
export function ask(address: string, since: number, intervalMs: number, listener: Listener): void {
  let cursor = since;
  const next = (askedMs: number, pauseMs: number): void => {
    setTimeout(question, Math.max(0, askedMs + pauseMs - performance.now()));
  };
  const question = (): void => {
    const askedMs = performance.now();
    const request = new XMLHttpRequest();
    request.open('GET', `${address}?since=${String(cursor).padStart(10, '0')}`);
    request.timeout = LIMIT_MS;
    const failed = (): void => {
      listener.away();
      next(askedMs, Math.max(intervalMs, RETRY_MS));
    };
    request.onload = () => {
      if (request.status !== 200 && request.status !== 204) {
        failed();
        return;
      }
      listener.live();
      // Several messages come joined by line feeds.
      for (const text of request.status === 200 ? request.responseText.split('\n') : []) {
        cursor = Math.max(cursor, Number(text.slice(0, 10)) || 0);
        listener.heard(text);
      }
      next(askedMs, intervalMs);
    };
    request.onerror = failed;
    request.ontimeout = failed;
    listener.asked();
    request.send();
  };
  question();
}
