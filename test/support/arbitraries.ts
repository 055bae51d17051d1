import fc from 'fast-check';
import { isCursor } from './places.js';
import { document, typeOf, workspaceDocument, type Operation } from './truth.js';

/** The parts of a schema that say what a value may be. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly example?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** What there is to name: so that some of what is made up gets past the first check. */
export interface Known {
  readonly ids: readonly string[];
  readonly emails: readonly string[];
  /** Of the document that the operations are of; the core's if left out. */
  readonly schemas?: Readonly<Record<string, Schema>>;
}

export interface MadeUp {
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** Stands for JSON that JSON.stringify can't write. */
const RAW = /"@raw (.*?)@"/g;
const raw = (json: string): string => `@raw ${json}@`;

const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202eabc',
  '\u200b',
  '\ufeff',
  '👩‍👩‍👧‍👦',
  '\u212A@example.com',
  'ß@straße.example',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  "' OR 1=1 --",
  '$1',
  '%00',
  '%s%n',
  '{{7*7}}',
  '<script>',
  'null',
  'NaN',
  '-1',
  '1e3',
  '9'.repeat(30),
  'x'.repeat(256),
  '😀'.repeat(17_000),
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'cus_7zzzzzzzzzzzzzzzzzzzzzzzzz',
  'cus_8zzzzzzzzzzzzzzzzzzzzzzzzz',
] as const;
const NUMBERS = ['1e999', '-1e999', '12345678901234567890', '-0', '0.1', '1e-400', '253402300800', '2147483648'];
const DEEP = ['['.repeat(3_000) + ']'.repeat(3_000), '{"a":'.repeat(2_000) + '1' + '}'.repeat(2_000)];
const KEYS = ['__proto__', 'constructor', 'toJSON', 'then', 'length', '', 'a.b', '\u0000', '$ne', 'id', 'livemode'];

const nastyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);
const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: nastyText },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS, ...DEEP).map(raw) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, 0, -1, [], {}, [[]], ['x'], { $ne: 1 }, { length: -1 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), nastyText, { maxKeys: 4 }) },
  { weight: 1, arbitrary: fc.array(nastyText, { maxLength: 120 }) },
);

type Schemas = Readonly<Record<string, Schema>>;
const schemasOf = ({ components }: typeof document): Schemas => components.schemas as unknown as Schemas;
const CORE = schemasOf(document);
/** Those of workspaces and SMS. */
export const WORKSPACE_SCHEMAS = schemasOf(workspaceDocument);

function resolve(schema: Schema, known: Known): Schema {
  const name = ((schema.allOf ?? schema.anyOf)?.[0] ?? schema).$ref?.split('/').at(-1);
  return name === undefined ? schema : (known.schemas ?? CORE)[name]!;
}

/** What the schema says, ids and addresses among those that are known. */
function fitting(described: Schema, known: Known): fc.Arbitrary<unknown> {
  const schema = resolve(described, known);
  const { format, items, example, minimum = 0, maximum = 1_000, minLength = 0, maxLength = 40 } = schema;
  if (schema.enum) {
    return fc.constantFrom(...schema.enum);
  }
  if (schema.const !== undefined) {
    return fc.constant(schema.const);
  }
  switch (typeOf(schema)) {
    case 'string': {
      if (format === 'uuid') {
        return fc.uuid();
      }
      const prefix = typeof example === 'string' ? /^([a-z]+_|SM|\+)[\da-z]{8,32}$/.exec(example)?.[1] : undefined;
      const alike = known.ids.filter((id) => prefix !== undefined && id.startsWith(prefix));
      // Of numbers there is no end: the example is one of them.
      if (alike.length > 0 || prefix?.endsWith('_')) {
        return fc.constantFrom(example, ...alike);
      }
      return format === 'email'
        ? fc.oneof(
            { weight: 8, arbitrary: fc.constantFrom(...known.emails) },
            { weight: 1, arbitrary: fc.emailAddress() },
          )
        : fc.oneof(
            fc.constant(example ?? 'x'),
            fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' }),
          );
    }
    case 'integer':
      return fc.integer({ min: minimum, max: maximum });
    case 'boolean':
      return fc.boolean();
    case 'array': {
      const { minItems: minLength = 0, maxItems = 5 } = schema;
      const list = fc.uniqueArray(fitting(items!, known), { minLength, maxLength: Math.min(maxItems, 4) });
      return example === undefined ? list : fc.oneof(fc.constant(example), list);
    }
    default: {
      if (schema.properties) {
        return objectOf(schema, known);
      }
      const object = fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 });
      return example === undefined ? object : fc.oneof(fc.constant(example), object);
    }
  }
}

/** An object with what it must have, and some of what it may. */
function objectOf({ properties = {}, required = [] }: Schema, known: Known): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, one]) => [name, fitting(one, known)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

/** Mostly right, so that each of the checks behind one another is reached. */
function likely(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 20, arbitrary: fitting(schema, known) }, { weight: 1, arbitrary: nastyValue });
}

