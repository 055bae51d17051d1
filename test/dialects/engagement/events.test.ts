import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { makeContact, makeTag } from '../../support/contacts.js';
import { accepted, testClient, type TestClient } from '../../support/given.js';
import { givenInboxes, list, post, show } from '../../support/inbox.js';
import { endpointByName, INBOX_EVENTS, stirInbox } from '../../support/inbox-events.js';
import { connect } from '../../support/layer-socket.js';
import { asClient, Listener, session, type Asker } from '../../support/pusher.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { UiSocket } from '../../support/ui-socket.js';
import { inWorkspace, keyOf, type TestUser, type Workspace } from '../../support/users.js';
import { until } from '../../support/until.js';

// Its own: Layer's sessions are made by a service of the process.
const server = useServer(() => startServer());
const given = givenInboxes(() => server);
type Inbox = Awaited<ReturnType<typeof given.inbox>>;

const asUser = ({ token }: TestUser, { id }: Workspace): Asker =>
  asClient(server.url, { headers: { authorization: `Bearer ${token}`, 'x-workspace-id': id } });

/** The workspace as programs know it. */
async function clientOf({ owner, workspace, uuid }: Inbox, scopes: readonly string[] = ['*']): Promise<TestClient> {
  accepted(await owner.user!.send('PATCH', inWorkspace(workspace), { domain: 'example.com' }));
  return testClient(server.url, uuid, workspace.publicKey, await keyOf(owner.user!, workspace, { scopes }));
}

/** Of a user, on `private-inbox`. */
async function listen({ owner, workspace }: Inbox): Promise<Listener> {
  const page = new Listener(server.url, workspace.publicKey, asUser(owner.user!, workspace));
  await page.subscribe('private-inbox');
  return page;
}

const typesAt = ({ heard }: Listener, room: string): string[] =>
  heard.filter(({ channel }) => channel === room).map(({ event }) => event);

