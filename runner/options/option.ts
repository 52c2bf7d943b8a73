import type { ValueSchema } from './value.js';

/** What every option has. */
interface Described {
  /** One line for `--help`. */
  readonly describe: string;
}

/** An option with one value; given twice it is a mistake. */
export interface ScalarOption<T> extends Described {
  readonly kind: 'scalar';
  /** What stands for the value in `--help`: "seconds". */
  readonly placeholder: string;
  readonly value: ValueSchema<T>;
  /** As `--help` says it. */
  readonly fallback?: string;
}

/** An option with several values, by comma or repetition; duplicates are removed, order is kept. */
export interface ListOption<T> extends Described {
  readonly kind: 'list';
  readonly placeholder: string;
  readonly value: ValueSchema<T>;
  readonly fallback?: string;
}

/** An option without a value. */
export interface FlagOption extends Described {
  readonly kind: 'flag';
}

export type Option = ScalarOption<unknown> | ListOption<unknown> | FlagOption;

/** Options of a command by name, without the dashes. */
export type OptionTable = Readonly<Record<string, Option>>;

/** Values of a table's options as far as they were given: `undefined` means not given anywhere. */
export type OptionValues<T extends OptionTable> = {
  [Name in keyof T]: T[Name] extends ScalarOption<infer Value>
    ? Value | undefined
    : T[Name] extends ListOption<infer Value>
      ? readonly Value[] | undefined
      : boolean | undefined;
};
