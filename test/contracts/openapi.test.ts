import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { call } from '../support/given.js';
import { useServer } from '../support/server.js';
import { document, operations } from '../support/truth.js';

/** Of the types of one document. */
const MAX_TYPES_BYTES = 16 * 1024 * 1024;
const server = useServer();

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const each = operations.map((one) => [one.operation.operationId, one] as const);
const tenantOperations = each.filter(([, { path }]) => path.startsWith('/api/v1/'));
/** Unless its answer shows a secret, which is kept for no key. */
const takesKey = ([name, { method }]: (typeof each)[number]): boolean =>
  method === 'POST' && !/^(webhookEndpoints(Create|RotateSecret)|customerSessionsCreate)$/.test(name);

describe('What is committed', () => {
  it('is the document that the application builds now', async () => {
    expect((await call(`${server.url}/openapi.json`, 'GET')).body).toEqual(JSON.parse(read('docs/openapi.json')));
  });

  it.each([
    ['openapi.json', 'schema.d.ts'],
    ['openapi-workspaces.json', 'schema-workspaces.d.ts'],
    ['openapi-engagement.json', 'schema-engagement.d.ts'],
  ])('of %s are the types that openapi-typescript makes of it', async (file, types) => {
    const program = new URL('../../node_modules/openapi-typescript/bin/cli.js', import.meta.url).pathname;
    const source = new URL(`../../docs/${file}`, import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [program, source], { maxBuffer: MAX_TYPES_BYTES });
    expect(stdout).toBe(read(`client/${types}`));
  });
});

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** What a `$ref` leads to. */
function resolve(node: unknown): Node {
  const { $ref } = node as { readonly $ref?: string };
  return $ref === undefined
    ? (node as Node)
    : resolve(
        $ref
          .split('/')
          .slice(1)
          .reduce<unknown>((at, key) => (at as Node)[key], document),
      );
}

/** An example somewhere in it, or only one value that it can have. */
function hasExample(value: unknown): boolean {
  if (!isNode(value)) {
    return false;
  }
  const node = resolve(value);
  return 'const' in node || 'example' in node || 'examples' in node || Object.values(node).some(hasExample);
}

describe('Every operation', () => {
  it.each(each)('%s has a summary, a tag, its parameters and its errors', (_, { method, path, operation }) => {
    const { summary, tags, parameters = [] } = operation as typeof operation & { summary: string; tags: string[] };
    expect(summary).toMatch(/^[A-Z][\w ]+$/);
    expect(tags).toHaveLength(1);
    const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);
    expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
    // Some say all they have to say in their path.
    const speaks = ['PATCH', 'PUT'].includes(method) || (method === 'POST' && !/\/(rotate|test|retry)$/.test(path));
    expect('requestBody' in operation).toBe(speaks);
    for (const [status, answer] of Object.entries(operation.responses)) {
      expect(Object.keys(resolve(answer).headers ?? {})).toContain('X-Request-Id');
      expect(status).toMatch(/^(2|4|5)\d\d$/);
    }
  });

  it.each(each)('%s shows what a success looks like', (_, { operation }) => {
    const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    expect(successes).not.toHaveLength(0);
    for (const [status, answer] of successes) {
      if (status === '204') {
        expect(answer.content).toBeUndefined();
        continue;
      }
      const schema = answer.content?.['application/json']?.schema;
      expect(isNode(schema)).toBe(true);
      expect(hasExample(answer.content)).toBe(true);
    }
  });

  it.each(tenantOperations)('%s of a tenant can be refused in every way there is', (name, one) => {
    const always = '400 401 403 422 429 500 503'.split(' ');
    const statuses = [
      ...always,
      ...(one.method === 'POST' ? ['413', '415'] : []),
      ...(takesKey([name, one]) ? ['409'] : []),
    ];
    expect(Object.keys(one.operation.responses)).toEqual(expect.arrayContaining(statuses));
  });
});

describe('By their kind', () => {
  it.each(tenantOperations.filter(takesKey))('%s takes an Idempotency-Key', (_, one) => {
    const key = one.operation.parameters!.find(({ name }) => name === 'Idempotency-Key')!;
    expect(key).toMatchObject({ in: 'header', required: false, schema: { minLength: 1, maxLength: 255 } });
  });

  const takesLimit = ([, { operation }]: (typeof each)[number]): boolean =>
    operation.parameters?.some(({ name }) => name === 'limit') ?? false;

  it.each(each.filter(takesLimit))('%s is a list, in the envelope of all lists', (_, { operation }) => {
    expect(operation.parameters!.map(({ name }) => name)).toEqual(expect.arrayContaining(['limit', 'starting_after']));
    const { $ref } = operation.responses['200']!.content!['application/json']!.schema;
    expect($ref).toMatch(/\/\w+List$/);
    expect(resolve({ $ref })).toMatchObject({
      type: 'object',
      required: ['object', 'data', 'has_more', 'total_count'],
      properties: {
        object: { type: 'string', const: 'list' },
        data: expect.any(Object),
        has_more: { type: 'boolean' },
        total_count: { type: 'integer', minimum: 0 },
      },
    });
  });

  it('nothing else is one', () => {
    const others = each.filter((one) => !takesLimit(one)).map(([id]) => id);
    expect(others.filter((id) => /List/.test(id))).toEqual([]);
  });
});
