import { type Listener, RETRY_MS } from './connection.js';

/** Server-sent events: after a drop the browser itself reconnects and sends the last id. */
export function eventStream(address: string, listener: Listener): void {
  const source = new EventSource(address);
  listener.asked();
  source.onopen = () => listener.live();
  source.onmessage = ({ data }) => listener.heard(String(data));
  source.onerror = () => {
    listener.away();
    if (source.readyState === EventSource.CONNECTING) listener.asked();
    // The browser has given up, which it does when it is refused by HTTP: only a new source helps.
    else if (source.readyState === EventSource.CLOSED)
      setTimeout(() => eventStream(address, listener), RETRY_MS);
  };
}
