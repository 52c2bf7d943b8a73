/** A table in Markdown; bars in cells are escaped. @param texts how many columns, from the left, hold words */
export function table(heads: readonly string[], texts: number, body: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = heads.map((_, at) => (at < texts ? ':---' : '---:'));
  return [line(heads), line(rule), ...body.map(line)].join('\n');
}
