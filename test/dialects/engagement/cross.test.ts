import { randomInt } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, call, testClient, type Customer } from '../../support/given.js';
import { givenInboxes, list, post, show, type Conversation } from '../../support/inbox.js';
import { ACCEPT } from '../../support/layer.js';
import { connect, conversationOf, text } from '../../support/layer-socket.js';
import { asClient, Listener } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { inWorkspace, keyOf } from '../../support/users.js';

// Its own: Layer's sessions are made by a service of the process.
const server = useServer(() => startServer());
const given = givenInboxes(() => server);

/** A conversation by text message, with every road there is into it. */
async function talking() {
  const inbox = await given.inbox();
  const { owner, workspace, uuid, hear } = inbox;
  accepted(await owner.user!.send('PATCH', inWorkspace(workspace), { domain: 'example.com' }));
  const client = testClient(
    server.url,
    uuid,
    workspace.publicKey,
    await keyOf(owner.user!, workspace, { scopes: ['*'] }),
  );
  await hear('by phone');
  const [conversation] = await list(owner);
  const channel = { id: formatId('channel', conversation!.uuid) };
  const [row] = await sql<{ address: string; contact: string }>(
    'SELECT address_id AS address, contact_id AS contact FROM conversations WHERE client_id = $1',
    uuid,
  );
  const address = formatId('customer', row!.address);
  const person = { id: formatId('customer', row!.contact) } as Customer;
  const { body } = accepted(await client.send('POST', `/api/v1/customers/${person.id}/sessions`, {}));
  const { token } = body as { token: string };
  const page = { headers: { authorization: `Bearer ${token}`, origin: 'https://example.com' } };
  const layer = await connect(server, client, person);
  const say = (sender: string, content: string, headers: Record<string, string>): Promise<unknown> =>
    call(
      `${server.url}/api/v1/messages`,
      'POST',
      { channel_uuid: channel.id, sender_uuid: sender, type: 'text', content },
      headers,
    ).then(accepted);
  const roads = {
    phone: (content: string) => hear(content),
    SMS: (content: string) =>
      owner
        .user!.send('POST', inWorkspace(workspace, '/messages'), { to: '+14155552001', body: content })
        .then(accepted),
    core: (content: string) => say(address, content, client.headers),
    page: (content: string) => say(person.id, content, page.headers),
    here: (content: string) => post(owner, '1/reply', { body_text: content }),
    layer: async (content: string) =>
      expect(await layer.request('Message.create', text(content), conversationOf(channel))).toMatchObject({
        success: true,
      }),
  } as const;
  return { ...inbox, client, channel, person, page, layer, address, roads };
}

