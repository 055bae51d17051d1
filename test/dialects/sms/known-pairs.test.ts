import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import type { Database } from '../../../src/platform/database/database.js';
import { accepted, call, type Reply, type TestClient } from '../../support/given.js';
import { deliveriesOf, OUR_NUMBER, phonesOn } from '../../support/phones.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { givenUsers, inWorkspace, keyOf, type TestUser, type Workspace } from '../../support/users.js';

const server = useServer(() => startServer({ ROLE: 'web' }));
/** Another process on the same database. */
const elsewhere = useServer();
const given = phonesOn(() => server);
const users = givenUsers(() => elsewhere);

const [PHONE, OTHER] = ['+14155552671', '+15005550100'];
/** What a request may still go by after it has changed elsewhere, and a look-up. */
const STALE_SECONDS = 5;

const sendingAs =
  ({ secretKey }: Pick<TestClient, 'secretKey'>) =>
  (body: object, more: Record<string, string> = {}): Promise<Reply> =>
    call(`${server.url}/api/messages`, 'POST', body, { authorization: `Bearer ${secretKey}`, ...more });
const error = ({ status, body }: Reply): unknown => [status, (body as { error?: string }).error];

const uuidOf = ({ id }: Workspace): string => parseId('client', id)!;

/** The id of a new number. */
async function numberOf(owner: TestUser, workspace: Workspace, number: string): Promise<string> {
  const made = accepted(await owner.send('POST', inWorkspace(workspace, '/phone-numbers'), { number }));
  return (made.body as { id: string }).id;
}

/** The names of what `work` asks the database for the client. */
async function statementsOf({ uuid }: TestClient, work: () => Promise<Reply>): Promise<string[]> {
  const database = server.get<Database>('Database');
  const [spy, begun] = [jest.spyOn(database, 'runFor'), jest.spyOn(database, 'transaction')];
  try {
    accepted(await work());
    expect(begun).not.toHaveBeenCalled();
    return spy.mock.calls.filter(([{ clientId }]) => clientId === uuid).map(([, { name = 'unnamed' }]) => name);
  } finally {
    spy.mockRestore();
    begun.mockRestore();
  }
}

