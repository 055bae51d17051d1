import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import type { TestCaller } from '../../support/engagement.js';
import { accepted, given as givenOn } from '../../support/given.js';
import { givenInboxes, list, post, show } from '../../support/inbox.js';
import { layerApp } from '../../support/layer.js';
import { written } from '../../support/message-search.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const given = givenInboxes(() => server);

const found = async (caller: TestCaller, search: string, more = ''): Promise<number[]> => {
  const query = `?in=messages&search=${encodeURIComponent(search)}${more}`;
  return (await list(caller, query)).map(({ id }) => id);
};
const remove = async (caller: TestCaller, path: string): Promise<void> => {
  accepted(await caller.send('DELETE', path));
};

describe('The search in messages', () => {
  it('finds whatever was said by either side, however long ago, in any case and with any accents', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Größe XL\nplease: order\u00a0A-1234');
    await hear('Hello', 2);
    await post(owner, '1/reply', { body: 'The Café opens at nine' });
    await post(owner, '1/reply', { body: 'a secret of the team', internal: true });
    await hear('Thanks');
    await written(uuid);
    const expected: Readonly<Record<string, readonly number[]>> = {
      größe: [1],
      GRÖßE: [1],
      grosse: [],
      'xl order': [1],
      'a-1234': [1],
      1234: [1],
      rder: [1],
      pl: [1],
      rd: [],
      CAFE: [1],
      'nine the': [1],
      'order thanks': [],
      hello: [2],
      e: [],
      h: [2],
      o: [1],
      secret: [],
      '2001': [],
    };
    for (const [search, ids] of Object.entries(expected)) {
      expect([search, await found(owner, search)]).toEqual([search, ids]);
    }
    expect(await list(owner, '?search=order')).toEqual([]);
  });

  it('is narrowed, sorted, paged and counted as the list is', async () => {
    const { owner, hear, uuid } = await given.inbox();
    for (const at of [1, 2, 3]) {
      await hear('Where is my order?', at);
      await hear('An order, I say', at);
    }
    await post(owner, '2/close');
    await written(uuid);
    expect(await found(owner, 'order')).toEqual([3, 2, 1]);
    expect(await found(owner, 'order', '&status=open')).toEqual([3, 1]);
    expect(await found(owner, 'order', '&sort_by=created_at&sort_dir=asc')).toEqual([1, 2, 3]);
    expect(await found(owner, 'order', '&after=3&per_page=1')).toEqual([2]);
    const reply = accepted(await owner.send('GET', '/conversations?in=messages&search=order&per_page=2&page=2'));
    expect([reply.body.meta, (reply.body.data as { id: number }[]).map(({ id }) => id)]).toMatchObject([
      { total: 3, last_page: 2 },
      [1],
    ]);
    expect(await list(owner, '?in=messages')).toHaveLength(3);
  });

  it.each(['%', '_', '\\', 'a%'.repeat(50), "'; DROP TABLE message_words", '😀', '\u202ex', '*:&|!'])(
    'takes %j for what it is',
    async (search) => {
      const { owner, hear, uuid } = await given.inbox();
      await hear('Hi');
      await written(uuid);
      expect(await found(owner, search)).toEqual([]);
      await hear(`So: ${search}`);
      await written(uuid);
      expect(await found(owner, search)).toEqual([1]);
    },
  );

  it('refuses to look elsewhere', async () => {
    const { owner } = await given.inbox();
    for (const [query, field] of [
      ['in=notes&search=a', 'in'],
      ['in=messages&in=messages&search=a', 'in'],
      [`in=messages&search=${'a'.repeat(101)}`, 'search'],
    ] as const) {
      const { status, body } = await owner.send('GET', `/conversations?${query}`);
      expect([query, status, Object.keys((body as { errors: object }).errors)]).toEqual([query, 422, [field]]);
    }
  });

  it('finds nothing of another workspace', async () => {
    const [one, other] = [await given.inbox(), await given.inbox()];
    await one.hear('The password is swordfish');
    await other.hear('Hi');
    await written(one.uuid);
    await written(other.uuid);
    expect([await found(one.owner, 'swordfish'), await found(other.owner, 'swordfish')]).toEqual([[1], []]);
  });

  it('finds nothing of another workspace where both call a conversation alike', async () => {
    const id = randomUUID();
    const hear = async (body: string) => {
      const client = await givenOn(() => server).client();
      accepted(await client.send('POST', '/api/v1/live-chat/desks', { name: 'Help', external_id: 'help' }));
      const anna = await (await layerApp(() => server, client)).session('anna');
      const begin = { id: `layer:///conversations/${id}`, participants: ['help'], distinct: false };
      accepted(await anna.send('POST', '/conversations', begin));
      const parts = [{ mime_type: 'text/plain', body }];
      accepted(await anna.send('POST', `/conversations/${id}/messages`, { parts }));
      await written(client.uuid);
      const query = '/api/v1/conversations?in=messages&search=swordfish';
      return async () =>
        (accepted(await client.send('GET', query)).body.data as { uuid: string }[]).map(({ uuid }) => uuid);
    };
    const [one, other] = [await hear('The password is swordfish'), await hear('Hi')];
    expect([await one(), await other()]).toEqual([[id], []]);
  });

  it('finds nothing that is gone: a message, what an erased contact said, a conversation', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Apples and pears');
    await post(owner, '1/reply', { body: 'No plums?' });
    await hear('Apples, still', 2);
    await hear('Apples, too', 3);
    await written(uuid);
    expect(await found(owner, 'apples')).toEqual([3, 2, 1]);

    const [said] = (await show(owner, 1)).messages;
    await remove(owner, `/messages/${formatId('message', said!.uuid)}?mode=all_participants`);
    expect([await found(owner, 'apples'), await found(owner, 'plums')]).toEqual([[3, 2], [1]]);

    const [second] = await list(owner, '?search=2002');
    await remove(owner, `/contacts/${second!.contact!.id}`);
    expect(await found(owner, 'apples')).toEqual([3]);

    await remove(owner, '/conversations/3');
    expect(await found(owner, 'apples')).toEqual([]);
  });

  it('finds nothing that is gone before it was written, either', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Apples');
    await hear('Pears');
    await hear('Plums', 2);
    await hear('Cherries', 3);
    const [said] = (await show(owner, 1)).messages;
    await remove(owner, `/messages/${formatId('message', said!.uuid)}?mode=all_participants`);
    const [second] = await list(owner, '?search=2002');
    await remove(owner, `/contacts/${second!.contact!.id}`);
    await remove(owner, '/conversations/3');
    await written(uuid);
    const results = await Promise.all(['apples', 'pears', 'plums', 'cherries'].map((word) => found(owner, word)));
    expect(results).toEqual([[], [1], [], []]);
  });

  it('finds what was said in a channel before it was a conversation', async () => {
    const { owner, uuid } = await given.inbox();
    const core = async (path: string, body: object) => accepted(await owner.send('POST', path, body)).body;
    const customer = async (name: string) =>
      (await core('/customers', { name, email: `${name}@example.com` })).id as string;
    const [anna, ben] = [await customer('Anna'), await customer('Ben')];
    const channel = await core('/channels', { type: 'custom', name: 'Help', customer_uuids: [anna, ben] });
    for (let at = 1; at <= 12; at += 1) {
      const content = `Message ${at === 11 ? 'eleven' : at}`;
      await core('/messages', { channel_uuid: channel.id, sender_uuid: anna, type: 'text', content });
    }
    const desk = accepted(await owner.send('POST', '/live-chat/desks', { name: 'Support' })).body.data as {
      customer_id: string;
    };
    await written(uuid);
    expect(await found(owner, 'eleven')).toEqual([]);
    await core(`/channels/${channel.id as string}/customers`, { customer_uuids: [desk.customer_id] });
    await written(uuid);
    expect(await found(owner, 'eleven')).toEqual([1]);
  });
});
