import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { newEmail } from '../../support/accounts.js';
import { givenTeams } from '../../support/engagement.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, call, type Reply } from '../../support/given.js';
import { list, post, show, told } from '../../support/inbox.js';
import { asClient, Listener } from '../../support/pusher.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const given = givenTeams(() => server);

interface Begun {
  readonly conversation_id: number;
  readonly channel_id: string;
  readonly message_id: string;
}

/** A workspace with a desk, and people whose browsers chat with it. */
async function chatting() {
  const team = await given.team();
  const { owner } = team;
  const desk = accepted(await owner.send('POST', '/live-chat/desks', { name: 'Support' })).body.data as {
    readonly id: number;
    readonly uuid: string;
    readonly customer_id: string;
  };
  const visitor = async (name = 'Anna') => {
    const { id } = accepted(await owner.send('POST', '/customers', { name, email: newEmail() })).body as { id: string };
    const { token } = accepted(await owner.send('POST', `/customers/${id}/sessions`, {})).body as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    const send = (method: string, path: string, body?: unknown): Promise<Reply> =>
      call(`${server.url}/api/v1${path}`, method, body, headers);
    const say = (body: object | string): Promise<Reply> =>
      send('POST', '/live-chat/conversations', typeof body === 'string' ? { body } : body);
    return {
      id,
      headers,
      send,
      say,
      begin: async (body: object | string) => accepted(await say(body)).body.data as Begun,
    };
  };
  return { ...team, desk, visitor };
}

describe('A desk', () => {
  it('is made, listed, changed and given up, and is a customer', async () => {
    const { owner } = await given.team();
    const externalId = randomUUID();
    const body = { name: 'Support', external_id: externalId, welcome: 'How can we help?' };
    const made = accepted(await owner.send('POST', '/live-chat/desks', body));
    const desk = made.body.data as Readonly<Record<string, unknown>>;
    expect([made.status, desk]).toMatchObject([201, { ...body, id: 1 }]);
    expect(parseId('customer', desk.customer_id as string)).toBe(desk.uuid);
    for (const name of [1, desk.uuid, desk.customer_id] as const) {
      expect(accepted(await owner.send('GET', `/live-chat/desks/${String(name)}`)).body.data).toEqual(desk);
    }
    const changed = accepted(await owner.send('PUT', '/live-chat/desks/1', { ...desk, name: 'Help', welcome: null }));
    expect(changed.body.data).toEqual({ ...desk, name: 'Help', welcome: null });
    accepted(await owner.send('POST', '/live-chat/desks', { name: 'Sales' }));
    const all = accepted(await owner.send('GET', '/live-chat/desks?per_page=1')).body;
    expect([all.data, all.meta]).toMatchObject([[{ id: 2, name: 'Sales' }], { total: 2, last_page: 2 }]);
    const taken = { errors: { external_id: ['The external_id has already been taken.'] } };
    expect(told(await owner.send('POST', '/live-chat/desks', { name: 'x', external_id: externalId }))).toEqual([
      422,
      taken,
    ]);
    expect(told(await owner.send('PUT', '/live-chat/desks/2', { external_id: externalId }))).toEqual([422, taken]);
    expect((await owner.send('DELETE', '/live-chat/desks/1')).status).toBe(204);
    expect(told(await owner.send('GET', '/live-chat/desks/1'))).toEqual([404, { message: 'Desk not found.' }]);
    expect(accepted(await owner.send('GET', '/live-chat/desks')).body.meta).toMatchObject({ total: 1 });
  });
});

