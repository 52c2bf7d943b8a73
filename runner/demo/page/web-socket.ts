import { type Listener, RETRY_MS } from './connection.js';

/** WebSocket: when it closes, the script has to open another, which knows nothing of the one before. */
export function webSocket(address: string, listener: Listener): void {
  const socket = new WebSocket(address);
  listener.asked();
  socket.onopen = () => listener.live();
  socket.onmessage = ({ data }) => listener.heard(String(data));
  socket.onclose = () => {
    listener.away();
    setTimeout(() => webSocket(address, listener), RETRY_MS);
  };
}
