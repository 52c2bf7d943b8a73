const READINGS = 5;

/** This process's resident set after collecting garbage twice, the median of five readings, bytes. */
export function residentBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  gc?.();
  const readings = Array.from({ length: READINGS }, () => process.memoryUsage.rss()).sort((a, b) => a - b);
  return readings[READINGS >> 1]!;
}
