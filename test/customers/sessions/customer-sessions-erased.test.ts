import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Customer } from '../../support/given.js';
import { expectMissing } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { beside, somebodyWaits, sql } from '../../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

const sessionsOf = ({ id }: Customer): string => `/api/v1/customers/${id}/sessions`;

it('The session of a customer who is erased stops at once', async () => {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  const [his, hers] = [await given.session(acme, john), await given.session(acme, jane)];
  expect((await his.send('GET', `/api/v1/channels/${channel.id}`)).status).toBe(200);
  expect((await acme.send('DELETE', `/api/v1/customers/${john.id}`)).status).toBe(204);
  const { status, body } = await his.send('GET', `/api/v1/channels/${channel.id}`);
  expect([status, body.error]).toEqual([401, 'Unauthorized - Invalid token for this client']);
  expect((await hers.send('GET', `/api/v1/channels/${channel.id}`)).status).toBe(200);
});

describe('A session of a customer who is erased meanwhile', () => {
  it('is none: it is waited for', async () => {
    const acme = await given.client();
    const john = await given.customer(acme);
    await beside(async (erasing) => {
      const row = [acme.uuid, parseId('customer', john.id)];
      await erasing.query('BEGIN');
      await erasing.query('UPDATE customers SET message_count = 0 WHERE client_id = $1 AND id = $2', row);
      await erasing.query('DELETE FROM customers WHERE client_id = $1 AND id = $2', row);
      const asked = acme.send('POST', sessionsOf(john), {});
      while (!(await somebodyWaits())) {
        // It is on its way.
      }
      await erasing.query('COMMIT');
      expectMissing(await asked, 'Customer not found');
    });
  });

  it('is made before or refused after, and ends in either case', async () => {
    const acme = await given.client();
    const made: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      const { john, channel } = await given.pair(acme);
      await given.message(acme, channel, john);
      const ask = () => acme.send('POST', sessionsOf(john), {});
      const erase = acme.send('DELETE', `/api/v1/customers/${john.id}`);
      const replies = await Promise.all([ask(), ask(), sleep(round % 10).then(ask), erase]);
      expect(replies.pop()!.status).toBe(204);
      expect([201, 404]).toEqual(expect.arrayContaining(replies.map(({ status }) => status)));
      made.push(...replies.flatMap(({ body }) => body.token ?? []));
    }
    expect(made.length).toBeGreaterThan(0);
    expect(await sql('SELECT FROM customer_sessions WHERE client_id = $1', acme.uuid)).toEqual([]);
  });
});
