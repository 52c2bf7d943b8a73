interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/**
 * A JSON schema as a TypeScript type, for files in which an editor reads types and no schema. It knows what our schemas
 * are made of; what it does not know is `unknown`.
 */
export function typesOf(name: string, schema: object): string {
  return `/** Generated from config.schema.json. */\nexport type ${name} = ${typeOf(schema, '')};\n`;
}

function typeOf(schema: JsonSchema, indent: string): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.anyOf !== undefined) return union(schema.anyOf.map((each) => typeOf(each, indent)));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ type }, indent)));
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return `readonly ${grouped(typeOf(schema.items ?? {}, indent))}[]`;
    case 'object':
      return objectOf(schema, indent);
    default:
      return 'unknown';
  }
}

function objectOf({ properties, required = [], additionalProperties }: JsonSchema, indent: string): string {
  if (properties === undefined) {
    const values =
      typeof additionalProperties === 'object' ? typeOf(additionalProperties, indent) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  const inner = `${indent}  `;
  const lines = Object.entries(properties).flatMap(([key, schema]) => {
    const name = /^[\w$]+$/.test(key) ? key : JSON.stringify(key);
    const says = schema.description?.replaceAll('*/', '* /');
    return [
      ...(says === undefined ? [] : [`${inner}/** ${says} */`]),
      `${inner}readonly ${name}${required.includes(key) ? '' : '?'}: ${typeOf(schema, inner)};`,
    ];
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].map((type) => (type.startsWith('readonly ') ? `(${type})` : type)).join(' | ');
}

function grouped(type: string): string {
  return type.includes(' | ') || type.startsWith('readonly ') ? `(${type})` : type;
}
