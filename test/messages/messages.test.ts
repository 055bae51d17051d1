import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { given as givenOn, must, type Customer, type TestClient } from '../support/given.js';
import { expectInvalid, expectMissing } from '../support/refused.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);

const send = (acme: TestClient, body: unknown) => acme.send('POST', '/api/v1/messages', body);
const sendTo = (acme: TestClient, body: unknown) => acme.send('POST', '/api/v1/messages/send-to-customer', body);
const text = { type: 'text' as const, content: 'Hello' };
const written = async (acme: TestClient, id: string) =>
  must(await acme.api.GET('/api/v1/messages/customer/{id}', { params: { path: { id } } })).total_count;

describe('POST /messages', () => {
  it('stores the message and answers it', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const { data, response } = await acme.api.POST('/api/v1/messages', {
      body: { channel_uuid: channel.id, sender_uuid: john.id, ...text },
    });
    expect(response.status).toBe(201);
    expect(data).toEqual({
      object: 'message',
      id: expect.stringMatching(/^msg_[0-7][\da-hjkmnp-tv-z]{25}$/),
      channel_id: channel.id,
      sender_id: john.id,
      position: 1,
      type: 'text',
      content: 'Hello',
      metadata: null,
      created: expect.any(Number),
      livemode: false,
    });
    expect(Math.abs(data!.created - Date.now() / 1000)).toBeLessThan(60);
    const path = { id: channel.id };
    const page = must(await acme.api.GET('/api/v1/messages/channel/{id}', { params: { path } }));
    expect(page).toEqual({ object: 'list', data: [data], has_more: false, total_count: 1 });
  });

  it('says its place in the channel wherever it is shown', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const elsewhere = await given.channel(acme, [john, jane], 'Elsewhere');
    const sent = [
      await given.message(acme, channel, john),
      await given.message(acme, elsewhere, john),
      await given.message(acme, channel, john),
      must(
        await acme.api.POST('/api/v1/messages/send-to-customer', {
          body: { sender_email: john.email!, recipient_email: jane.email!, ...text },
        }),
      ),
    ];
    expect(sent.map(({ position }) => position)).toEqual([1, 1, 2, 1]);
    const [first, , second] = sent;
    const get = async (path: string) => {
      const reply = await acme.send('GET', `/api/v1/${path}`);
      expect(reply.status).toBe(200);
      return reply.body;
    };
    expect(await get(`messages/${second!.id}`)).toEqual(second);
    expect((await get(`messages/channel/${channel.id}`)).data).toEqual([first, second]);
    expect((await get(`messages/customer/${john.id}`)).data).toEqual(sent.toReversed());
    const [one, two] = [john, jane].map(({ email }) => encodeURIComponent(email!));
    expect((await get(`messages/between?email1=${one}&email2=${two}`)).data).toEqual(sent.toReversed());
    const last = [sent[3], sent[1], second];
    const listed = (await get(`channels/customer/${john.id}`)).data;
    expect(listed.map(({ last_message }: { last_message: unknown }) => last_message)).toEqual(last);
    const [conversation] = (await get(`channels/by-email?email=${one}`)).data.conversations;
    expect(conversation.channels.map(({ last_message }: { last_message: unknown }) => last_message)).toEqual([
      ...[sent[3], second, sent[1]],
    ]);
    // What is deleted leaves its place empty.
    expect((await acme.send('DELETE', `/api/v1/messages/${second!.id}?mode=all_participants`)).status).toBe(204);
    expect((await given.message(acme, channel, jane)).position).toBe(3);
  });

  it('takes bare UUIDs', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const uuids = { channel_uuid: parseId('channel', channel.id), sender_uuid: parseId('customer', john.id) };
    const { status, body } = await send(acme, { ...uuids, ...text });
    expect(status).toBe(201);
    expect(body).toMatchObject({ channel_id: channel.id, sender_id: john.id });
  });

  it.each(['text', 'image', 'file', 'system'] as const)('takes the type %s', async (type) => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const body = { channel_uuid: channel.id, sender_uuid: john.id, type, content: 'x', metadata: { url: 'https://a' } };
    expect(must(await acme.api.POST('/api/v1/messages', { body }))).toMatchObject({ type, metadata: body.metadata });
  });

  it.each(['x', ' padded\n', '🙂'.repeat(16_000)])('keeps the content as it was sent (%#)', async (content) => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const { status, body } = await send(acme, {
      channel_uuid: channel.id,
      sender_uuid: john.id,
      type: 'text',
      content,
    });
    expect({ status, content: body.content }).toEqual({ status: 201, content });
  });

  it('refuses a channel that is unknown or of another tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john } = await given.pair(acme);
    const { channel } = await given.pair(other);
    for (const channel_uuid of [formatId('channel', randomUUID()), randomUUID(), channel.id]) {
      const reply = await send(acme, { channel_uuid, sender_uuid: john.id, ...text });
      expectInvalid(reply, 'channel_uuid', 'Channel does not exist');
    }
  });

  it('refuses a sender who is unknown or of another tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { channel } = await given.pair(acme);
    const { john } = await given.pair(other);
    for (const sender_uuid of [formatId('customer', randomUUID()), randomUUID(), john.id]) {
      const reply = await send(acme, { channel_uuid: channel.id, sender_uuid, ...text });
      expectInvalid(reply, 'sender_uuid', 'Sender does not exist');
    }
  });

  it('refuses a sender outside the channel', async () => {
    const acme = await given.client();
    const { channel } = await given.pair(acme);
    const jim = await given.customer(acme);
    const reply = await send(acme, { channel_uuid: channel.id, sender_uuid: jim.id, ...text });
    expectInvalid(reply, 'sender_uuid', 'Sender is not a participant in this channel.');
    expect(await written(acme, jim.id)).toBe(0);
  });

  it.each<[string, unknown]>([
    ['channel_uuid', undefined],
    ['channel_uuid', 'nonsense'],
    ['channel_uuid', 7],
    ['channel_uuid', formatId('customer', randomUUID())],
    ['sender_uuid', undefined],
    ['sender_uuid', 'nonsense'],
    ['sender_uuid', null],
    ['sender_uuid', formatId('message', randomUUID())],
    ['type', undefined],
    ['type', 'video'],
    ['content', undefined],
    ['content', null],
    ['content', ''],
    ['content', ' \n'],
    ['content', 7],
    ['content', 'x'.repeat(16_001)],
    ['content', 'a\u0000b'],
    ['content', '\udc00'],
    ['metadata', []],
    ['metadata', 'text'],
    ['subject', 'Anything'],
  ])('refuses %s %j', async (field, value) => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    expectInvalid(await send(acme, { channel_uuid: channel.id, sender_uuid: john.id, ...text, [field]: value }), field);
    expect(await written(acme, john.id)).toBe(0);
  });

  it('names every wrong field at once', async () => {
    const acme = await given.client();
    const { status, body } = await send(acme, {});
    expect({ status, fields: Object.keys(body.errors).sort() }).toEqual({
      status: 422,
      fields: ['channel_uuid', 'content', 'sender_uuid', 'type'],
    });
  });
});