function jsonBody(schema: Schema, known: Known): fc.Arbitrary<string> {
  const { properties = {}, required = [] } = resolve(schema, known);
  const fields = Object.entries(properties);
  const right = fc.record(Object.fromEntries(fields.map(([name, one]) => [name, likely(one, known)])), {
    // Each may be missing, but more often all are there that must be.
    requiredKeys: [],
  });
  const whole = fc.record(Object.fromEntries(fields.map(([name, one]) => [name, likely(one, known)])), {
    requiredKeys: [...required],
  });
  const extra = fc.dictionary(fc.constantFrom(...KEYS), nastyValue, { maxKeys: 2 });
  const object = fc.oneof(
    { weight: 10, arbitrary: whole },
    { weight: 2, arbitrary: right },
    { weight: 1, arbitrary: fc.tuple(whole, extra).map(([base, more]) => ({ ...base, ...more })) },
    { weight: 1, arbitrary: nastyValue },
  );
  return object.map((value) => JSON.stringify(value).replace(RAW, (_, json: string) => json));
}

/** The body as it is, or with a few of its bytes changed, added or cut off. */
function sentBody(schema: Schema, known: Known): fc.Arbitrary<string | Uint8Array> {
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom('set', 'insert', 'cut') });
  const mutated = fc
    .tuple(jsonBody(schema, known), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, changes]) => {
      const bytes = [...Buffer.from(text)];
      for (const { at, byte, kind } of changes) {
        const place = at % (bytes.length + 1);
        bytes.splice(
          place,
          kind === 'insert' ? 0 : kind === 'set' ? 1 : bytes.length,
          ...(kind === 'cut' ? [] : [byte]),
        );
      }
      return Uint8Array.from(bytes);
    });
  return fc.oneof({ weight: 6, arbitrary: jsonBody(schema, known) }, { weight: 1, arbitrary: mutated });
}

const escaped = (value: unknown): string => encodeURIComponent(String(value).toWellFormed());
/** Written as it is into an address: escapes that are none, and bytes that are no UTF-8. */
const rawPart = fc.constantFrom(
  '%',
  '%zz',
  '%00',
  '%ff',
  '%E0%A4%A',
  '..%2f',
  '%5c',
  ';',
  '+',
  '[]',
  "'",
  '*',
  'a%20b',
);

function queryOf(parameters: NonNullable<Operation['parameters']>, known: Known): fc.Arbitrary<string> {
  const one = parameters.map(({ name, schema, required }) => {
    const pair = fc
      .oneof(
        {
          weight: 8,
          arbitrary: (isCursor(name) ? fc.constantFrom(...known.ids) : fitting(schema, known)).map(escaped),
        },
        { weight: 2, arbitrary: nastyText.map((text) => escaped(text.slice(0, 2_000))) },
        { weight: 1, arbitrary: rawPart },
      )
      .map((value) => `${name}=${value}`);
    const missing = fc.constant('');
    return fc.oneof(
      { weight: required ? 12 : 4, arbitrary: pair },
      { weight: required ? 1 : 4, arbitrary: missing },
      { weight: 1, arbitrary: fc.tuple(pair, pair).map(([a, b]) => `${a}&${b}`) },
    );
  });
  const unknown = fc.oneof(
    { weight: 12, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...KEYS), nastyText)
        .map(([k, v]) => `${escaped(k)}=${escaped(v.slice(0, 99))}`),
    },
    { weight: 1, arbitrary: rawPart },
  );
  return fc.tuple(...one, unknown).map((parts) => parts.filter((part) => part !== '').join('&'));
}

/** Requests of one operation: its path filled in, its query, its body. */
export function requestsOf(path: string, operation: Operation, known: Known): fc.Arbitrary<MadeUp> {
  const parameters = operation.parameters ?? [];
  const ids = parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ name, schema }) =>
      fc
        .oneof(
          { weight: 8, arbitrary: fitting(schema, known).map(escaped) },
          { weight: 2, arbitrary: nastyText.map((text) => escaped(text.slice(0, 2_000)) || 'x') },
          { weight: 1, arbitrary: rawPart },
        )
        .map((value) => [name, value] as const),
    );
  const schema = operation.requestBody?.content['application/json']?.schema as Schema | undefined;
  const idempotent = parameters.some(({ name }) => name === 'Idempotency-Key');
  return fc
    .record({
      ids: fc.tuple(...ids),
      query: queryOf(
        parameters.filter((parameter) => parameter.in === 'query'),
        known,
      ),
      body: schema ? sentBody(schema, known) : fc.constant(undefined),
      key: idempotent
        ? fc.constantFrom(...Array<null>(8).fill(null), 'again', 'x'.repeat(256), '"', 'a b')
        : fc.constant(null),
    })
    .map(({ ids: filled, query, body, key }) => ({
      path:
        filled.reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), path) + (query && `?${query}`),
      body,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === null ? {} : { 'idempotency-key': key }),
      },
    }));
}
