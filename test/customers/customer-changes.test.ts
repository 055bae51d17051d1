import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn, type Customer, type TestClient } from '../support/given.js';
import { muchSaid } from '../support/much-said.js';
import { expectInvalid, expectMissing } from '../support/refused.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

const update = (acme: TestClient, { id }: Customer, body: unknown) =>
  acme.send('PATCH', `/api/v1/customers/${id}`, body);
const erase = (acme: TestClient, { id }: Customer) => acme.send('DELETE', `/api/v1/customers/${id}`);
const get = (acme: TestClient, { id }: Customer) => acme.send('GET', `/api/v1/customers/${id}`);

describe('PATCH /customers/{id}', () => {
  it('changes what is given and keeps the rest', async () => {
    const acme = await given.client();
    const john = await given.customer(acme);
    const email = `${randomUUID()}@example.com`;
    const steps: Array<[unknown, object]> = [
      [{ name: 'Johnny' }, { name: 'Johnny' }],
      [{ email: ` ${email.toUpperCase()} ` }, { name: 'Johnny', email }],
      [{ metadata: { a: [1] } }, { name: 'Johnny', email, metadata: { a: [1] } }],
      [{}, { name: 'Johnny', email, metadata: { a: [1] } }],
      [
        { name: null, email: null },
        { name: 'Johnny', email, metadata: { a: [1] } },
      ],
      [{ metadata: null }, { name: 'Johnny', email, metadata: null }],
      [{ name: 'John Doe', email: john.email }, {}],
    ];
    for (const [body, expected] of steps) {
      const reply = await update(acme, john, body);
      expect({ status: reply.status, body: reply.body }).toEqual({ status: 200, body: { ...john, ...expected } });
      expect((await get(acme, john)).body).toEqual(reply.body);
    }
  });

  it('refuses an e-mail that another customer of the client has', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const text = 'The email has already been taken.';
    expectInvalid(await update(acme, john, { name: 'X', email: jane.email }), 'email', text);
    expect((await get(acme, john)).body).toEqual(john);
    expect((await update(acme, john, { email: john.email })).body).toEqual(john);
    const foreign = await given.customer(other);
    expect((await update(acme, john, { email: foreign.email })).body.email).toBe(foreign.email);
  });

  it('lets one of twenty have an e-mail that all want at once', async () => {
    const acme = await given.client();
    const people = await Promise.all(Array.from({ length: 20 }, () => given.customer(acme)));
    const email = `${randomUUID()}@example.com`;
    const replies = await Promise.all(people.map((one) => update(acme, one, { email })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(422)]);
  });

  it.each([
    ['name', ''],
    ['name', 7],
    ['name', 'x'.repeat(256)],
    ['email', ''],
    ['email', 'nobody'],
    ['metadata', 'x'],
    ['id', 'cus_x'],
  ])('refuses %s %j', async (field, value) => {
    const acme = await given.client();
    expectInvalid(await update(acme, await given.customer(acme), { [field]: value }), field);
  });

  it('answers 404 for whatever names no customer of the caller', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    for (const id of [john.id, formatId('customer', randomUUID()), channel.id, 'nonsense']) {
      const replies = [
        await acme.send('PATCH', `/api/v1/customers/${id}`, { name: 'Mine' }),
        await acme.send('DELETE', `/api/v1/customers/${id}`),
      ];
      replies.forEach((reply) => expectMissing(reply, 'Customer not found'));
    }
    expect((await get(other, john)).body).toEqual(john);
  });
});

describe('DELETE /customers/{id}', () => {
  it('erases the customer; its messages stay, of nobody', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const said = await given.message(acme, channel, john);
    const reply = await erase(acme, john);
    expect([reply.status, reply.text]).toEqual([204, '']);

    expectMissing(await get(acme, john), 'Customer not found');
    expectMissing(await erase(acme, john), 'Customer not found');
    const expected = { ...said, sender_id: null };
    const list = (await acme.send('GET', `/api/v1/messages/channel/${channel.id}`)).body;
    expect(list).toMatchObject({ data: [expected], total_count: 1 });
    expect((await acme.send('GET', `/api/v1/messages/${said.id}`)).body).toEqual(expected);
    const [inbox] = (await acme.send('GET', `/api/v1/channels/customer/${jane.id}`)).body.data;
    expect(inbox).toMatchObject({ unread_count: 1, last_message: expected, customers: [{ id: jane.id }] });
    const receipts = (await acme.send('GET', `/api/v1/messages/${said.id}/receipts`)).body;
    expect(receipts).toMatchObject({ data: [{ customer_id: jane.id, status: 'sent' }], total_count: 1 });
    expect((await acme.send('GET', '/api/v1/customers')).body).toMatchObject({ data: [jane], total_count: 1 });
    expect((await acme.send('GET', '/api/v1/customers/active')).body).toMatchObject({ data: [], total_count: 0 });
    await expectExactRows(acme.uuid);
  });

  it('leaves nothing of the person in any table', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    accepted(await update(acme, john, { name: 'Johnny Unmistakable', metadata: { secret: 'Unmistakable' } }));
    const message = await given.message(acme, channel, jane);
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid: john.id }));
    accepted(await acme.send('DELETE', `/api/v1/messages/${message.id}?mode=my_devices&customer_uuid=${john.id}`));
    await sql(
      `INSERT INTO customer_sessions (client_id, id, customer_id, token_sha256, expires_at)
       VALUES ($1, gen_random_uuid(), $2, sha256(convert_to($3, 'UTF8')), now() + interval '1 day')`,
      acme.uuid,
      parseId('customer', john.id),
      randomUUID(),
    );
    accepted(await erase(acme, john));
    const tables = await sql<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'client_id'`,
    );
    for (const { name } of tables) {
      const found = await sql(
        `SELECT * FROM "${name}" t WHERE client_id = $1 AND (t::text LIKE '%' || $2 || '%' OR t::text LIKE '%Unmistak%')`,
        acme.uuid,
        parseId('customer', john.id),
      );
      expect([name, found]).toEqual([name, []]);
    }
    await expectExactRows(acme.uuid);
  });

  it('frees the e-mail', async () => {
    const acme = await given.client();
    const { john, jane } = await given.pair(acme);
    accepted(await erase(acme, john));
    const again = await acme.send('POST', '/api/v1/customers', { name: 'New', email: john.email });
    expect([again.status, again.body.id === john.id]).toEqual([201, false]);
    const body = { sender_email: john.email, recipient_email: jane.email, type: 'text', content: 'Hello' };
    expect((await acme.send('POST', '/api/v1/messages/send-to-customer', body)).status).toBe(201);
    await expectExactRows(acme.uuid);
  });

  it('takes what no single transaction would', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const first = await given.message(acme, channel, john);
    await muchSaid(acme.uuid, channel, john, 1_200);
    await Promise.all(Array.from({ length: 110 }, (_, at) => given.channel(acme, [john, jane], `Number ${at}`)));
    await expectExactRows(acme.uuid);
    expect((await erase(acme, john)).status).toBe(204);
    await expectExactRows(acme.uuid);
    const list = (await acme.send('GET', `/api/v1/messages/channel/${channel.id}`)).body;
    expect([list.total_count, list.data[0]]).toEqual([1_200, { ...first, sender_id: null }]);
    expect((await acme.send('GET', `/api/v1/channels/customer/${jane.id}`)).body.total_count).toBe(111);
  });
});
