import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { makeContact, makeTag } from '../support/contacts.js';
import type { TestCaller } from '../support/engagement.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn } from '../support/given.js';
import { givenInboxes, list, show, type Conversation } from '../support/inbox.js';
import { MailServer } from '../support/mail-server.js';
import { ANNA, LOGIN, MailShop, SUPPORT } from '../support/mail-shop.js';
import { bodies, pairOf } from '../support/merges.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';

const INBOUND = { INBOUND_MAIL_DOMAIN: 'in.parlance.example', TRACKING_SECRET: '7'.repeat(64) };

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', LIMIT_API: 'off', ...INBOUND }));
const given = givenInboxes(() => server);
const core = givenOn(() => server);

describe('Merged at once', () => {
  it('of two merges that are each other’s opposite one is done', async () => {
    const { owner, uuid } = await given.inbox();
    for (let round = 0; round < 20; round += 1) {
      const [one, other] = await Promise.all([makeContact(owner), makeContact(owner)]);
      const ends = await Promise.all([
        owner.send('POST', `/contacts/${one.id}/merge`, { other_id: other.id }),
        owner.send('POST', `/contacts/${other.id}/merge`, { other_id: one.id }),
      ]);
      expect(ends.map(({ status }) => status).sort()).toEqual([200, 404]);
    }
    await expectExactRows(uuid);
  });

  it('a contact writes, is tagged, changed, merged elsewhere and erased, and nothing is lost that was acknowledged', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { owner, hear, uuid } = await given.inbox();
      await hear('Hi');
      const tag = await makeTag(owner, 'VIP');
      const [one, two] = await Promise.all([makeContact(owner), makeContact(owner)]);
      const [{ uuid: channel }] = (await list(owner)) as [Conversation];
      const { uuid: phone } = accepted(await owner.send('GET', '/contacts/1')).body.data as { uuid: string };
      const said = { channel_uuid: formatId('channel', channel), sender_uuid: formatId('customer', phone) };
      const replies = await Promise.all([
        ...Array.from({ length: 8 }, () => owner.send('POST', '/messages', { ...said, type: 'text', content: 'Me' })),
        owner.send('POST', `/contacts/${one.id}/merge`, { other_id: 1 }),
        owner.send('POST', `/contacts/${two.id}/merge`, { other_id: 1 }),
        ...Array.from({ length: 4 }, () => owner.send('PATCH', '/contacts/1', { tag_ids: [tag.id], city: 'Rome' })),
        owner.send('POST', '/contacts/bulk', { contact_ids: [one.id, two.id], add_tag_ids: [tag.id] }),
        ...Array.from({ length: 4 }, () => hear('Text').then(() => ({ status: 200 }))),
      ]);
      const statuses = replies.map(({ status }) => status);
      expect(statuses.filter((status) => status >= 500 || status === 401)).toEqual([]);
      expect(statuses.slice(8, 10).sort()).toEqual([200, 422]);
      const acknowledged = statuses.slice(0, 8).filter((status) => status === 201).length;
      const { messages } = await show(owner, 1);
      expect(messages.filter(({ body }) => body === 'Me')).toHaveLength(acknowledged);
      expect(messages.filter(({ body }) => body === 'Text')).toHaveLength(4);
      await expectExactRows(uuid);
      const ends = await Promise.all([
        owner.send('POST', `/contacts/${one.id}/merge`, { other_id: two.id }),
        owner.send('DELETE', `/contacts/${two.id}`),
      ]);
      expect(ends.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
      await expectExactRows(uuid);
    }
  });

  it('a former address makes no second contact, whoever makes one just then', async () => {
    const acme = await core.client();
    const send = (method: string, path: string, body?: object) => acme.send(method, `/api/v1${path}`, body);
    for (let round = 0; round < 10; round += 1) {
      const email = `former${round}@example.org`;
      const [stays, goes] = (await Promise.all(
        [`stays${round}@example.org`, email].map(
          async (of) =>
            accepted(await send('POST', '/contacts', { first_name: 'A', email: of })).body.data as { id: number },
        ),
      )) as [{ id: number }, { id: number }];
      const replies = await Promise.all([
        send('POST', `/contacts/${stays.id}/merge`, { other_id: goes.id }),
        ...Array.from({ length: 4 }, () => send('POST', '/customers', { name: 'B', email })),
        ...Array.from({ length: 4 }, () => send('POST', '/contacts', { first_name: 'C', email })),
      ]);
      const statuses = replies.map(({ status }) => status);
      expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
      expect(statuses.slice(5)).toEqual([422, 422, 422, 422]);
      expect(await sql(`SELECT FROM customers WHERE client_id = $1 AND email = $2`, acme.uuid, email)).toEqual([]);
    }
    await expectExactRows(acme.uuid);
  });

  it('two conversations are merged into each other while both are written in, and nothing acknowledged is lost', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { owner, say, hear, uuid } = await pairOf(given.inbox);
      const told: string[] = [];
      const write = async (of: 1 | 2, at: number): Promise<void> => {
        const content = `${of} ${at}`;
        await say(of, at % 2 === 0 ? 'contact' : 'team', content).then(
          () => told.push(content),
          (error: Error) => expect(error.message).toMatch(/^(403|404|422)/),
        );
      };
      const [ends] = await Promise.all([
        Promise.all([
          owner.send('POST', '/conversations/1/merge', { other_id: 2 }),
          owner.send('POST', '/conversations/2/merge', { other_id: 1 }),
        ]),
        ...Array.from({ length: 6 }, (_, at) => write(1, at)),
        ...Array.from({ length: 6 }, (_, at) => write(2, at)),
        hear('By phone'),
      ]);
      expect(ends.map(({ status }) => status).sort()).toEqual([200, 404]);
      const [only, ...others] = (await list(owner)).filter(({ messages_count }) => messages_count > 0);
      expect(others).toEqual([]);
      expect(await bodies(owner, only!.id)).toEqual(expect.arrayContaining([...told, 'By phone', 'First']));
      await expectExactRows(uuid);
    }
  });
});

