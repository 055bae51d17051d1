import { typeOf, type Operation } from './truth.js';

/** The parts of a schema that say where a text may be. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}
type Path = ReadonlyArray<string | number>;

/** Letters that are all different, and marks that have to be put in order: what names of hosts are brought to takes time by them. */
const HAN = Array.from({ length: 20_000 }, (_, at) => String.fromCharCode(0x4e00 + at)).join('');
const MARKS = '\u0301\u0323';

/** What is long and takes long: to what reads addresses, names of hosts, ids, keys, tokens, escapes and white space. */
const WORST: ReadonlyArray<readonly [before: string, again: string, after?: string]> = [
  ['', 'a'],
  ['', '😀'],
  ['', ' ', 'x'],
  ['', '\n', 'x'],
  ['', '\u200b'],
  ['', '0'],
  ['', '%41'],
  ['', HAN],
  ['john@', HAN],
  ['john@a', MARKS],
  ['john@', 'ü.', 'example'],
  ['"', ' "', '@example.com'],
  ['https://', HAN],
  ['https://a', MARKS, '.example/'],
  ['https://', 'a.', 'example/'],
  ['text/plain', '; a=b'],
  ['text/plain;', ' ', '!'],
  ['', 'QUFB', '!'],
  ['layer:///identities/', '%41'],
  ['eyJhbGciOiJSUzI1NiJ9.', 'e30', '.AAAA'],
  ['-----BEGIN PUBLIC KEY-----\n', 'MIIB\n', '-----END PUBLIC KEY-----'],
  ['-----BEGIN PRIVATE KEY-----\n', 'MIIB\n', '-----END PRIVATE KEY-----'],
];

/** Each of them, as long as may be written in so many bytes. */
export function worstLetters(bytes: number, write: (text: string) => string): string[] {
  const sizeOf = (text: string): number => Buffer.byteLength(write(text));
  return WORST.map(([before, again, after = '']) => {
    const left = bytes - sizeOf(before + after);
    const times = Math.floor(left / sizeOf(again));
    // Of letters that are all different, what there is room for.
    const rest =
      again.length > 100 ? again.slice(0, Math.floor((left - times * sizeOf(again)) / sizeOf(again[0]!))) : '';
    return before + again.repeat(times) + rest + after;
  });
}

/** A body as the document's examples have it, and where in it there are texts. */
export function bodyOf(
  document: object,
  operation: Operation,
): { readonly body: unknown; readonly texts: Path[] } | null {
  const schema = operation.requestBody?.content['application/json']?.schema as Schema | undefined;
  if (!schema) {
    return null;
  }
  const texts: Path[] = [];
  return { body: exampleOf(document, schema, [], texts), texts };
}

/** The same value with another text at this place. */
export function withText(value: unknown, path: Path, text: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    return text;
  }
  const inner = withText((value as Record<string | number, unknown>)[key], rest, text);
  return Array.isArray(value)
    ? value.map((one: unknown, at) => (at === key ? inner : one))
    : { ...(value as object), [key]: inner };
}

function exampleOf(document: object, schema: Schema, path: Path, texts: Path[]): unknown {
  if (schema.$ref !== undefined) {
    const steps = schema.$ref.slice('#/'.length).split('/');
    const target = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
    return exampleOf(document, target as Schema, path, texts);
  }
  const [alternative] = schema.allOf ?? schema.anyOf ?? schema.oneOf ?? [];
  if (alternative) {
    return exampleOf(document, { example: schema.example, ...alternative }, path, texts);
  }
  if (schema.properties) {
    const fields = Object.entries(schema.properties);
    return Object.fromEntries(
      fields.map(([name, inner]) => [name, exampleOf(document, inner, [...path, name], texts)]),
    );
  }
  const type = typeOf(schema);
  if (type === 'array') {
    const given = Array.isArray(schema.example) ? (schema.example as unknown[])[0] : undefined;
    return [
      exampleOf(document, { ...schema.items, ...(given === undefined ? {} : { example: given }) }, [...path, 0], texts),
    ];
  }
  if (type === 'object') {
    return { ...textsIn(schema.example ?? { name: 'text' }, path, texts) };
  }
  if (type === 'integer' || type === 'number' || type === 'boolean') {
    return schema.example ?? (type === 'boolean' ? true : 1);
  }
  texts.push(path);
  return schema.example ?? schema.const ?? schema.enum?.[0] ?? 'text';
}

/** A value that is an example as a whole. */
function textsIn(example: object, path: Path, texts: Path[]): object {
  for (const [name, inner] of Object.entries(example)) {
    if (typeof inner === 'string') {
      texts.push([...path, name]);
    }
  }
  return example;
}