describe('What happens in the inbox', () => {
  it('is told once, at its fact, to users on private-inbox and to keys on it and on private-client', async () => {
    const inbox = await given.inbox();
    const page = await listen(inbox);
    const program = new Listener(server.url, inbox.workspace.publicKey, asClient(server.url, await clientOf(inbox)));
    await program.subscribe('private-inbox');
    await program.subscribe('private-client');
    const happened = await stirInbox(inbox.owner, inbox.hear);
    for (const [listener, room] of [
      [page, 'private-inbox'],
      [program, 'private-inbox'],
      [program, 'private-client'],
    ] as const) {
      await listener.next('conversation.deleted', 1, room);
      const own = typesAt(listener, room).filter((type) => INBOX_EVENTS.includes(type));
      expect(own).toEqual(happened);
    }
    expect(new Set(happened)).toEqual(new Set(INBOX_EVENTS));
    [page, program].forEach((one) => one.end());
  });

  it('is told with the object as it is now, and as deleted where that is gone', async () => {
    const inbox = await given.inbox();
    const { owner, hear } = inbox;
    const page = await listen(inbox);
    const tag = await makeTag(owner, 'VIP');
    const contact = await makeContact(owner);
    const [created] = await page.next('contact.created');
    expect(contact).toMatchObject(created!.data as object);
    const path = `/contacts/${contact.id}`;
    accepted(await owner.send('PATCH', path, { lead_score: 7, city: 'Berlin', tag_ids: [tag.id] }));
    const [[updated], [tagged]] = [await page.next('contact.updated'), await page.next('contact.tagged')];
    const now = accepted(await owner.send('GET', path)).body.data as object;
    const [{ changed, ...first }, { tag_ids, ...second }] = [updated!.data, tagged!.data];
    expect([changed, tag_ids]).toEqual([['city', 'lead_score'], [tag.id]]);
    [first, second].forEach((shown) => expect(now).toMatchObject(shown as object));
    accepted(await owner.send('DELETE', path));
    const gone = { id: contact.id, uuid: contact.uuid, deleted: true };
    expect((await page.next('contact.deleted'))[0]!.data).toEqual(gone);

    await hear('Hi');
    const [received] = await page.next('message.received');
    const { data: conversation, messages } = await show(owner, 1);
    const { id, uuid, contact: person } = conversation;
    expect((await page.next('conversation.created'))[0]!.data).toMatchObject({ id, uuid, contact: person });
    expect(received!.data).toEqual(messages[0]);
    const note = await post(owner, '1/notes', { body: 'Psst' });
    expect((await page.next('note.created'))[0]!.data).toEqual(note);
    accepted(await owner.send('DELETE', `/conversations/1/notes/${String(note.id)}`));
    const missing = { id: note.id, uuid: note.uuid, conversation_id: 1, deleted: true };
    expect((await page.next('note.deleted'))[0]!.data).toEqual(missing);
    accepted(await owner.send('DELETE', '/conversations/1'));
    const deleted = { id: 1, uuid: conversation.uuid, deleted: true };
    expect((await page.next('conversation.deleted'))[0]!.data).toEqual(deleted);
    page.end();
  });

  it('is told of each of many, and not where nothing changes', async () => {
    const inbox = await given.inbox();
    const { owner, uuid } = inbox;
    const page = await listen(inbox);
    const tag = await makeTag(owner, 'VIP');
    const contacts = [];
    for (let at = 0; at < 3; at += 1) {
      contacts.push(await makeContact(owner, { tag_ids: [tag.id] }));
    }
    await sql('UPDATE contacts SET lead_score = 9 WHERE client_id = $1', uuid);
    await sql('UPDATE contacts SET lead_score = 9, updated_at = now() WHERE client_id = $1', uuid);
    accepted(await owner.send('PATCH', `/contacts/${contacts[0].id}`, { lead_score: 9, tag_ids: [tag.id] }));
    accepted(await owner.send('DELETE', `/tags/${tag.id}`));
    await page.next('contact.untagged', 3);
    const ids = contacts.map(({ id }) => id as number);
    for (const type of ['contact.created', 'contact.tagged', 'contact.updated', 'contact.untagged']) {
      expect([type, page.of(type).map(({ data }) => data.id)]).toEqual([type, ids]);
    }
    expect(page.heard).toHaveLength(4 * ids.length);
    page.end();
  });

  it('is written down for nobody where nobody listens', async () => {
    const inbox = await given.inbox();
    await stirInbox(inbox.owner, inbox.hear);
    expect(await sql('SELECT type FROM events WHERE client_id = $1', inbox.uuid)).toEqual([]);
  });

  it('is told as spam to nobody', async () => {
    const inbox = await given.inbox();
    await inbox.hear('Hi');
    accepted(await inbox.owner.send('PATCH', '/conversations/1', { status: 'spam' }));
    const page = await listen(inbox);
    await inbox.hear('Buy!');
    await inbox.hear('Hello', 2);
    await page.next('message.received');
    expect(page.of('message.received').map(({ data }) => data.body)).toEqual(['Hello']);
    page.end();
  });
});

describe('private-inbox', () => {
  it('is for users and for keys with every scope, each in their own workspace', async () => {
    const [inbox, other] = [await given.inbox(), await given.inbox()];
    const [page, foreign] = [await listen(inbox), await listen(other)];
    const refused = async (by: TestClient): Promise<string> =>
      asClient(server.url, by)(page.socketId, 'private-inbox').then(
        () => 'allowed',
        ({ message }: Error) => message,
      );
    const says = 'Forbidden - Not allowed to subscribe to this channel';
    expect(await refused(await clientOf(inbox, ['messages:read', 'customers:read']))).toBe(says);
    await inbox.hear('Hi');
    await page.next('message.received');
    await other.hear('Hello');
    await foreign.next('message.received');
    expect(foreign.of('message.received').map(({ data }) => data.body)).toEqual(['Hello']);
    [page, foreign].forEach((one) => one.end());
  });
});

