import { type Listener, RETRY_MS } from './connection.js';

/**
 * Chromium says nothing when the stream of a frame breaks: no event, and the frame's page stays "loading". Only silence
 * tells. Two messages are never further apart than 1.6 periods.
 */
const SILENT_PERIODS = 2.5;
const LEAST_SILENCE_MS = 2000;
/** How often the silence is looked at. */
const LOOK_MS = 250;

declare global {
  interface Window {
    /** Called by every script of the frame's stream. */
    m?: (text: string) => void;
  }
}

/**
 * Iframe streaming: a hidden frame whose page never ends; each of its scripts calls `parent.m`. When the page ends after
 * all, the frame has loaded, and is put in anew; so it is after a silence.
 *
 * @param periodMs mean time between two messages now
 */
export function frame(address: string, periodMs: () => number, listener: Listener): void {
  let element: HTMLIFrameElement | null = null;
  let heardMs = performance.now();
  const open = (): void => {
    element?.remove();
    element = document.createElement('iframe');
    element.title = 'Stream of the iframe transport';
    element.hidden = true;
    element.addEventListener('load', ended);
    element.src = address;
    heardMs = performance.now();
    listener.asked();
    document.body.append(element);
  };
  const ended = (event: Event): void => {
    if (event.currentTarget !== element) return;
    listener.away();
    setTimeout(open, RETRY_MS);
  };
  window.m = (text) => {
    heardMs = performance.now();
    listener.live();
    listener.heard(text);
  };
  setInterval(() => {
    if (performance.now() - heardMs < Math.max(LEAST_SILENCE_MS, SILENT_PERIODS * periodMs())) return;
    listener.away();
    open();
  }, LOOK_MS);
  open();
}
