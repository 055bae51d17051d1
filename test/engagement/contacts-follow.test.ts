import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given, type Customer, type TestClient } from '../support/given.js';
import { layerApp } from '../support/layer.js';
import { useServer } from '../support/server.js';
import { beside, sql } from '../support/sql.js';
import { PHONE, teamsOn } from '../support/texting.js';

const server = useServer();
const { client, customer, pair, message } = given(() => server);
const { team } = teamsOn(() => server);

const uuidOf = ({ id }: Pick<Customer, 'id'>): string => parseId('customer', id)!;
const contactsOf = (clientId: string) =>
  sql(
    `SELECT contact.customer_id AS uuid, contact.number::int, first_name, last_name, email, phone, status, custom_fields,
            search_text, touch.number::int AS touched
     FROM contacts contact LEFT JOIN contact_touches touch USING (client_id, customer_id)
     WHERE client_id = $1 ORDER BY contact.number`,
    clientId,
  );
const change = async (of: TestClient, one: Customer, body: object) =>
  accepted(await of.send('PATCH', `/api/v1/customers/${one.id}`, body));

describe('A customer is a contact in the same commit', () => {
  it('made by the core', async () => {
    const acme = await client();
    const [john, jane] = [await customer(acme, 'Jöhn van Doe'), await customer(acme, '555')];
    const shown = { status: 'active', phone: null, custom_fields: {} };
    expect(await contactsOf(acme.uuid)).toEqual([
      {
        ...{ ...shown, uuid: uuidOf(john), email: john.email, number: 1, touched: 1 },
        ...{ first_name: 'Jöhn', last_name: 'van Doe', search_text: ` john van doe ${john.email}` },
      },
      {
        ...{ ...shown, uuid: uuidOf(jane), email: jane.email, number: 2, touched: 2 },
        ...{ first_name: '555', last_name: null, search_text: ` 555 ${jane.email}` },
      },
    ]);
    await expectExactRows(acme.uuid);
  });

  it('made by Layer, several at once, which counts a number each', async () => {
    const app = await layerApp(() => server, await client());
    const anna = await app.session('anna', { first_name: 'Anna', last_name: 'von Schmidt', display_name: 'Anni' });
    accepted(await anna.send('POST', '/conversations', { participants: ['mia', 'ben', 'anna'], distinct: false }));
    const contacts = await contactsOf(app.client.uuid);
    expect(contacts.map((one) => [one.number, one.touched, one.first_name, one.last_name])).toEqual([
      [1, 1, 'Anna', 'von Schmidt'],
      [2, 2, expect.stringMatching(/^(ben|mia)$/), null],
      [3, 3, expect.stringMatching(/^(ben|mia)$/), null],
    ]);
    await expectExactRows(app.client.uuid);
  });

  it('made by a text message, and the number of the workspace is none', async () => {
    const acme = await team();
    await acme.hear('Hello');
    const contacts = await contactsOf(acme.uuid);
    expect(contacts).toEqual([expect.objectContaining({ number: 1, phone: PHONE, last_name: null, email: null })]);
    await expectExactRows(acme.uuid);
  });

  it('made fifty at once: each has its own number, and none is left out', async () => {
    const acme = await client();
    await Promise.all(Array.from({ length: 50 }, (_, n) => customer(acme, `Nr ${n}`)));
    const numbers = (await contactsOf(acme.uuid)).map((one) => one.number);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    await expectExactRows(acme.uuid);
  });
});

describe('A contact follows its customer', () => {
  it('in name, e-mail, phone and custom fields', async () => {
    const acme = await client();
    const john = await customer(acme);
    await change(acme, john, { name: 'Ann Lee', email: 'ann@example.com', metadata: { plan: 'pro' } });
    expect(await contactsOf(acme.uuid)).toEqual([
      expect.objectContaining({
        ...{ number: 1, first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com', custom_fields: { plan: 'pro' } },
        search_text: ' ann lee ann@example.com',
      }),
    ]);
    await sql(`UPDATE customers SET phone = '+4930' WHERE client_id = $1`, acme.uuid);
    expect((await contactsOf(acme.uuid))[0]!.phone).toBe('+4930');
    await sql(`UPDATE contacts SET phone = '030 typed' WHERE client_id = $1`, acme.uuid);
    await sql(`UPDATE customers SET phone = '+4940' WHERE client_id = $1`, acme.uuid);
    expect((await contactsOf(acme.uuid))[0]!.phone).toBe('030 typed');
    await sql(`UPDATE customers SET metadata = NULL WHERE client_id = $1`, acme.uuid);
    expect((await contactsOf(acme.uuid))[0]!.custom_fields).toEqual({});
  });

  it('into its erasure, and its number is never given again', async () => {
    const acme = await client();
    const [john, jane] = [await customer(acme), await customer(acme)];
    await sql(
      `UPDATE contacts SET status = 'unsubscribed' WHERE client_id = $1 AND customer_id = $2`,
      acme.uuid,
      uuidOf(jane),
    );
    await expectExactRows(acme.uuid);
    accepted(await acme.send('DELETE', `/api/v1/customers/${jane.id}`));
    await expectExactRows(acme.uuid);
    await customer(acme);
    const numbers = (await contactsOf(acme.uuid)).map((one) => one.number);
    expect(numbers).toEqual([1, 3]);
    accepted(await acme.send('DELETE', `/api/v1/customers/${john.id}`));
    await expectExactRows(acme.uuid);
  });
});

it('A send fires none of this', async () => {
  const acme = await client();
  const { john, channel } = await pair(acme);
  const versions = () => sql(`SELECT customer_id, xmin FROM contacts WHERE client_id = $1 ORDER BY number`, acme.uuid);
  const before = await versions();
  await message(acme, channel, john);
  expect(await versions()).toEqual(before);
  const firedBy = (assignment: string) =>
    beside(async (connection) => {
      await connection.query('BEGIN');
      const { rows } = await connection.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN ANALYZE UPDATE customers SET ${assignment} WHERE client_id = '${acme.uuid}'`,
      );
      return rows.map((row) => /^Trigger (\w+)/.exec(row['QUERY PLAN'])?.[1]).filter((name) => name !== undefined);
    });
  expect(await firedBy(`message_count = message_count + 1, latest_message_at = now()`)).toEqual([]);
  expect(await firedBy(`name = 'Another'`)).toContain('follow_customer');
});

it('Draws numbers for a client whose rows are not there yet', async () => {
  const acme = await client();
  await sql(`DELETE FROM counters WHERE client_id = $1 AND name LIKE 'contacts%'`, acme.uuid);
  await sql(
    `INSERT INTO customers (client_id, id, name, email) SELECT $1, id, 'Of two', id || '@example.com' FROM unnest($2::uuid[]) id`,
    ...[acme.uuid, [uuidv7(), uuidv7()]],
  );
  expect((await contactsOf(acme.uuid)).map((one) => one.number)).toEqual([1, 2]);
  const drawn = await sql(`SELECT draw_numbers($1, $2, 3)::int AS last`, acme.uuid, randomUUID());
  expect(drawn).toEqual([{ last: 3 }]);
});
