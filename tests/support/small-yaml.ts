/** What a document of the part of YAML that workflows use is made of. */
export type Yaml = string | number | boolean | null | Yaml[] | { [key: string]: Yaml };

interface Line {
  readonly number: number;
  readonly indent: number;
  /** Without indentation, comments and trailing blanks. */
  readonly text: string;
}

const KEY = /^([A-Za-z_][\w-]*):(?: +(.*))?$/u;

/**
 * Reads the part of YAML 1.2 that workflows use: mappings and sequences by indentation, plain and quoted scalars, literal
 * (`|`) and folded (`>-`) blocks, lists of scalars in brackets. Anything else, a tab, a key twice or a stray indentation
 * throws, so that a file which this reads is read alike by everybody.
 */
export function parseYaml(document: string): Yaml {
  const raw = document.split('\n');
  let at = 0;

  const fail = (line: number, why: string): never => {
    throw new Error(`line ${line + 1}: ${why}: ${raw[line] ?? ''}`);
  };

  /** The next line with content; null at the end. */
  function peek(): Line | null {
    for (; at < raw.length; at++) {
      const whole = raw[at]!;
      if (whole.includes('\t')) fail(at, 'a tab');
      const text = whole.trim();
      if (text === '' || text.startsWith('#')) continue;
      return { number: at, indent: whole.length - whole.trimStart().length, text };
    }
    return null;
  }

  function scalar(text: string, line: number): Yaml {
    if (/^"(?:[^"\\]|\\["\\n])*"$/u.test(text)) return JSON.parse(text) as string;
    if (/^'(?:[^']|'')*'$/u.test(text)) return text.slice(1, -1).replaceAll("''", "'");
    if (/^\[.*\]$/u.test(text)) {
      const inner = text.slice(1, -1).trim();
      return inner === '' ? [] : inner.split(',').map((part) => scalar(part.trim(), line));
    }
    // What begins a plain scalar, and what would end it, are not the same everywhere: none of it is allowed.
    if (/^[[\]{},&*#?|>!%@`"']|^- |: |:$| #/u.test(text)) fail(line, 'not a plain scalar');
    if (text === 'true' || text === 'false') return text === 'true';
    if (text === 'null' || text === '~') return null;
    return /^-?\d+(?:\.\d+)?$/u.test(text) ? Number(text) : text;
  }

  /** Lines below a `|` or `>-`, deeper than their key. */
  function block(style: string, parent: number): string {
    const lines: string[] = [];
    let indent = -1;
    for (; at < raw.length; at++) {
      const whole = raw[at]!;
      if (whole.trim() === '') {
        lines.push('');
        continue;
      }
      const own = whole.length - whole.trimStart().length;
      if (own <= parent) break;
      if (indent < 0) indent = own;
      if (own < indent) fail(at, 'less indented than its block');
      lines.push(whole.slice(indent));
    }
    while (lines.at(-1) === '') lines.pop();
    return style.startsWith('>') ? lines.join(' ') : `${lines.join('\n')}\n`;
  }

  function value(rest: string | undefined, line: number, parent: number): Yaml {
    if (rest === '|' || rest === '>-') return block(rest, parent);
    if (rest !== undefined && rest !== '') return scalar(rest, line);
    const next = peek();
    if (next === null || next.indent < parent) return null;
    // A sequence may stand as far left as its key.
    if (next.indent === parent) return next.text.startsWith('- ') ? sequence(parent) : null;
    return node(next.indent);
  }

  function mapping(indent: number): Yaml {
    const map: { [key: string]: Yaml } = {};
    for (let line = peek(); line !== null && line.indent >= indent; line = peek()) {
      if (line.indent > indent) fail(line.number, 'a stray indentation');
      const key = KEY.exec(line.text);
      if (!key) {
        if (line.text.startsWith('- ')) break;
        fail(line.number, 'not a key');
      }
      if (Object.hasOwn(map, key![1]!)) fail(line.number, 'a key twice');
      at = line.number + 1;
      map[key![1]!] = value(key![2], line.number, indent);
    }
    return map;
  }

  function sequence(indent: number): Yaml[] {
    const list: Yaml[] = [];
    for (let line = peek(); line !== null && line.indent === indent; line = peek()) {
      if (!line.text.startsWith('- ')) break;
      const rest = line.text.slice(2);
      if (KEY.test(rest)) {
        // The mapping begins on the line of the dash.
        raw[line.number] = `${' '.repeat(indent + 2)}${rest}`;
        list.push(mapping(indent + 2));
      } else {
        at = line.number + 1;
        list.push(scalar(rest, line.number));
      }
    }
    return list;
  }

  function node(indent: number): Yaml {
    return peek()!.text.startsWith('- ') ? sequence(indent) : mapping(indent);
  }

  const first = peek();
  if (first === null) return null;
  const root = node(first.indent);
  const rest = peek();
  if (rest !== null) fail(rest.number, 'not a part of what is above');
  return root;
}
