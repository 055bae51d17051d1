import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, RequestMethod } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, ModulesContainer, NestFactory } from '@nestjs/core';
import { ERROR_DIALECTS } from '../../src/platform/common/errors/error-dialect.js';
import { ErrorFilter } from '../../src/platform/common/errors/error.filter.js';
import { READ_FAILURE } from '../../src/platform/common/errors/read-failure.js';
import { JsonAdapter } from '../../src/platform/common/http/json-adapter.js';
import { assignRequestId, parseBody } from '../../src/platform/common/http/receive.js';
import { documentsOf } from '../../src/app.documents.js';
import { MemoryBuckets } from '../../src/platform/common/rate-limit/buckets.js';
import { RateLimits } from '../../src/platform/common/rate-limit/rate-limits.js';
import { ACCESS, FOR_CUSTOMERS, type Access } from '../../src/platform/common/tenancy/access.js';
import { ALL_CREDENTIALS, OperatorCredentials } from '../../src/platform/common/tenancy/credentials.js';
import { TenantGuard } from '../../src/platform/common/tenancy/tenant.guard.js';
import { call } from '../support/given.js';
import { startServer, useServer } from '../support/server.js';
import { document, layerOperations, operations } from '../support/truth.js';

const server = useServer(startServer);

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const inDocuments = [...operations, ...layerOperations].map(({ method, path }) => `${method} ${path}`).sort();
const each = operations.map((one) => [one.operation.operationId, one] as const);
const tenantOperations = each.filter(([, { path }]) => path.startsWith('/api/v1/'));
/** Unless its answer shows a secret, which is kept for no key. */
const takesKey = ([name, { method }]: (typeof each)[number]): boolean =>
  method === 'POST' && !/^(webhookEndpoints(Create|RotateSecret)|customerSessionsCreate)$/.test(name);

describe('What is committed', () => {
  it('is the document that the application builds now', async () => {
    const now = documentsOf(server.app)[0]!.document;
    expect(JSON.parse(JSON.stringify(now))).toEqual(JSON.parse(read('docs/openapi.json')));
    expect((await call(`${server.url}/openapi.json`, 'GET')).body).toEqual(JSON.parse(read('docs/openapi.json')));
  });

  it('are the types that openapi-typescript makes of it', async () => {
    const program = new URL('../../node_modules/openapi-typescript/bin/cli.js', import.meta.url).pathname;
    const source = new URL('../../docs/openapi.json', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [program, source]);
    expect(stdout).toBe(read('client/schema.d.ts'));
  });
});

interface Route {
  readonly name: string;
  readonly access: Access | undefined;
  readonly isForCustomers: boolean;
}

/** Each route of each controller, as Nest's own metadata has them. */
function nestRoutes(): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const module of server.app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      const type = metatype as { readonly name: string; readonly prototype: Record<string, object> };
      for (const name of Object.getOwnPropertyNames(type.prototype)) {
        const handler = type.prototype[name]!;
        const method = Reflect.getMetadata('method', handler) as RequestMethod | undefined;
        if (method !== undefined) {
          const path = [metadata<string>('path', type), metadata<string>('path', handler)]
            .map((part) => part!.replace(/^\/|\/$/g, ''))
            .filter((part) => part !== '')
            .join('/');
          const access = metadata<Access>(ACCESS, handler) ?? metadata<Access>(ACCESS, type);
          const isForCustomers = metadata<boolean>(FOR_CUSTOMERS, handler) === true;
          routes.set(`${RequestMethod[method]} ${openapiPath(`/${path}`)}`, {
            name: `${type.name}.${name}`,
            access,
            isForCustomers,
          });
        }
      }
    }
  }
  return routes;
}

function metadata<T>(key: string, of: object): T | undefined {
  return Reflect.getMetadata(key, of) as T | undefined;
}

/** A signed URL is used as it was given; it may as well lead to another server. */
const isOpaque = (route: string): boolean => /^(GET|PUT) \/files\//.test(route);
const openapiPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

interface Layer {
  readonly route?: { readonly path: string | string[]; readonly methods: Readonly<Record<string, boolean>> };
}

