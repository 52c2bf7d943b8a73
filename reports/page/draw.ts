import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartType,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Scale,
  ScatterController,
  Tooltip,
  type TooltipItem,
} from 'chart.js';
import { seriesName } from '../charts/encoding.js';
import type { AxisSpec, AxisUnit, ChartSpec } from '../charts/spec.js';
import { formatUnit } from '../units.js';
import { apart, breakLabel, NARROW } from './labels.js';
import type { Ink } from './overlay-tools.js';
import { overlays } from './overlays.js';
import { paint, readPalette } from './palette.js';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
);

const TEXT_SIZE = 14;
const LINE_HEIGHT = 17;
const AXIS_HEIGHT = 64;
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

function printed(value: number, unit: AxisUnit): string {
  if (value === 0) return '0';
  if (unit.kind === 'percent' || unit.unit === '/s')
    return `${plain.format(value)}${unit.unit === '/s' ? '/s' : '\u00a0%'}`;
  return unit.unit === '' ? plain.format(value) : `${plain.format(value)}\u00a0${unit.unit}`;
}

interface ScaleOptions {
  afterBuildTicks?: (scale: Scale) => void;
  afterCalculateLabelRotation?: (scale: Scale) => void;
  ticks: { callback?: (value: unknown, index: number) => string | string[] };
}

/** Pixels between the labels of an axis. */
const TICK_GAP = 10;

/** Takes the ticks of a horizontal axis away whose labels would run into the one before. */
function spaceTicks(scale: Scale, font: string): void {
  if (!scale.isHorizontal()) return;
  const context = scale.ctx;
  context.save();
  context.font = font;
  const places = scale.ticks.map((tick) => ({
    middle: scale.getPixelForValue(tick.value),
    width: context.measureText(String(tick.label ?? '')).width,
  }));
  context.restore();
  const kept = new Set(apart(places, TICK_GAP));
  scale.ticks = scale.ticks.filter((_tick, at) => kept.has(at));
}

function setTicks(options: ScaleOptions, axis: AxisSpec, font: string): void {
  const { ticks } = axis;
  if (ticks) {
    options.afterBuildTicks = (scale) => {
      scale.ticks = ticks
        .filter(({ value }) => value >= scale.min && value <= scale.max)
        .map(({ value }) => ({ value }));
    };
    // Only here are labels known and the axis as wide as it will be.
    options.afterCalculateLabelRotation = (scale) => spaceTicks(scale, font);
    options.ticks.callback = (value) => ticks.find((tick) => tick.value === value)?.label ?? '';
  } else {
    options.ticks.callback = (value) => printed(Number(value), axis.unit);
  }
}

/** Room at the right for text that stands after bars and lines. */
function roomFor(spec: ChartSpec, width: number, font: string): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return 0;
  context.font = font;
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, context.measureText(text).width), 0);
  const ends = spec.series.flatMap(({ texts, textSide, data }) =>
    textSide === 'end' ? (texts ?? []).flatMap((text, at) => (text && data[at] !== null ? [text] : [])) : [],
  );
  const names = width < NARROW ? [] : spec.series.flatMap(({ named, label }) => (named ? [label] : []));
  if (ends.length > 0) return Math.min(widest(ends) + 12, width * 0.4);
  if (names.length > 0) return Math.min(widest(names) + 24, width * 0.3);
  return 20;
}

function tooltipOf(spec: ChartSpec) {
  const value = ({ raw }: TooltipItem<ChartType>): string => {
    const { unit } = spec[spec.valueAxis];
    const number = typeof raw === 'object' && raw ? (raw as { x: number; y: number })[spec.valueAxis] : raw;
    return typeof number === 'number' ? formatUnit(number * unit.size, unit.kind) : 'n/a';
  };
  return {
    title: (items: TooltipItem<ChartType>[]) => {
      const item = items[0];
      if (!item) return '';
      if (spec.rows) return spec.rows[item.dataIndex]?.label.join(', ') ?? '';
      if (spec.type === 'scatter') return item.dataset.label ?? '';
      const { x } = item.raw as { x: number };
      const { unit } = spec.x;
      if (unit.unit === 'part') {
        return x <= 1 ? 'the soonest delivery' : `${plain.format((1 - 1 / x) * 100)}\u00a0% are no later`;
      }
      return `${plain.format(x)}\u00a0${unit.unit}`;
    },
    label: (item: TooltipItem<ChartType>) => {
      const series = spec.series[item.datasetIndex];
      const note = series?.notes?.[item.dataIndex];
      const head = `${item.dataset.label ?? ''}: ${value(item)}`;
      if (spec.type === 'scatter' && !spec.rows) return (note ?? head).split('; ');
      return note ? [head, ...note.split('; ').map((part) => `    ${part}`)] : head;
    },
  };
}

/** How high the plot is, pixels: rows take what their longest label needs. */
function heightOf(spec: ChartSpec, labels: readonly string[][] | undefined): number {
  if (!labels) return spec.height;
  const lines = labels.reduce((most, label) => Math.max(most, label.length), 1);
  return Math.max(1, labels.length) * Math.max(spec.height, lines * LINE_HEIGHT + 8) + AXIS_HEIGHT;
}

/** Draws a chart into its canvas; the canvas's parent gives the width. */
export function draw(canvas: HTMLCanvasElement, spec: ChartSpec): Chart {
  const box = canvas.parentElement!;
  const width = box.clientWidth;
  const rows = spec.rows?.map(({ label }) => breakLabel(label, width));
  box.style.height = `${heightOf(spec, rows)}px`;
  const colourOf = readPalette();
  const family = getComputedStyle(document.body).fontFamily;
  const font = `${TEXT_SIZE}px ${family}`;
  Chart.defaults.font.family = family;
  const ink: Ink = {
    ink: String(colourOf('@ink')),
    muted: String(colourOf('@muted')),
    page: String(colourOf('@page')),
    band: String(colourOf('@grid')),
    font,
    hatch: (transport) => colourOf(`@hatch-${seriesName(transport)}`),
  };
  const options = paint(spec.options, colourOf) as {
    scales: { x: ScaleOptions; y: ScaleOptions };
    plugins: { tooltip: { callbacks?: unknown } };
    layout?: unknown;
  };
  options.layout = { padding: { right: roomFor(spec, width, font), top: 12 } };
  options.plugins.tooltip.callbacks = tooltipOf(spec);
  setTicks(options.scales.x, spec.x, font);
  setTicks(options.scales.y, spec.y, font);
  if (rows) {
    const scale = options.scales.y;
    if (spec.type === 'scatter') {
      scale.afterBuildTicks = (axis) => {
        axis.ticks = rows.map((_row, value) => ({ value }));
      };
      Object.assign(scale, { min: -0.5, max: Math.max(0.5, rows.length - 0.5) });
    }
    scale.ticks.callback = (value) => rows[Number(value)] ?? '';
    Object.assign(scale.ticks, { color: ink.ink, autoSkip: false });
  }
  const config = {
    type: spec.type,
    data: {
      ...(rows ? { labels: rows.map((_row, at) => at) } : {}),
      datasets: paint(spec.series, colourOf),
    },
    options,
    plugins: [overlays(spec, ink)],
  };
  return new Chart(canvas, config as unknown as ChartConfiguration);
}
