/** Attributes of an element; numbers are rounded to tenths. */
export type Attributes = Readonly<Record<string, string | number>>;

/** Text as XML shows it, in elements and in attributes. What XML 1.0 has no place for vanishes. */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}

/** An element with its content, which is markup already. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeXml(typeof value === 'number' ? String(tenths(value)) : value)}"`,
  );
  return content.length === 0
    ? `<${name}${pairs.join('')}/>`
    : `<${name}${pairs.join('')}>${content.join('')}</${name}>`;
}

/** A line of text. */
export function label(text: string, attributes: Attributes): string {
  return element('text', attributes, escapeXml(text));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** How wide a text of the system's sans-serif face is at most, or nearly so: digits and letters by kind, Chinese a full square. */
export function widthOf(text: string, size: number): number {
  let ems = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0x2e80) ems += 1;
    else if (/[A-Zmw%@—]/.test(character)) ems += 0.85;
    else if (/[iljtfr.,:;' |()]/.test(character)) ems += 0.4;
    else ems += 0.62;
  }
  return ems * size;
}
