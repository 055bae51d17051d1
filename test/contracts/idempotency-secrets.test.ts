import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { ForgetSecrets1795300000000 } from '../../migrations/1795300000000-ForgetSecrets.js';
import { call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { startServer, useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { sql } from '../support/sql.js';
import { document, operations } from '../support/truth.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

const ENDPOINT = { url: 'https://1.1.1.1/', events: ['message.created'], enabled: false };
const keptFor = (key: string) => sql('SELECT 1 FROM idempotency_keys WHERE key = $1', key);
const asOperator = (path: string, body: object, headers: Record<string, string>) =>
  call(`${server.url}/admin/v1/clients${path}`, 'POST', body, { authorization: `Bearer ${ADMIN_KEY}`, ...headers });

/** Every request whose answer shows a secret once, each by its name in the document. */
const REQUESTS: Readonly<Record<string, (headers: Record<string, string>) => Promise<Reply>>> = {
  customerSessionsCreate: async (headers) =>
    acme.send('POST', `/api/v1/customers/${(await given.customer(acme)).id}/sessions`, {}, headers),
  webhookEndpointsCreate: (headers) => acme.send('POST', '/api/v1/webhook_endpoints', ENDPOINT, headers),
  webhookEndpointsRotateSecret: async (headers) => {
    const made = await acme.send('POST', '/api/v1/webhook_endpoints', ENDPOINT);
    expect(made.status).toBe(201);
    return acme.send('POST', `/api/v1/webhook_endpoints/${made.body.id}/rotate`, undefined, headers);
  },
  adminClientsCreate: (headers) => asOperator('', { name: 'Umbrella', domain: 'example.org' }, headers),
  adminKeysCreate: (headers) => asOperator(`/${acme.id}/keys`, { name: 'new', scopes: ['*'] }, headers),
};

describe('An answer that shows a secret once', () => {
  it.each(Object.entries(REQUESTS))('is kept for no key: %s', async (name, send) => {
    const key = randomUUID();
    const refused = await send({ 'idempotency-key': key });
    expect([refused.status, refused.body.code]).toEqual([400, 'idempotency_key_not_taken']);
    expect(await keptFor(key)).toEqual([]);
    expect([200, 201]).toContain((await send({})).status);

    const { operation } = operations.find((one) => one.operation.operationId === name)!;
    expect(operation.parameters?.map((parameter) => parameter.name) ?? []).not.toContain('Idempotency-Key');
    expect((operation as { description?: string }).description).toContain('`Idempotency-Key` is refused with 400');
  });

  it('is of one of these requests', () => {
    const schemas = (document as unknown as { components: { schemas: Record<string, object> } }).components.schemas;
    const showsSecret = (answer: object): boolean =>
      [...JSON.stringify(answer).matchAll(/schemas\/(\w+)/g)].some(([, name]) =>
        JSON.stringify(schemas[name!]).includes('shown only in this answer'),
      );
    const shows = operations.filter(({ operation }) =>
      Object.entries(operation.responses).some(([status, answer]) => status.startsWith('2') && showsSecret(answer)),
    );
    expect(shows.map(({ operation }) => operation.operationId).sort()).toEqual(Object.keys(REQUESTS).sort());
  });

  it('that an older version kept is forgotten, and no other', async () => {
    const bodies = {
      session: '{"object":"customer_session","id":"cs_1","token":"cst_test_1"}',
      endpoint: '{"object":"webhook_endpoint","id":"we_1","url":"https://1.1.1.1/","secret":"whsec_1"}',
      message: '{"object":"message","content":"\\"secret\\":\\"whsec_1"}',
      customer: '{"object":"customer","metadata":{"object":"customer_session"}}',
    };
    for (const [key, body] of Object.entries(bodies)) {
      await sql(
        'INSERT INTO idempotency_keys (client_id, key, fingerprint, status, body) VALUES ($1, $2, $3, 201, $4)',
        ...[acme.uuid, key, Buffer.alloc(32), body],
      );
    }
    const runner = server.get<DataSource>('DataSource').createQueryRunner();
    await new ForgetSecrets1795300000000().up(runner);
    await runner.release();
    const kept = await sql('SELECT key FROM idempotency_keys WHERE client_id = $1 ORDER BY key', acme.uuid);
    expect(kept).toEqual([{ key: 'customer' }, { key: 'message' }]);
  });
});
