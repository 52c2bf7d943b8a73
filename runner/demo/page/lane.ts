import type { Mark } from './contestant.js';

/** How much of the past a lane shows, milliseconds. */
export const SPAN_MS = 12_000;

const DOT_RADIUS = 5;
/** A dot that has just arrived is larger for a moment. */
const POP_MS = 250;
const POP_RADIUS = 3;
/** Room at the right edge for half a dot. */
const EDGE = DOT_RADIUS + POP_RADIUS;

/** Colours of the theme in force. */
export interface LaneColours {
  readonly series: string;
  readonly grid: string;
  readonly wrong: string;
  readonly muted: string;
}

/** A message and the instant it was published. */
export interface Published {
  readonly sequence: number;
  readonly atMs: number;
}

/** What there is to draw. Instants are the page's clock. */
export interface LaneView {
  readonly nowMs: number;
  readonly marks: readonly Mark[];
  /** Every message, whether it came or not. */
  readonly published: readonly Published[];
  readonly isMissing: (sequence: number) => boolean;
  readonly outages: readonly { readonly sinceMs: number; readonly untilMs: number | null }[];
  readonly isStill: boolean;
}

/**
 * Draws the last seconds of a transport, now at the right edge: a line from the instant a message was published to the
 * dot where it arrived, a cross where one was lost, a shade where the servers were away.
 */
export function drawLane(canvas: HTMLCanvasElement, view: LaneView, colours: LaneColours): void {
  const context = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
  if (context === null || width === 0) return;
  const scale = devicePixelRatio;
  const pixels = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (canvas.width !== pixels.width || canvas.height !== pixels.height) Object.assign(canvas, pixels);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const x = (atMs: number): number => (width - EDGE) * (1 - (view.nowMs - atMs) / SPAN_MS);
  const middle = height / 2;

  context.fillStyle = colours.grid;
  for (const { sinceMs, untilMs } of view.outages) {
    const from = Math.max(0, x(sinceMs));
    const to = untilMs === null ? width : x(untilMs);
    if (to > from) context.fillRect(from, 0, to - from, height);
  }

  context.fillStyle = colours.muted;
  for (const { atMs } of view.published) context.fillRect(x(atMs) - 0.5, height - 6, 1, 6);
  context.strokeStyle = colours.wrong;
  context.lineWidth = 2;
  for (const { atMs, sequence } of view.published) {
    if (view.isMissing(sequence)) cross(context, x(atMs), middle);
  }

  context.strokeStyle = colours.series;
  context.fillStyle = colours.series;
  for (const { publishedMs, arrivedMs } of view.marks) {
    const at = x(arrivedMs);
    if (at < -DOT_RADIUS) continue;
    if (publishedMs !== null) {
      context.globalAlpha = 0.45;
      context.lineWidth = 3;
      context.beginPath();
      context.moveTo(x(publishedMs), middle);
      context.lineTo(at, middle);
      context.stroke();
      context.globalAlpha = 1;
    }
    const young = view.isStill ? 0 : Math.max(0, 1 - (view.nowMs - arrivedMs) / POP_MS);
    context.beginPath();
    context.arc(at, middle, DOT_RADIUS + POP_RADIUS * young, 0, 2 * Math.PI);
    context.fill();
  }
}

function cross(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x - 5, y - 5);
  context.lineTo(x + 5, y + 5);
  context.moveTo(x - 5, y + 5);
  context.lineTo(x + 5, y - 5);
  context.stroke();
}
