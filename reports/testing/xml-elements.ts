/** An element of a parsed document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML 1.0, production Char. */
const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function unescapeXml(text: string): string {
  return text.replace(/&(\w*);?/gu, (whole, name: string) => {
    const value = whole.endsWith(';') ? REFERENCES[name] : undefined;
    if (value === undefined) throw new Error(`not a reference: ${whole}`);
    return value;
  });
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  const rest = text.replace(/\s+([\w-]+)="([^"<]*)"/gu, (_all, name: string, value: string) => {
    if (Object.hasOwn(attributes, name)) throw new Error(`attribute twice: ${name}`);
    attributes[name] = unescapeXml(value);
    return '';
  });
  if (rest.trim() !== '') throw new Error(`not an attribute: ${rest}`);
  return attributes;
}

/**
 * Reads a document of elements, attributes in double quotes and text: the part of XML that JUnit files use. Strict:
 * anything else, such as a character that XML 1.0 does not have, a bare `&` or a tag that does not match, throws.
 */
export function parseXml(document: string): XmlElement {
  const illegal = ILLEGAL.exec(document);
  if (illegal) throw new Error(`not a character of XML: U+${illegal[0].codePointAt(0)!.toString(16)}`);
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/u, '');
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlElement[] = [root];
  let at = 0;
  for (const match of body.matchAll(/<(\/?)([\w-]+)((?:[^<>"]|"[^"]*")*?)(\/?)>/gu)) {
    const [tag, closes, name, inside, isEmpty] = match;
    const text = body.slice(at, match.index);
    if (/[<>]/u.test(text)) throw new Error(`markup in text: ${text}`);
    open.at(-1)!.text += unescapeXml(text);
    at = match.index + tag.length;
    if (closes) {
      if (open.length < 2 || open.pop()!.name !== name) throw new Error(`closes nothing: ${tag}`);
      continue;
    }
    const element = { name: name!, attributes: attributesOf(inside!), children: [], text: '' };
    open.at(-1)!.children.push(element);
    if (!isEmpty) open.push(element);
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one closed root element');
  if (body.slice(at).trim() !== '' || root.text.trim() !== '') throw new Error('text outside of the root');
  return root.children[0]!;
}