describe('A conversation', () => {
  it('is one for all, by whichever road it is written in or read, and its notes are in none but here', async () => {
    const talk = await talking();
    const { owner, workspace, client, channel, page, layer, roads, uuid } = talk;
    const listener = new Listener(server.url, workspace.publicKey, asClient(server.url, page));
    await listener.subscribe(`private-channel.${channel.id}`);
    const said = ['by phone'];
    for (const [name, road] of Object.entries(roads)) {
      await road(`by ${name}`);
      await post(owner, '1/notes', { body: 'Psst 4711' });
      said.push(`by ${name}`);
    }
    const heard = await listener.next('message.sent', said.length - 1);
    const core = accepted(await client.send('GET', `/api/v1/messages/channel/${channel.id}`)).body;
    const own = accepted(
      await call(`${server.url}/api/v1/messages/channel/${channel.id}`, 'GET', undefined, page.headers),
    ).body;
    const sms = accepted(
      await owner.user!.send('GET', inWorkspace(workspace, `/conversations/${channel.id}/messages`)),
    ).body;
    const layers = accepted(
      await call(`${server.url}/layer${conversationOf(channel).slice('layer://'.length)}/messages`, 'GET', undefined, {
        accept: ACCEPT,
        origin: 'https://example.com',
        authorization: `Layer session-token="${layer.token}"`,
      }),
    ).body;
    const { messages } = await show(owner, 1);
    const contents = (items: unknown, of: string): unknown[] =>
      (items as Record<string, unknown>[]).map((one) => one[of]);
    expect(contents(core.data, 'content')).toEqual(said);
    expect(contents(own.data, 'content')).toEqual(said);
    expect(contents(sms.data, 'body').reverse()).toEqual(said);
    expect((layers as { parts: { body: string }[] }[]).map(({ parts }) => parts[0]!.body).reverse()).toEqual(said);
    expect(heard.map(({ data }) => data.message.content)).toEqual(said.slice(1));
    expect(messages.filter(({ type }) => type === 'message' || type === 'reply').map(({ body }) => body)).toEqual(said);
    expect(messages.filter(({ type }) => type === 'note')).toHaveLength(said.length - 1);
    expect(JSON.stringify([core, own, sms, layers, listener.heard, layer.packets])).not.toMatch(/4711/);
    [listener, layer].forEach((one) => one.end());
    await expectExactRows(uuid);
  });

  it('is read for the team by a receipt of its address, wherever that comes from', async () => {
    const { owner, client, channel, address, person, roads, layer } = await talking();
    const state = async (): Promise<unknown[]> => {
      const [one] = await list(owner);
      return [one!.is_read, one!.unread_count];
    };
    expect(await state()).toEqual([false, 1]);
    const read = (customer_uuid: string) =>
      client.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid }).then(accepted);
    // What the contact reads is nothing of the team's.
    await read(person.id);
    expect(await state()).toEqual([false, 1]);
    await read(address);
    expect(await state()).toEqual([true, 0]);
    await roads.phone('Still there?');
    expect(await state()).toEqual([false, 1]);
    await roads.phone('Hello?');
    layer.end();
  });

  it('tells its items in the order in which they were written, whatever they are', async () => {
    const { owner, roads, layer, uuid } = await talking();
    const seed = randomInt(2 ** 31);
    const kinds = ['phone', 'SMS', 'core', 'page', 'here', 'layer', 'note', 'activity'] as const;
    const steps = fc.sample(fc.constantFrom(...kinds), { numRuns: 24, seed });
    const written: string[] = ['by phone'];
    for (const [at, kind] of steps.entries()) {
      if (kind === 'activity') {
        const isHigh = written.filter((one) => one.startsWith('Priority')).length % 2 === 0;
        accepted(await owner.send('PATCH', '/conversations/1', { priority: isHigh ? 'high' : 'low' }));
        const before =
          written
            .filter((one) => one.startsWith('Priority'))
            .at(-1)
            ?.match(/to (\w+)\.$/)?.[1] ?? 'normal';
        written.push(`Priority changed from ${before} to ${isHigh ? 'high' : 'low'}.`);
      } else {
        const content = `${kind} ${at}`;
        await (kind === 'note' ? post(owner, '1/notes', { body: content }) : roads[kind](content));
        written.push(content);
      }
    }
    expect([seed, (await show(owner, 1)).messages.map(({ body }) => body)]).toEqual([seed, written]);
    layer.end();
    await expectExactRows(uuid);
  });

  it('takes what a program does with a key as nobody’s: it has no author, and is assigned to nobody', async () => {
    const { owner, key, roads, layer } = await talking();
    const program = await key();
    const reply = await post(program, '1/reply', { body: 'Hello' });
    expect(reply).toMatchObject({ type: 'reply', sender: expect.not.objectContaining({ type: 'user' }) });
    const note = await post(program, '1/notes', { body: 'Noted' });
    expect(note).toMatchObject({ type: 'note' });
    const [{ contact }] = (await list(owner)) as [Conversation];
    const begun = accepted(
      await program.send(
        'POST',
        '/conversations',
        { contact_id: contact!.id, channel: 'sms', message: 'Hi' },
        { 'idempotency-key': 'once' },
      ),
    ).body.data as { id: number; assigned_to: unknown };
    expect(begun.assigned_to).toBeNull();
    const again = await program.send(
      'POST',
      '/conversations',
      { contact_id: contact!.id, channel: 'sms', message: 'Hi' },
      { 'idempotency-key': 'once' },
    );
    expect([again.status, again.headers.get('idempotent-replayed'), again.body.data]).toEqual([201, 'true', begun]);
    await roads.phone('Thanks');
    const { messages } = await show(owner, begun.id);
    expect(messages.filter(({ body }) => body === 'Hi')).toHaveLength(1);
    layer.end();
  });
});
