/** A number as people write it in a sentence: `1,000,000`, `0.001`. */
export function readable(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