describe('A chat', () => {
  it('goes both ways: the team answers in the inbox, the customer reads in the core, and of nothing else', async () => {
    const { owner, member, workspace, visitor, desk, uuid } = await chatting();
    const [mia, anna] = [await member('agent'), await visitor()];
    const { conversation_id: id, channel_id: channel } = await anna.begin({ body: 'Hi', subject: 'Invoice' });
    expect(await list(mia)).toMatchObject([
      {
        id,
        channel: 'chat',
        subject: 'Invoice',
        status: 'open',
        preview: 'Hi',
        unread_count: 1,
        contact: { name: 'Anna' },
      },
    ]);
    const page = new Listener(server.url, workspace.publicKey, asClient(server.url, anna));
    await page.subscribe(`private-channel.${channel}`);
    await post(mia, `${id}/notes`, { body: 'Careful' });
    await post(mia, `${id}/assign`, { user_id: mia.user!.uuid });
    const reply = await post(mia, `${id}/reply`, { body: '<p>Hello <b>Anna</b></p>', last_seen_id: 1 });
    expect(reply).toMatchObject({ type: 'reply', body: 'Hello Anna', delivery: null, sender: { type: 'user' } });
    const [heard] = await page.next('message.sent');
    expect(heard!.data).toMatchObject({ message: { content: 'Hello Anna' } });
    const read = async () => accepted(await anna.send('GET', `/messages/channel/${channel}`)).body.data as object[];
    expect(await read()).toEqual([
      expect.objectContaining({ content: 'Hi' }),
      expect.objectContaining({ content: 'Hello Anna' }),
    ]);
    accepted(
      await anna.send('POST', '/messages', {
        channel_uuid: channel,
        sender_uuid: anna.id,
        type: 'text',
        content: 'Thanks',
      }),
    );
    await page.next('message.sent', 2);
    expect((await show(owner, id)).messages.map(({ type, body }) => [type, body])).toEqual([
      ...[
        ['message', 'Hi'],
        ['note', 'Careful'],
        ['activity', 'Assigned.'],
      ],
      ...[
        ['reply', 'Hello Anna'],
        ['message', 'Thanks'],
      ],
    ]);
    expect(JSON.stringify([page.heard, await read()])).not.toMatch(/Careful|Assigned|Mia|waiting|assignee/);
    for (const path of ['', `/${id}`, `/${id}/messages`]) {
      expect((await anna.send('GET', `/conversations${path}`)).status).toBe(403);
    }
    expect((await anna.send('GET', `/live-chat/desks/${desk.id}`)).status).toBe(403);
    page.end();
    await expectExactRows(uuid);
  });

  it('goes on until it is closed, then another one begins', async () => {
    const { owner, visitor, desk } = await chatting();
    const [anna, ben] = [await visitor(), await visitor('Ben')];
    const begun = await Promise.all(Array.from({ length: 5 }, () => anna.begin('Hi')));
    expect(new Set(begun.map((one) => one.channel_id)).size).toBe(1);
    const [{ conversation_id: id }] = begun as [Begun];
    expect((await ben.begin({ body: 'Hi', desk_id: desk.uuid })).conversation_id).not.toBe(id);
    await post(owner, `${id}/close`);
    const next = await anna.begin({ body: 'Hi again', desk_id: desk.id });
    expect(next.conversation_id).not.toBe(id);
    expect(await anna.begin('And')).toMatchObject({ channel_id: next.channel_id });
    expect((await show(owner, id)).data).toMatchObject({ status: 'closed', messages_count: 5 });
    const { body: sales } = accepted(await owner.send('POST', '/live-chat/desks', { name: 'Sales' }));
    const elsewhere = await anna.begin({ body: 'Hi', desk_id: (sales.data as { id: number }).id });
    expect([id, next.conversation_id]).not.toContain(elsewhere.conversation_id);
  });

  it('is one whoever makes its channel', async () => {
    const { owner, visitor, desk } = await chatting();
    const anna = await visitor();
    const body = { type: 'custom', name: 'Help', customer_uuids: [desk.customer_id, anna.id] };
    accepted(await owner.send('POST', '/channels', body));
    const conversation = { contact_id: anna.id, channel: 'live_chat', message: 'Hello', subject: 'Offer' };
    accepted(await owner.send('POST', '/conversations', conversation));
    expect(await list(owner)).toMatchObject([
      { channel: 'chat', preview: 'Hello', subject: 'Offer' },
      { channel: 'chat', preview: null },
    ]);
  });

  it('is begun by customers alone, with a desk of their workspace', async () => {
    const { owner, key, visitor, desk } = await chatting();
    const [anna, other] = [await visitor(), await chatting()];
    for (const caller of [owner, await key()]) {
      expect(told(await caller.send('POST', '/live-chat/conversations', { body: 'Hi' }))).toEqual([
        ...[403, { message: 'Only for a customer session.' }],
      ]);
    }
    const invalid = { errors: { desk_id: ['The selected desk_id is invalid.'] } };
    for (const id of [77, other.desk.uuid, anna.id]) {
      expect(told(await anna.say({ body: 'Hi', desk_id: id }))).toEqual([422, invalid]);
    }
    expect((await anna.say({})).body).toEqual({ errors: { body: ['The body field is required.'] } });
    expect((await anna.say('x'.repeat(16_001))).status).toBe(422);
    accepted(await owner.send('DELETE', `/live-chat/desks/${desk.id}`));
    expect(told(await anna.say('Hi'))).toEqual([
      ...[422, { message: 'The channel chat is not connected in this workspace.' }],
    ]);
    expect(await list(owner)).toEqual([]);
    expect(await list(other.owner)).toEqual([]);
  });
});
