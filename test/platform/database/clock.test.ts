import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { call, given as givenOn, type Reply } from '../../support/given.js';
import { startProcess, type ServerProcess } from '../../support/process.js';
import { useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';
import { sql } from '../../support/sql.js';

const HOUR_S = 3_600;
const SHIFTED = new URL('../../support/shifted-clock.mjs', import.meta.url).pathname;

const server = useServer();
const given = givenOn(() => server);

describe.each([
  ['ahead of', 2 * HOUR_S],
  ['behind', -2 * HOUR_S],
])('A process whose clock is two hours %s the database’s', (_, shift) => {
  let shifted: ServerProcess;
  beforeAll(async () => {
    shifted = await startProcess({
      ...{ DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web', ADMIN_KEY, MIGRATE: 'off' },
      ...{ NODE_OPTIONS: `--import ${SHIFTED}`, CLOCK_SHIFT_MS: String(shift * 1_000) },
    });
  });
  afterAll(() => shifted.end('SIGTERM'));

  const ask = (path: string, headers: Readonly<Record<string, string>>): Promise<Reply> =>
    call(`${shifted.url}/api/v1/${path}`, 'GET', undefined, headers);
  const expired = [401, 'Unauthorized - Token expired'];

  it('lets a session live for as long as it has, and no longer', async () => {
    const acme = await given.client();
    const john = await given.customer(acme);
    const [living, dead] = [await given.session(acme, john), await given.session(acme, john)];
    const end = (id: string, seconds: number) =>
      sql(
        'UPDATE customer_sessions SET expires_at = now() + make_interval(secs => $2) WHERE id = $1',
        ...[parseId('customer_session', id), seconds],
      );
    await end(living.id, HOUR_S);
    await end(dead.id, -HOUR_S);
    expect((await ask(`customers/${john.id}`, living.headers)).status).toBe(200);
    const { status, body } = await ask(`customers/${john.id}`, dead.headers);
    expect([status, body.error]).toEqual(expired);
  });

  it('lets a key live for as long as it has, and no longer', async () => {
    const acme = await given.client();
    const operator = { authorization: `Bearer ${ADMIN_KEY}` };
    const create = (after: number): Promise<Reply> => {
      const expires_at = Math.floor(Date.now() / 1_000) + after;
      const body = { name: 'k', scopes: ['*'], expires_at };
      return call(`${shifted.url}/admin/v1/clients/${acme.id}/keys`, 'POST', body, operator);
    };
    const made = await create(HOUR_S);
    expect(made.status).toBe(201);
    expect((await create(-HOUR_S)).status).toBe(422);
    const headers = { ...acme.headers, authorization: `Bearer ${made.body.secret_key}` };
    expect((await ask('customers', headers)).status).toBe(200);
    await sql(
      `UPDATE api_keys SET expires_at = now() - interval '1 hour' WHERE id = $1`,
      parseId('api_key', made.body.id),
    );
    // Known for four seconds as it was.
    const other = await startProcess({
      ...{ DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web', MIGRATE: 'off' },
      ...{ NODE_OPTIONS: `--import ${SHIFTED}`, CLOCK_SHIFT_MS: String(shift * 1_000) },
    });
    const { status, body } = await call(`${other.url}/api/v1/customers`, 'GET', undefined, headers);
    expect([status, body.error]).toEqual(expired);
    await other.end('SIGTERM');
  });
});