describe('The routes', () => {
  it('of Express are those of the documents', () => {
    const { router } = server.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
    const routes = router.stack.flatMap(({ route }) =>
      [route?.path ?? []]
        .flat()
        .flatMap((path) => Object.keys(route!.methods).map((method) => `${method.toUpperCase()} ${openapiPath(path)}`)),
    );
    // The way in, the pages, the document itself, and the demo, which is there in development only.
    const beside = /^(GET \/($|docs(\/|-json$|-yaml$|$)|openapi(-layer)?\.json$|asyncapi\.yaml$)|\w+ \/demo(\/|$))/;
    const documented = routes.filter((route) => !beside.test(route) && !isOpaque(route));
    expect(documented.sort()).toEqual(inDocuments);
  });

  it('of Nest are those of the documents', () => {
    const routes = nestRoutes();
    const opaque = [...routes].filter(([route]) => isOpaque(route));
    expect(opaque.map(([, { access }]) => access)).toEqual([{ for: 'everybody' }, { for: 'everybody' }]);
    expect([...routes.keys()].filter((route) => !isOpaque(route)).sort()).toEqual(inDocuments);
  });

  it('each say who may enter, and the document says the same', () => {
    const routes = nestRoutes();
    for (const { method, path, operation } of operations) {
      const { name, access, isForCustomers } = routes.get(`${method} ${path}`)!;
      const security = { tenant: [{ secret_key: [], public_key: [] }], operator: [{ admin_key: [] }], everybody: [] };
      const schemes = [...security[access!.for], ...(isForCustomers ? [{ session_token: [] }] : [])];
      expect([name, new Set(operation.security)]).toEqual([name, new Set<object>(schemes)]);
      expect([name, isForCustomers && access!.for !== 'tenant']).toEqual([name, false]);
      const area = /^\/(api\/v1|broadcasting)\//.test(path)
        ? 'tenant'
        : path.startsWith('/admin/v1/')
          ? 'operator'
          : 'everybody';
      expect([name, access!.for]).toEqual([name, area]);
    }
  });
});

describe('The routes of the Layer dialect', () => {
  const open = ['GET /layer', 'GET /layer/ping', 'POST /layer/nonces', 'POST /layer/sessions'];

  it('are for sessions, but for those that make one', () => {
    const routes = nestRoutes();
    for (const { method, path, operation } of layerOperations) {
      const name = `${method} ${path}`;
      const { access, isForCustomers } = routes.get(name)!;
      const isOpen = open.includes(name);
      expect([name, access, isForCustomers]).toEqual([
        name,
        isOpen ? { for: 'everybody' } : { for: 'tenant', scope: null },
        !isOpen,
      ]);
      // The root looks at a session where it is asked to.
      const session = path === '/layer' ? [{}, { layer_session: [] }] : [{ layer_session: [] }];
      expect([name, new Set(operation.security)]).toEqual([name, new Set(isOpen && path !== '/layer' ? [] : session)]);
    }
  });
});

describe('A route that does not say who may enter', () => {
  it('admits nobody', async () => {
    let entered = 0;
    @Controller()
    class Forgotten {
      @Get('forgotten')
      get(): string {
        entered += 1;
        return 'entered';
      }
    }
    // Whoever asks would pass, were it asked.
    const credentials = {
      recognises: () => true,
      admit: () => ({ tenant: {}, scopes: ['*'], by: { kind: 'key', id: 'x' }, customerId: null }),
    };
    @Module({
      controllers: [Forgotten],
      providers: [
        { provide: ALL_CREDENTIALS, useValue: [credentials] },
        { provide: OperatorCredentials, useValue: credentials },
        { provide: RateLimits, useValue: new RateLimits(false, false, new MemoryBuckets()) },
        { provide: ERROR_DIALECTS, useValue: [] },
        { provide: READ_FAILURE, useValue: () => null },
        { provide: APP_GUARD, useClass: TenantGuard },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    })
    class Throwaway {}
    const app = await NestFactory.create(Throwaway, new JsonAdapter(), { bodyParser: false, logger: false });
    app.use(assignRequestId);
    app.use(parseBody);
    await app.listen(0, '127.0.0.1');
    const reply = await call(`${await app.getUrl()}/forgotten`, 'GET');
    await app.close();
    expect(reply.status).toBe(500);
    expect(reply.body).toMatchObject({ error: 'Failed to answer. Please try again.', code: 'internal_error' });
    expect(entered).toBe(0);
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
