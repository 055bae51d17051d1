import type { AddressInfo } from 'node:net';
import { Controller, Get, Module, type Type } from '@nestjs/common';
import { ApiTags, DocumentBuilder } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { createApp } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import { DIALECTS } from '../../src/dialects/index.js';
import { ErrorDialect } from '../../src/platform/common/errors/error-dialect.js';
import { unauthorized, type Refusal } from '../../src/platform/common/errors/refusal.js';
import { Operation } from '../../src/platform/common/openapi/operation.js';
import { published } from '../../src/platform/common/openapi/published.js';
import { CurrentTenant, Requires } from '../../src/platform/common/tenancy/access.js';
import { Credentials, type AuthContext } from '../../src/platform/common/tenancy/credentials.js';
import type { Tenant } from '../../src/platform/common/tenancy/tenant.js';
import { given as givenOn, type TestClient } from '../support/given.js';
import { ADMIN_KEY } from '../support/settings.js';

const isEcho = ({ path }: Pick<Request, 'path'>): boolean => /^\/echo(\/|$)/.test(path);

class EchoCredentials extends Credentials {
  recognises(request: Request): boolean {
    return isEcho(request);
  }

  admit({ headers }: Request): Promise<AuthContext> {
    const clientId = headers['x-echo'];
    if (typeof clientId !== 'string') {
      return Promise.reject(unauthorized('Say X-Echo'));
    }
    const limits = { rateLimit: null, totalRateLimit: null };
    const by = { kind: 'key', id: clientId } as const;
    return Promise.resolve({ tenant: { clientId, livemode: false }, scopes: ['*'], by, customerId: null, ...limits });
  }
}

class EchoErrors extends ErrorDialect {
  speaks(request: Request): boolean {
    return isEcho(request);
  }

  answer(refusal: Refusal | null) {
    return { status: 418, body: { oops: refusal?.message } };
  }
}

@ApiTags('echo')
@Controller('echo')
class EchoController {
  @Get('me')
  @Requires('messages:read')
  @Operation('Echo')
  me(@CurrentTenant() { clientId }: Tenant): object {
    return { clientId };
  }
}

const parts: Type[] = [EchoCredentials, EchoErrors];

@Module({ controllers: [EchoController], providers: parts, exports: parts })
class EchoModule {}

/** All that a further dialect takes: a folder like the lines above, and this entry in the list. */
const echo: Dialect = {
  name: 'Echo',
  mountedAt: ['/echo'],
  module: EchoModule,
  credentials: EchoCredentials,
  errors: EchoErrors,
  document: (routes) =>
    published(
      new DocumentBuilder().setTitle('Echo').build(),
      routes,
      (path) => isEcho({ path }),
      (part) => part,
    ),
  edge: (request: Request, response: Response, next) => {
    if (isEcho(request)) {
      response.setHeader('X-Edge', 'echo');
    }
    next();
  },
};

let app: NestExpressApplication;
let url: string;
let acme: TestClient;
beforeAll(async () => {
  const config = loadConfig({ ROLE: 'web', LOG_LEVEL: 'error', ADMIN_KEY });
  app = await createApp(config, process.env.TEST_DATABASE_URL!, [...DIALECTS, echo]);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  url = `http://127.0.0.1:${port}`;
  acme = await givenOn(() => ({ app, port, url, stop: () => app.close() })).client();
});
afterAll(() => app.close());

const ask = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(url + path, { headers });
  return { status: answer.status, edge: answer.headers.get('x-edge'), body: (await answer.json()) as object };
};

describe('A dialect that is in the list', () => {
  it('admits by its own credentials, behind its own edge', async () => {
    expect(await ask('/echo/me', { 'X-Echo': acme.uuid })).toEqual({
      status: 200,
      edge: 'echo',
      body: { clientId: acme.uuid },
    });
  });

  it('tells errors in its own words, also of what is no route, and nobody else’s', async () => {
    expect(await ask('/echo/me')).toEqual({ status: 418, edge: 'echo', body: { oops: 'Unauthorized - Say X-Echo' } });
    expect(await ask('/echo/nowhere')).toMatchObject({ status: 418, body: { oops: 'Route not found' } });
    expect(await ask('/api/v1/nowhere')).toMatchObject({ status: 404, edge: null, body: { code: 'not_found' } });
  });

  it('has a document of its own, which the core’s leaves to it', async () => {
    expect(await ask('/openapi-echo.json')).toMatchObject({ status: 200, body: { info: { title: 'Echo' } } });
    const pathsOf = async (path: string) => Object.keys(((await ask(path)).body as { paths: object }).paths);
    expect(await pathsOf('/openapi-echo.json')).toEqual(['/echo/me']);
    expect(await pathsOf('/openapi.json')).not.toContain('/echo/me');
  });
});
