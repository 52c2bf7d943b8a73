import type { UnitKind } from '../units.js';

/** A part of a plain-JSON chart configuration. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** How the numbers of an axis are printed: by kind, in one unit, by which the data were divided. */
export interface AxisUnit {
  readonly kind: UnitKind;
  /** Base units in one unit of the axis. */
  readonly size: number;
  /** Name of the unit, empty for plain numbers. */
  readonly unit: string;
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** What an axis shows. Without ticks the page lets Chart.js choose them and prints them in the unit. */
export interface AxisSpec {
  readonly unit: AxisUnit;
  readonly ticks?: readonly Tick[];
}

/** A point of a line, dot or scatter chart; null leaves a gap. */
export interface Point {
  readonly x: number | null;
  readonly y: number | null;
}

/** The part of a dataset that this project adds or relies on; the rest is Chart.js's own and passed through. */
export interface SeriesSpec {
  readonly label: string;
  /** Place of the transport in the registry; hides with it. Absent where rows, not series, are transports. */
  readonly transport?: number;
  readonly data: readonly (number | null | Point)[];
  /** Ends of the interval of each value, in the unit of the axis. */
  readonly whiskers?: readonly (readonly [number, number] | null)[];
  /** Light bars behind the rows' dots, in the unit of the axis: how far noise alone reaches. */
  readonly bands?: readonly (readonly [number, number] | null)[];
  /** Text set beside each value. */
  readonly texts?: readonly (string | null)[];
  /** The same where space is short; null sets none. Absent where the text is short enough. */
  readonly shortTexts?: readonly (string | null)[];
  /** A ring stands around its marks: some markers have no inside that could be hatched. */
  readonly ringed?: boolean;
  /** Where the text stands. */
  readonly textSide?: 'end' | 'above' | 'below' | 'auto';
  /** What hover adds to the value: interval and number of samples. */
  readonly notes?: readonly (string | null)[];
  /** Its name is set at the end of its line. */
  readonly named?: boolean;
  readonly [option: string]: unknown;
}

/** A line across the plot at a value of the horizontal axis. */
export interface RuleSpec {
  readonly value: number;
  readonly label: string;
}

/**
 * A chart as plain JSON: Node makes it, the page draws it. Colours are tokens such as `@series-0` or `@hatch-series-0`,
 * which the page looks up in its style sheet for the theme in force.
 */
export interface ChartSpec {
  readonly type: 'bar' | 'line' | 'scatter';
  readonly series: readonly SeriesSpec[];
  /** One entry a row of a chart whose rows are transports: lines of its label, and the transport it hides with. */
  readonly rows?: readonly { readonly label: readonly string[]; readonly transport: number }[];
  /** Rows draw a thin line from the first to the last of their dots. */
  readonly spans?: boolean;
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  /** The axis that carries the measured value. */
  readonly valueAxis: 'x' | 'y';
  readonly rule?: RuleSpec;
  /** Pixels a row takes, or of the whole plot where there are no rows. */
  readonly height: number;
  /** Chart.js options. */
  readonly options: { readonly [key: string]: Json };
}
