/** A number for each direction; up is from client to server. */
export interface UpDown {
  readonly up: number;
  readonly down: number;
}

export const DIRECTIONS = ['up', 'down'] as const;

export function plus(a: UpDown, b: UpDown): UpDown {
  return { up: a.up + b.up, down: a.down + b.down };
}

export function minus(a: UpDown, b: UpDown): UpDown {
  return { up: a.up - b.up, down: a.down - b.down };
}