describe('POST /messages/send-to-customer', () => {
  const people = async (acme: TestClient) => {
    const [john, jane] = [await given.customer(acme, 'John'), await given.customer(acme, 'Jane')];
    return { john, jane, emails: { sender_email: john.email!, recipient_email: jane.email! } };
  };
  const channels = async (acme: TestClient, { id }: Customer) =>
    must(await acme.api.GET('/api/v1/channels/customer/{id}', { params: { path: { id } } }));

  it('makes the general channel of the two, and finds it from either side', async () => {
    const acme = await given.client();
    const { john, jane, emails } = await people(acme);
    // Neither their custom channel nor a general one of three is it.
    await given.channel(acme, [john, jane], 'general');
    const three = [john.id, jane.id, (await given.customer(acme)).id];
    must(await acme.api.POST('/api/v1/channels', { body: { type: 'general', customer_uuids: three } }));

    const { data: first, response } = await acme.api.POST('/api/v1/messages/send-to-customer', {
      body: { ...emails, ...text, metadata: { priority: 'high' } },
    });
    expect(response.status).toBe(201);
    expect(first).toEqual({
      object: 'message',
      id: expect.stringMatching(/^msg_/),
      channel_id: expect.stringMatching(/^ch_/),
      sender_id: john.id,
      position: 1,
      ...text,
      metadata: { priority: 'high' },
      created: expect.any(Number),
      livemode: false,
    });
    const mine = await channels(acme, john);
    expect(mine.total_count).toBe(3);
    const [made] = mine.data;
    expect(made).toMatchObject({ id: first!.channel_id, type: 'general', name: 'general' });
    expect(made!.customers.map(({ id }) => id).sort()).toEqual([john.id, jane.id].sort());

    const answer = { sender_email: emails.recipient_email, recipient_email: emails.sender_email, ...text };
    const second = await sendTo(acme, answer);
    expect(second.body).toMatchObject({ channel_id: first!.channel_id, sender_id: jane.id, metadata: null });
    expect((await channels(acme, john)).total_count).toBe(3);
  });

  it('finds the general channel that POST /channels made', async () => {
    const acme = await given.client();
    const { john, jane, emails } = await people(acme);
    const body = { type: 'general' as const, customer_uuids: [jane.id, john.id] };
    const { id } = must(await acme.api.POST('/api/v1/channels', { body }));
    expect((await sendTo(acme, { ...emails, ...text })).body.channel_id).toBe(id);
  });

  it('trims and lower-cases both e-mails', async () => {
    const acme = await given.client();
    const { john, emails } = await people(acme);
    const [sender_email, recipient_email] = Object.values(emails).map((email) => ` ${email.toUpperCase()}\t`);
    const { status, body } = await sendTo(acme, { sender_email, recipient_email, ...text });
    expect({ status, sender: body.sender_id }).toEqual({ status: 201, sender: john.id });
  });

  it('answers 404 where either is unknown or of another tenant, and makes nothing', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, emails } = await people(acme);
    const { john: foreign } = await given.pair(other);
    for (const email of [`${randomUUID()}@example.com`, foreign.email!]) {
      for (const field of ['sender_email', 'recipient_email']) {
        const reply = await sendTo(acme, { ...emails, [field]: email, ...text });
        expectMissing(reply, 'One or both customers not found');
      }
    }
    expect((await channels(acme, john)).total_count).toBe(0);
  });

  it('refuses a message to oneself, however the e-mail is typed', async () => {
    const acme = await given.client();
    const { john, emails } = await people(acme);
    for (const recipient_email of [john.email!, ` ${john.email!.toUpperCase()}`]) {
      expectInvalid(await sendTo(acme, { ...emails, recipient_email, ...text }), 'recipient_email');
    }
    expect((await channels(acme, john)).total_count).toBe(0);
  });

  it.each<[string, unknown]>([
    ['sender_email', undefined],
    ['sender_email', 'nobody'],
    ['recipient_email', undefined],
    ['recipient_email', ['a@b.com']],
    ['type', 'video'],
    ['content', ''],
    ['content', 'x'.repeat(16_001)],
    ['metadata', 1],
    ['channel_uuid', formatId('channel', randomUUID())],
  ])('refuses %s %j', async (field, value) => {
    const acme = await given.client();
    const { john, emails } = await people(acme);
    expectInvalid(await sendTo(acme, { ...emails, ...text, [field]: value }), field);
    expect((await channels(acme, john)).total_count).toBe(0);
  });
});
