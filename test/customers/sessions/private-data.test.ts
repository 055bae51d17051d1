import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { given as givenOn } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

async function databaseLog(): Promise<string> {
  const [row] = await sql<{ data_directory: string }>('SHOW data_directory');
  return readFile(join(row!.data_directory, 'server.log'), 'utf8');
}

describe('The log of PostgreSQL', () => {
  it('holds no e-mail and no external id of who wants one that is taken', async () => {
    const acme = await given.client();
    const external_id = `user-${randomUUID()}`;
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    expect((await acme.send('PATCH', `/api/v1/customers/${john.id}`, { external_id })).status).toBe(200);
    const attempts = [
      await acme.send('PATCH', `/api/v1/customers/${jane.id}`, { email: john.email }),
      await acme.send('PATCH', `/api/v1/customers/${jane.id}`, { external_id }),
      await acme.send('POST', '/api/v1/customers', { name: 'J', email: `${randomUUID()}@example.com`, external_id }),
      await acme.send('POST', '/api/v1/customers', { name: 'J', email: john.email }),
    ];
    expect(attempts.map(({ status, body }) => [status, Object.keys(body.errors ?? {})])).toEqual([
      [422, ['email']],
      [422, ['external_id']],
      [422, ['external_id']],
      [200, []],
    ]);
    // At once, too: of ten who want the same e-mail one gets it.
    const wanted = `${randomUUID()}@example.com`;
    const crowd = await Promise.all(Array.from({ length: 10 }, () => given.customer(acme)));
    const replies = await Promise.all(
      crowd.map(({ id }) => acme.send('PATCH', `/api/v1/customers/${id}`, { email: wanted })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(422)]);
    // What comes later in the log than all of this, so that all of it is there.
    const last = `last-${randomUUID()}`;
    await expect(sql(`SELECT '${last}'::int`)).rejects.toThrow('invalid input syntax');
    const log = await databaseLog();
    expect(log).toContain(last);
    for (const secret of [john.email!, external_id, wanted]) {
      expect(log).not.toContain(secret);
    }
  });
});

describe('A customer’s session', () => {
  it('may not say what the system says; its client may', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const body = { channel_uuid: channel.id, sender_uuid: john.id, type: 'system', content: 'John joined' };
    const refused = await (await given.session(acme, john)).send('POST', '/api/v1/messages', body);
    expect([refused.status, Object.keys(refused.body.errors ?? {})]).toEqual([422, ['type']]);
    expect((await acme.send('POST', '/api/v1/messages', body)).status).toBe(201);
  });
});