describe('Every other socket', () => {
  it('gets the messages of a conversation, and nothing else of the inbox', async () => {
    const inbox = await given.inbox();
    const { owner, workspace, hear } = inbox;
    await hear('Hi');
    const [conversation] = await list(owner);
    const { uuid } = accepted(await owner.send('GET', `/contacts/${conversation!.contact!.id}`)).body.data;
    const person = { id: formatId('customer', uuid as string) } as Parameters<typeof session>[2];
    const channel = formatId('channel', conversation!.uuid);
    const [client, narrow] = [await clientOf(inbox), await clientOf(inbox, ['messages:read', 'customers:read'])];
    const phone = await session(server, client, person);
    const open = async (ask: Asker, ...rooms: string[]): Promise<Listener> => {
      const listener = new Listener(server.url, workspace.publicKey, ask);
      for (const room of rooms) {
        await listener.subscribe(room);
      }
      return listener;
    };
    const rooms = [`private-channel.${channel}`, `private-customer.${person.id}`];
    const sockets = await Promise.all([
      open(phone.ask, ...rooms, `presence-channel.${channel}`),
      open(asClient(server.url, client), ...rooms),
      open(asClient(server.url, narrow), ...rooms, 'private-client'),
      open(asUser(owner.user!, workspace), `private-workspace.${workspace.id}`),
    ]);
    const [layer, ui] = [await connect(server, client, person), await UiSocket.of(server.url, owner.user!, workspace)];
    const inboxPage = await listen(inbox);
    const secret = 'Psst 4711';
    const quiet = (): unknown[] => [
      ...sockets.flatMap(({ heard }) => heard.filter(({ event }) => !event.startsWith('pusher'))),
      ...layer.packets.filter(({ type }) => type === 'change'),
      ...ui.events,
    ];
    const before = quiet().length;
    const note = await post(owner, '1/notes', { body: secret });
    accepted(await owner.send('PUT', `/conversations/1/notes/${String(note.id)}`, { body: `${secret}!` }));
    accepted(await owner.send('PATCH', '/conversations/1', { priority: 'urgent', subject: secret }));
    await post(owner, '1/assign', { user_id: owner.user!.uuid });
    accepted(await owner.send('DELETE', `/conversations/1/notes/${String(note.id)}`));
    await post(owner, '1/close');
    await inboxPage.next('conversation.closed');
    // What everybody does get: by then all before it would have come.
    expect(quiet()).toHaveLength(before);
    await post(owner, '1/reply', { body: 'Goodbye' });
    await Promise.all([
      ...sockets.slice(0, 3).map((one) => one.next('message.sent')),
      sockets[3].next('message.created'),
      ui.next('message.created'),
      until(() => layer.packets.some(({ type }) => type === 'change')),
    ]);
    const all = JSON.stringify([sockets.map(({ heard }) => heard), layer.packets, ui.frames]);
    expect(all).toContain('Goodbye');
    expect(all).not.toContain(secret);
    const others = INBOX_EVENTS.filter((type) => type !== 'conversation.updated');
    expect(others.filter((type) => all.includes(type))).toEqual([]);
    expect(sockets.slice(0, 3).flatMap((one) => one.of('conversation.updated'))).toEqual([]);
    [...sockets, inboxPage, layer, ui].forEach((one) => one.end());
  });
});

describe('A webhook endpoint', () => {
  it('hears of the inbox what it asks for by its name, and by `*` nothing of it', async () => {
    const inbox = await given.inbox();
    const client = await clientOf(inbox);
    const url = 'https://example.com/hooks';
    const named = ['note.created', 'conversation.closed'];
    const [all, some] = [
      await endpointByName(client, server.url, url, ['*']),
      await endpointByName(client, server.url, url, named),
    ];
    expect(some.events).toEqual(named);
    await stirInbox(inbox.owner, inbox.hear);
    const typesFor = async ({ id }: { id: string }): Promise<string[]> => {
      const rows = await sql<{ type: string }>(
        `SELECT event.type FROM webhook_deliveries delivery
         JOIN events event ON event.client_id = delivery.client_id AND event.id = delivery.event_id
         JOIN webhook_endpoints endpoint ON endpoint.client_id = delivery.client_id AND endpoint.id = delivery.endpoint_id
         WHERE delivery.client_id = $1 AND ('*' = ANY(endpoint.events)) = $2 ORDER BY delivery.seq`,
        ...[inbox.uuid, id === all.id],
      );
      return rows.map(({ type }) => type);
    };
    expect(await typesFor(some)).toEqual(['conversation.closed', 'note.created']);
    const core = await typesFor(all);
    expect(core).toContain('message.created');
    expect(core.filter((type) => INBOX_EVENTS.includes(type))).toEqual([]);
    const events = accepted(await client.send('GET', '/api/v1/events?limit=100'));
    const { data } = events.body as { data: { type: string }[] };
    expect(data.map(({ type }) => type).reverse()).toEqual(core);
  });
});