describe('POST /api/messages to a known phone', () => {
  it('takes two round trips, whoever names the number, however it is written, with a key and without', async () => {
    const acme = await given.client();
    await given.address(acme);
    const send = sendingAs(acme);
    accepted(await send({ to: PHONE, body: 'The first', from: OUR_NUMBER }));
    accepted(await send({ to: '(415) 555-2671', body: 'The first of a country and the default' }));
    for (const body of [
      { to: PHONE, body: 'x' },
      { to: '(415) 555-2671', body: 'x', from: '(500) 555-0006' },
    ]) {
      expect(await statementsOf(acme, () => send(body))).toEqual(['texts.find_thread', 'messages.send_by_key']);
      const key = { 'idempotency-key': randomUUID() };
      expect(await statementsOf(acme, () => send(body, key))).toEqual([
        'texts.find_thread',
        'sends.send_many_claiming',
      ]);
    }
    expect(await deliveriesOf(acme)).toHaveLength(6);
  });

  it('keeps which key sent each, however many are sent at once', async () => {
    const { owner, workspace } = await users.team();
    await numberOf(owner, workspace, OUR_NUMBER);
    const keys = [await keyOf(owner, workspace), await keyOf(owner, workspace)];
    const listed = accepted(await owner.send('GET', inWorkspace(workspace, '/api-keys'))).body.data as { id: string }[];
    const [second, first] = listed.map(({ id }) => id);
    const [one, other] = keys.map((secretKey) => sendingAs({ secretKey }));
    accepted(await one!({ to: PHONE, body: 'first, to nobody known' }));
    const byUser = (body: object): Promise<Reply> => owner.send('POST', inWorkspace(workspace, '/messages'), body);
    const once = () => ({ 'idempotency-key': randomUUID() });
    // The same process's sends of a client share statements: all of these, then those under keys of requests, too.
    const plain = (n: number) => [
      one!({ to: PHONE, body: `first, ${n}` }),
      other!({ to: PHONE, body: `second, ${n}` }),
      byUser({ to: PHONE, body: `null, ${n}` }),
    ];
    const keyed = (n: number) => [
      one!({ to: PHONE, body: `first, ${n} once` }, once()),
      other!({ to: PHONE, body: `second, ${n} once` }, once()),
      other!({ to: PHONE, body: `second, ${n} timed`, validityPeriod: 60 }, once()),
    ];
    const numbers = Array.from({ length: 8 }, (_, n) => n);
    (await Promise.all(numbers.flatMap(plain))).forEach(accepted);
    (await Promise.all(numbers.flatMap((n) => [...plain(n), ...keyed(n)]))).forEach(accepted);
    const shown = accepted(await owner.send('GET', inWorkspace(workspace, '/messages?limit=100'))).body.data as {
      body: string;
      keyId: string | null;
    }[];
    expect(shown).toHaveLength(1 + 8 * 3 + 8 * 6);
    for (const { body, keyId } of shown) {
      const expected = body.startsWith('first') ? first : body.startsWith('second') ? second : null;
      expect([body, keyId]).toEqual([body, expected]);
    }
  });

  it('under a key that was used answers as then, whatever has come of the pair, or says that it was another request', async () => {
    const acme = await given.client();
    const number = await given.address(acme);
    const send = sendingAs(acme);
    accepted(await send({ to: PHONE, body: 'The first' }));
    const [body, key] = [{ to: PHONE, body: 'Once' }, { 'idempotency-key': randomUUID() }];
    const first = accepted(await send(body, key)).body;
    await sql(`UPDATE customers SET phone = NULL WHERE client_id = $1 AND phone = $2`, acme.uuid, PHONE);
    expect((await send(body, key)).body).toEqual(first);
    await sql(`UPDATE addresses SET released_at = now(), is_default = false WHERE client_id = $1`, acme.uuid);
    const again = await send(body, key);
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first, 'true']);
    for (const other of [{ ...body, body: 'Twice' }, { to: PHONE }, { ...body, media: 1 }]) {
      expect(error(await send(other, key))).toEqual([400, 'idempotency_key_reused']);
    }
    expect([number.id.slice(0, 4), (await deliveriesOf(acme)).length]).toEqual(['cus_', 2]);
    expect(await sql(`SELECT FROM customers WHERE client_id = $1 AND phone IS NOT NULL`, acme.uuid)).toEqual([]);
  });

  it('goes by what another process changed within seconds, and by what this one did at once', async () => {
    const { owner, workspace } = await users.team();
    const send = sendingAs({ secretKey: await keyOf(owner, workspace) });
    const [first, second] = [await numberOf(owner, workspace, OUR_NUMBER), await numberOf(owner, workspace, OTHER)];
    const [from, unverified] = [OUR_NUMBER, '+15005550007'];
    expect((await send({ to: PHONE, body: 'x', from })).status).toBe(200);
    await numberOf(owner, workspace, unverified);
    expect(error(await send({ to: PHONE, body: 'x', from: unverified }))).toEqual([400, 'invalid_from']);
    await sql(
      `UPDATE addresses SET verified_at = now() WHERE address = $1 AND client_id = $2`,
      unverified,
      uuidOf(workspace),
    );
    expect((await send({ to: PHONE, body: 'x', from: unverified })).status).toBe(200);

    const sender = async () => {
      const { sid } = accepted(await send({ to: PHONE, body: 'x' })).body;
      return accepted(await owner.send('GET', inWorkspace(workspace, `/messages/${sid}`))).body.from;
    };
    expect(await sender()).toBe(OUR_NUMBER);
    accepted(await owner.send('PATCH', inWorkspace(workspace, `/phone-numbers/${second}`), { isDefault: true }));
    await until(async () => (await sender()) === OTHER, STALE_SECONDS);
    accepted(await owner.send('DELETE', inWorkspace(workspace, `/phone-numbers/${first}`)));
    await until(async () => (await send({ to: PHONE, body: 'x', from })).status === 400, STALE_SECONDS);

    // The country, too.
    const national = { to: '030 901820', body: 'x' };
    expect(error(await send(national))).toEqual([400, 'invalid_number']);
    accepted(await owner.send('PATCH', inWorkspace(workspace), { defaultCountry: 'DE' }));
    await until(async () => (await send(national)).status === 200, STALE_SECONDS);

    const here = (method: string, path: string, body?: object) =>
      call(`${server.url}${inWorkspace(workspace, path)}`, method, body, { authorization: `Bearer ${owner.token}` });
    accepted(await here('PATCH', '', { defaultCountry: 'US' }));
    expect(error(await send(national))).toEqual([400, 'invalid_number']);
    accepted(await here('DELETE', `/phone-numbers/${second}`));
    expect(error(await send({ to: PHONE, body: 'x' }))).toEqual([400, 'provider_not_configured']);
  });
});
