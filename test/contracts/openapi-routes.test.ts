import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, RequestMethod, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory, type ModulesContainer, type Reflector } from '@nestjs/core';
import { GROUPS } from '../../src/dialects/engagement/http/is-for-engagement.js';
import { ERROR_DIALECTS } from '../../src/platform/common/errors/error-dialect.js';
import { ErrorFilter } from '../../src/platform/common/errors/error.filter.js';
import { READ_FAILURE } from '../../src/platform/common/errors/read-failure.js';
import { JsonAdapter } from '../../src/platform/common/http/json-adapter.js';
import { assignRequestId, parseBody } from '../../src/platform/common/http/receive.js';
import { MemoryBuckets } from '../../src/platform/common/rate-limit/buckets.js';
import { RateLimits } from '../../src/platform/common/rate-limit/rate-limits.js';
import { ACCESS, FOR_CUSTOMERS, type Access } from '../../src/platform/common/tenancy/access.js';
import {
  ALL_CREDENTIALS,
  OperatorCredentials,
  PageCredentials,
} from '../../src/platform/common/tenancy/credentials.js';
import { UserCredentials } from '../../src/platform/common/tenancy/user-credentials.js';
import { WorkspaceCredentials } from '../../src/platform/common/tenancy/workspace-credentials.js';
import { TenantGuard } from '../../src/platform/common/tenancy/tenant.guard.js';
import { call } from '../support/given.js';
import { startServer, useServer } from '../support/server.js';
import { engagementOperations, layerOperations, operations, workspaceOperations } from '../support/truth.js';

const server = useServer(startServer);

const inDocuments = [...operations, ...layerOperations, ...workspaceOperations, ...engagementOperations]
  .map(({ method, path }) => `${method} ${path}`)
  .sort();

interface Route {
  readonly name: string;
  readonly access: Access | undefined;
  readonly isForCustomers: boolean;
}

/** Each route of each controller, as Nest's own metadata has them. */
function nestRoutes(): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const module of server.get<ModulesContainer>('ModulesContainer').values()) {
    for (const { metatype } of module.controllers.values()) {
      const type = metatype as { readonly name: string; readonly prototype: Record<string, object> };
      for (const name of Object.getOwnPropertyNames(type.prototype)) {
        const handler = type.prototype[name]!;
        const method = metadata<RequestMethod>('method', handler);
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
  return server.get<Reflector>('Reflector').get<T | undefined, string>(key, of as Type);
}

/** A signed URL, or one in a mail, is used as it was given, and may as well lead to another server; providers are told where to call. */
const isOpaque = (route: string): boolean =>
  /^(GET|PUT) \/files\/|^GET \/t\/|^(GET|POST) \/u\/|^GET \/api\/media\/|^POST \/api\/providers\/|^POST \/(inbound\/email|hooks\/workflows)\/|^GET \/api\/auth\/social\/{provider}\/callback$/.test(
    route,
  );
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
    // The way in, the pages, those of mailed links, the document itself, and the demo, which is there in development only.
    const beside =
      /^(GET \/($|docs(\/|-json$|-yaml$|$)|openapi(-layer|-workspaces|-engagement)?\.json$|asyncapi\.yaml$|verify-email$|reset-password$|invitation$|signed-in$|account\/|rate\/|widget\.js$|widget\/)|\w+ \/demo(\/|$))/;
    const documented = routes.filter((route) => !beside.test(route) && !isOpaque(route));
    expect(documented.sort()).toEqual(inDocuments);
  });

  it('of Nest are those of the documents', () => {
    const routes = nestRoutes();
    const opaque = [...routes].filter(([route]) => isOpaque(route));
    const access = new Set(opaque.map(([, { access }]) => access!.for));
    expect(access).toEqual(new Set(['everybody', 'stranger']));
    expect([...routes.keys()].filter((route) => !isOpaque(route)).sort()).toEqual(inDocuments);
  });

  it('each say who may enter, and the document says the same', () => {
    const routes = nestRoutes();
    for (const { method, path, operation } of operations) {
      const { name, access, isForCustomers } = routes.get(`${method} ${path}`)!;
      const security: Readonly<Record<string, object[]>> = {
        ...{ tenant: [{ secret_key: [], public_key: [] }], operator: [{ admin_key: [] }], everybody: [] },
      };
      const schemes = [...security[access!.for]!, ...(isForCustomers ? [{ session_token: [] }] : [])];
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

describe('The routes of workspaces and SMS', () => {
  const security: Readonly<Record<string, object[]>> = {
    ...{ member: [{ user_session: [] }], user: [{ user_session: [] }], tenant: [{ api_key: [] }], stranger: [] },
  };

  it('each say who may enter, and the document says the same', () => {
    const routes = nestRoutes();
    for (const { method, path, operation } of workspaceOperations) {
      const { name, access } = routes.get(`${method} ${path}`)!;
      expect([name, operation.security]).toEqual([name, security[access!.for]]);
      const area = path.startsWith('/api/messages')
        ? 'tenant'
        : path.includes('{workspaceId}')
          ? 'member'
          : access!.for;
      expect([name, access!.for]).toEqual([name, area]);
      expect([name, 'x-required-role' in operation]).toEqual([name, area === 'member']);
    }
  });
});

describe('The routes of the engagement dialect', () => {
  const callers = [{ user_session: [] }, { personal_token: [] }, { api_key: [] }];
  const page = [{ public_key: [] }];
  const security: Readonly<Record<string, object[]>> = {
    ...{ workspace: callers, caller: callers, page, operator: [{ admin_key: [] }], stranger: [] },
  };

  it('each say who may enter, and the document says the same', () => {
    const routes = nestRoutes();
    for (const { method, path, operation } of engagementOperations) {
      const { name, access, isForCustomers } = routes.get(`${method} ${path}`)!;
      const schemes = [...security[access!.for]!, ...(isForCustomers ? [{ session_token: [] }] : [])];
      expect([name, new Set(operation.security)]).toEqual([name, new Set(schemes)]);
      const needs = operation as { 'x-required-role'?: string; 'x-required-scope'?: string };
      const { role, scope } = { scope: null, role: undefined, ...access } as { role?: string; scope: string | null };
      expect([name, needs['x-required-role'], needs['x-required-scope'] ?? null]).toEqual([name, role, scope]);
    }
  });

  it('are of groups that the core has none of', () => {
    const groupsOf = (all: typeof operations): Set<string> =>
      new Set(all.flatMap(({ path }) => /^\/api\/v1\/([^/]+)/.exec(path)?.[1] ?? []));
    const [ours, cores] = [groupsOf(engagementOperations), groupsOf(operations)];
    expect([ours.size > 0, cores.size > 8]).toEqual([true, true]);
    expect([...ours].filter((group) => cores.has(group))).toEqual([]);
    // Nor has it any that is to come.
    expect(GROUPS.filter((group) => cores.has(group))).toEqual([]);
    expect([...ours].filter((group) => !GROUPS.includes(group))).toEqual([]);
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
        { provide: PageCredentials, useValue: credentials },
        { provide: UserCredentials, useValue: credentials },
        { provide: WorkspaceCredentials, useValue: credentials },
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