it('Mails from a former address, and those that answer a conversation that was merged, go where both are now', async () => {
  const shop = new MailShop(server, await core.client(), new MailServer(LOGIN));
  const { client } = shop;
  await shop.begin();
  const send = async (method: string, path: string, body?: object) =>
    accepted(await client.send(method, `/api/v1${path}`, body)).body.data;
  const admin: Pick<TestCaller, 'send'> = { send: (method, path, body) => client.send(method, `/api/v1${path}`, body) };
  const merged = await send('POST', '/contacts', { first_name: 'Anna', email: 'anna@work.example' });
  const [former] = (await send('GET', `/contacts?email=${ANNA}`)) as [{ id: number }];
  await send('POST', `/contacts/${merged.id}/merge`, { other_id: former.id });
  const mail = (id: string, headers = '', to = SUPPORT): string =>
    `To: ${to}\nFrom: Anna <${ANNA}>\nMessage-ID: <${id}@example.org>\nSubject: Order\n${headers}\n${id}\n`;
  const first = await shop.hear(mail('m1', 'References: <a2@example.org>\n'));
  expect(first).toBe(shop.channelId);
  const second = await shop.hear(mail('m2'));
  expect(second).not.toBe(first);
  const contacts = () => sql(`SELECT number::int FROM contacts WHERE client_id = $1`, client.uuid);
  expect(await contacts()).toEqual([{ number: merged.id }]);
  const conversations = (await send('GET', '/conversations')) as readonly { id: number; contact: { id: number } }[];
  expect(conversations.map(({ contact }) => contact.id)).toEqual([merged.id, merged.id]);
  const sent = await shop.saySent();
  const [two, one] = [conversations[0]!.id, conversations[1]!.id];
  const token = /Reply-To:[^\r\n]*?([\w.+-]+\+c[^@\s]+@[\w.]+)/.exec(
    shop.mails.received.find(({ headers }) => headers.includes(sent.id))!.headers,
  )![1]!;
  expect(token).toContain(`+c${one}.`);
  await send('POST', `/conversations/${two}/merge`, { other_id: one });
  expect(await shop.hear(mail('m3', 'References: <a2@example.org>\n'))).toBe(second);
  expect(await shop.hear(mail('m4', '', token))).toBe(second);
  expect(await shop.hear(mail('m5', `In-Reply-To: <${sent.id}>\n`))).toBe(second);
  const all = await bodies(admin, two);
  expect(all.filter((body) => /^m\d/.test(body)).map((body) => body.slice(0, 2))).toEqual([
    'm1',
    'm2',
    'm3',
    'm4',
    'm5',
  ]);
  expect(await contacts()).toHaveLength(1);
  await shop.mails.stop();
}, 120_000);
