import type { Chart } from 'chart.js';
import type { ChartSpec } from '../charts/spec.js';
import { draw } from './draw.js';
import { withoutHidden } from './hide.js';
import { walkWithKeys } from './keyboard.js';

/** The page's script: draws each chart from its JSON, and draws all of them again when theme or legend change. */

const root = document.documentElement;
const specs = JSON.parse(document.getElementById('charts')?.textContent ?? '{}') as Record<string, ChartSpec>;
const canvases = [...document.querySelectorAll<HTMLCanvasElement>('canvas[data-chart]')];
const charts = new Map<HTMLCanvasElement, Chart>();
const hidden = new Set<number>();

function drawOne(canvas: HTMLCanvasElement): void {
  const spec = specs[canvas.dataset.chart ?? ''];
  if (!spec) return;
  charts.get(canvas)?.destroy();
  charts.set(canvas, draw(canvas, withoutHidden(spec, hidden)));
}

function drawAll(): void {
  for (const canvas of canvases) drawOne(canvas);
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const toggle = document.querySelector<HTMLButtonElement>('#theme');

/** The theme belongs to this page's entry in the history: it survives a reload and reaches no other page. */
function setTheme(theme: string | undefined): void {
  if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches;
  if (toggle) toggle.textContent = isDark ? 'Light theme' : 'Dark theme';
  drawAll();
}

function toggleTheme(): void {
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches;
  const theme = isDark ? 'light' : 'dark';
  history.replaceState({ theme }, '');
  setTheme(theme);
}

function toggleTransport(button: HTMLButtonElement): void {
  const transport = Number(button.dataset.toggle);
  const show = hidden.has(transport);
  if (show) hidden.delete(transport);
  else hidden.add(transport);
  button.setAttribute('aria-pressed', String(show));
  for (const element of document.querySelectorAll<HTMLElement>(`[data-transport="${transport}"]`)) {
    element.toggleAttribute('hidden', !show);
  }
  drawAll();
}

/** On paper: light, tables open, charts as wide as the sheet. */
function preparePrint(): void {
  const opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
  const theme = root.dataset.theme;
  for (const details of opened) details.open = true;
  root.dataset.theme = 'light';
  drawAll();
  addEventListener(
    'afterprint',
    () => {
      for (const details of opened) details.open = false;
      if (theme) root.dataset.theme = theme;
      else delete root.dataset.theme;
      drawAll();
    },
    { once: true },
  );
}

root.classList.add('js');
toggle?.addEventListener('click', toggleTheme);
dark.addEventListener('change', () => setTheme(undefined));
addEventListener('beforeprint', preparePrint);
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-toggle]')) {
  button.addEventListener('click', () => toggleTransport(button));
}
for (const canvas of canvases) walkWithKeys(canvas, () => charts.get(canvas));

// Labels break and names move by width, so a new width is a new drawing, not only a stretched one.
let width = root.clientWidth;
addEventListener('resize', () => {
  if (root.clientWidth === width) return;
  width = root.clientWidth;
  drawAll();
});
setTheme((history.state as { theme?: string } | null)?.theme);
root.dataset.drawn = 'true';
