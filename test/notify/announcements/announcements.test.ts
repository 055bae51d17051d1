import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { accepted, given as givenOn, must, type Customer, type TestClient } from '../../support/given.js';
import { PushWorld, uuid } from '../../support/push-world.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

const server = useServer();
let acme: TestClient;
let john: Customer;
beforeAll(async () => {
  acme = await given.client();
  john = await given.customer(acme);
});
const given = givenOn(() => server);

const path = '/api/v1/announcements';
const parts = [{ mime_type: 'text/plain', body: 'We are open again.' }];
const to = (...recipients: readonly { readonly id: string }[]) => ({
  ...{ recipient_uuids: recipients.map(({ id }) => id), sender_name: 'The shop', parts },
});

describe('An announcement', () => {
  it('is made, and shows how far it has come', async () => {
    const jane = await given.customer(acme);
    const more = [...parts, { mime_type: 'image/gif', body: 'R0lGODlhAQABAAAAACw=', encoding: 'base64' as const }];
    // Named twice, a customer gets it once.
    const made = must(await acme.api.POST(path, { body: { ...to(john, jane, john), parts: more } }));
    const [text, image] = more;
    expect(made).toEqual({
      ...{ object: 'announcement', id: expect.stringMatching(/^ann_/), sender_name: 'The shop' },
      parts: [
        { id: expect.any(String), ...text },
        { id: expect.any(String), ...image },
      ],
      ...{ recipient_count: 2, delivered_count: 0, read_count: 0, created: expect.any(Number), livemode: false },
    });
    const params = { path: { id: made.id } };
    expect(must(await acme.api.GET('/api/v1/announcements/{id}', { params }))).toEqual(made);
    expectMissing(await (await given.client()).send('GET', `${path}/${made.id}`), 'Announcement not found');
    accepted(await acme.send('DELETE', `/api/v1/customers/${jane.id}`));
    expect((await acme.send('GET', `${path}/${made.id}`)).body.recipient_count).toBe(1);
  });

  it('is for 1 to 5,000 customers of this client, however their ids are written', async () => {
    const stranger = await given.customer(await given.client());
    const field = 'recipient_uuids';
    const says = 'One or more customers do not exist or do not belong to this client';
    expectInvalid(await acme.send('POST', path, to()), field);
    expectInvalid(await acme.send('POST', path, to(stranger)), field, says);
    expectInvalid(await acme.send('POST', path, to(john, { id: acme.uuid })), field, says);
    expectInvalid(await acme.send('POST', path, { ...to(john), [field]: Array(5_001).fill(john.id) }), field);
    const [{ count }] = (await sql('SELECT count(*)::int FROM announcements WHERE client_id = $1', acme.uuid)) as [
      { count: number },
    ];
    const crowd = Array.from({ length: 5_000 }, () => crypto.randomUUID());
    await sql(
      `INSERT INTO customers (client_id, id, name) SELECT $1, id, 'One of many' FROM unnest($2::uuid[]) AS id`,
      ...[acme.uuid, crowd],
    );
    const ample = Array.from({ length: 15 }, () => ({ mime_type: 'text/plain', body: 'x'.repeat(2_048) }));
    const reply = await acme.send('POST', path, { ...to(), [field]: crowd, parts: ample });
    expect({ status: reply.status, count: reply.body.recipient_count }).toEqual({ status: 201, count: 5_000 });
    const after = await sql('SELECT FROM announcements WHERE client_id = $1', acme.uuid);
    expect(after).toHaveLength(count + 1);
  });

  it('must have a sender, and parts that are whole', async () => {
    const send = (change: object) => acme.send('POST', path, { ...to(john), ...change });
    expectInvalid(await send({ sender_name: ' ' }), 'sender_name');
    expectInvalid(await send({ parts: [] }), 'parts');
    expectInvalid(await send({ parts: [{ mime_type: 'text/plain' }] }), 'parts.0.body');
    expectInvalid(await send({ parts: [{ ...parts[0], body: 'é'.repeat(2_049) }] }), 'parts.0.body');
    const file = formatId('file', acme.uuid);
    expectInvalid(await send({ parts: [{ mime_type: 'image/png', file_uuid: file }] }), 'parts.0.file_uuid');
    expectInvalid(await send({ notification: { title: 1 } }), 'notification.title');
  });

  it('happens once under one Idempotency-Key', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() };
    const replies = [await acme.send('POST', path, to(john), key), await acme.send('POST', path, to(john), key)];
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
    expect(replies[1]!.text).toBe(replies[0]!.text);
  });
});

describe('The notification of an announcement', () => {
  const world = new PushWorld();
  beforeAll(async () => {
    await ownDatabase();
    await world.start();
  });
  afterAll(() => world.stop());

  it('reaches the devices of its recipients, and of nobody else', async () => {
    const { acme: shop, john: sender, jane, channel, token } = await world.pair(world.kinds.fcm);
    const [jim, joan] = [await world.given.customer(shop, 'Jim'), await world.given.customer(shop, 'Joan')];
    const [his, hers] = [await world.kinds.fcm.register(shop, jim), await world.kinds.fcm.register(shop, joan)];
    await world.given.message(shop, channel, sender);
    const notification = { title: 'The shop', recipients: { [uuid(jim)]: { title: 'For Jim' } } };
    const { status, body } = await shop.send('POST', path, { ...to(jane, jim), notification });
    expect(status).toBe(201);
    await until(() => world.fcm.to(token).length === 1 && world.fcm.to(his).length === 1);
    await world.quiet(shop);
    expect(world.fcm.to(token)[0]!.body).toMatchObject({
      notification: { title: 'The shop' },
      data: { announcement_id: body.id },
      android: { notification: { notification_count: 1 } },
    });
    expect(world.fcm.to(his)[0]!.body).toMatchObject({
      notification: { title: 'For Jim' },
      android: { notification: { notification_count: 0 } },
    });
    expect(world.fcm.to(hers)).toEqual([]);
  });
});
