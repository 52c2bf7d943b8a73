import type { ActiveElement, Chart } from 'chart.js';
import { spotsOf } from './overlay-tools.js';

/** Every value of a chart that hover can point at, from left to right within each series. */
function stops(chart: Chart): ActiveElement[] {
  return chart.data.datasets.flatMap((_series, datasetIndex) =>
    spotsOf(chart, datasetIndex).map(({ index }) => ({
      datasetIndex,
      index,
      element: chart.getDatasetMeta(datasetIndex).data[index]!,
    })),
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Arrow keys walk a focused chart and show each value as hover does; Escape and leaving it hide it again. */
export function walkWithKeys(canvas: HTMLCanvasElement, chartOf: () => Chart | undefined): void {
  let at = -1;
  const show = (): void => {
    const chart = chartOf();
    if (!chart) return;
    const all = stops(chart);
    const stop = all[at];
    const active = stop ? [stop] : [];
    const { x, y } = stop ? stop.element.getProps(['x', 'y'], true) : { x: 0, y: 0 };
    chart.setActiveElements(active);
    chart.tooltip?.setActiveElements(active, { x, y });
    chart.update('none');
  };
  canvas.addEventListener('keydown', (event) => {
    const chart = chartOf();
    const step = STEPS[event.key];
    if (event.key === 'Escape') at = -1;
    else if (step !== undefined && chart) {
      const { length } = stops(chart);
      if (length === 0) return;
      at = at < 0 ? (step > 0 ? 0 : length - 1) : (at + step + length) % length;
    } else return;
    event.preventDefault();
    show();
  });
  canvas.addEventListener('blur', () => {
    at = -1;
    show();
  });
}
