import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn, must, type Reply, type TestClient } from '../support/given.js';
import { docUrl, expectInvalid, expectMissing } from '../support/refused.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

type Body = Record<string, unknown>;
const send = (of: Pick<TestClient, 'send'>, body: Body, headers?: Record<string, string>) =>
  of.send('POST', '/api/v1/messages', { type: 'text', content: 'Hello', ...body }, headers);
const inChannel = async (acme: TestClient, id: string) =>
  must(await acme.api.GET('/api/v1/messages/channel/{id}', { params: { path: { id }, query: { limit: 100 } } }));

/** Holds that the id was refused; and shows this message, or none. */
function expectInUse({ status, body }: Reply, message?: object): void {
  expect({ status, body }).toEqual({
    status: 409,
    body: {
      error: 'The id is in use',
      code: 'id_in_use',
      doc_url: docUrl('id_in_use'),
      request_id: expect.any(String),
      ...(message ? { data: message } : {}),
    },
  });
}

async function world() {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  return { acme, john, jane, channel, to: { channel_uuid: channel.id, sender_uuid: john.id } };
}

describe('An id that the client made', () => {
  it('is the message’s, given as a UUID or as ours are written', async () => {
    const { acme, to } = await world();
    const [one, two] = [randomUUID(), randomUUID()];
    expect((await send(acme, { ...to, id: one.toUpperCase() })).body.id).toBe(formatId('message', one));
    expect((await send(acme, { ...to, id: formatId('message', two) })).body.id).toBe(formatId('message', two));
    expectInvalid(await send(acme, { ...to, id: formatId('channel', two) }), 'id');
    expect((await send(acme, { ...to, id: null })).status).toBe(201);
  });

  it('is refused the second time, with the message that has it, and nothing is counted', async () => {
    const { acme, to, channel } = await world();
    const id = randomUUID();
    const { body: first } = await send(acme, { ...to, id });
    const { body: second } = await send(acme, to);
    expectInUse(await send(acme, { ...to, id, content: 'Something else' }), first);
    expectInUse(await send(acme, { ...to, id: formatId('message', id) }), first);
    // Ours are no better.
    expectInUse(await send(acme, { ...to, id: second.id }), second);
    const page = await inChannel(acme, channel.id);
    expect([page.data, page.total_count]).toEqual([[first, second], 2]);
    await expectExactRows(acme.uuid);
    // Positions have no gap.
    expect((await send(acme, to)).status).toBe(201);
    const [{ newest } = {}] = await sql('SELECT max(position) AS newest FROM messages WHERE client_id = $1', acme.uuid);
    expect(newest).toBe(3);
  });

  it('is refused without the message where the sender does not see that', async () => {
    const { acme, john, jane, to } = await world();
    const stranger = await given.customer(acme);
    const elsewhere = await given.channel(acme, [jane, stranger], 'Elsewhere');
    const { body: secret } = await send(acme, {
      channel_uuid: elsewhere.id,
      sender_uuid: stranger.id,
      content: 'Secret',
    });
    const session = await given.session(acme, john);
    expectInUse(await send(acme, { ...to, id: secret.id }));
    expectInUse(await send(session, { ...to, id: secret.id }));
    // Jane sees it, from wherever she writes.
    expectInUse(await send(acme, { ...to, sender_uuid: jane.id, id: secret.id }), secret);
    accepted(await acme.send('DELETE', `/api/v1/messages/${secret.id}?mode=my_devices&customer_uuid=${jane.id}`));
    expectInUse(await send(acme, { ...to, sender_uuid: jane.id, id: secret.id }));
    accepted(await acme.send('DELETE', `/api/v1/messages/${secret.id}?mode=all_participants`));
    expectInUse(await send(acme, { channel_uuid: elsewhere.id, sender_uuid: stranger.id, id: secret.id }));
    await expectExactRows(acme.uuid);
  });

  it('says nothing to who may not write there', async () => {
    const { acme, channel, to } = await world();
    const stranger = await given.customer(acme);
    const { body } = await send(acme, to);
    const as = { channel_uuid: channel.id, sender_uuid: stranger.id, id: body.id };
    expectInvalid(await send(acme, as), 'sender_uuid', 'Sender is not a participant in this channel.');
    expectMissing(await send(await given.session(acme, stranger), as), 'Channel not found');
  });

  it('is another tenant’s as well', async () => {
    const [one, two] = [await world(), await world()];
    const id = randomUUID();
    expect((await send(one.acme, { ...one.to, id })).status).toBe(201);
    expect((await send(two.acme, { ...two.to, id })).status).toBe(201);
  });

  it('makes one message of twenty sent at once, from several channels and with and without a transaction', async () => {
    const { acme, john, jane, to } = await world();
    const elsewhere = await given.channel(acme, [john, jane], 'Elsewhere');
    const id = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        send(
          acme,
          {
            channel_uuid: at % 2 ? elsewhere.id : to.channel_uuid,
            sender_uuid: at % 3 ? john.id : jane.id,
            id,
            ...(at % 5 ? {} : { notification: { text: 'Hello' } }),
          },
          at % 4 ? {} : { 'idempotency-key': `key ${at}` },
        ),
      ),
    );
    const made = replies.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    replies.filter((reply) => reply !== made[0]).forEach((reply) => expectInUse(reply, made[0]!.body));
    const counts = await Promise.all([to.channel_uuid, elsewhere.id].map((of) => inChannel(acme, of)));
    expect(counts.map(({ total_count }) => total_count).sort()).toEqual([0, 1]);
    await expectExactRows(acme.uuid);
  });
});

describe('Under an Idempotency-Key', () => {
  const KEY = { 'idempotency-key': 'a key' };

  it('a taken id is an answer like others, and kept', async () => {
    const { acme, to } = await world();
    const { body: first } = await send(acme, to);
    const refused = await send(acme, { ...to, id: first.id }, KEY);
    expectInUse(refused, first);
    const again = await send(acme, { ...to, id: first.id }, KEY);
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([409, refused.text, 'true']);
    await expectExactRows(acme.uuid);
  });

  it('a message with an id is said once, and answered as the first time', async () => {
    const { acme, to, channel } = await world();
    const body = { ...to, id: randomUUID(), notification: { text: 'Hello' } };
    const [first, second] = [await send(acme, body, KEY), await send(acme, body, KEY)];
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect((await inChannel(acme, channel.id)).total_count).toBe(1);
    expect(await sql('SELECT id FROM notifications WHERE client_id = $1', acme.uuid)).toHaveLength(1);
  });
});
