import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../../src/platform/common/ids/type-id.js';
import { idsIn, makeContact, makeTag, refused } from '../../support/contacts.js';
import type { TestCaller } from '../../support/engagement.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, given as givenOn, type Message, type Reply } from '../../support/given.js';
import { givenInboxes, list, show } from '../../support/inbox.js';
import { layerApp } from '../../support/layer.js';
import { led, mergeContacts } from '../../support/merges.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { inWorkspace } from '../../support/users.js';

const server = useServer();
const given = givenInboxes(() => server);
const core = givenOn(() => server);

const OUR_NUMBER = '+15005550006';
const PHONE = '+14155552001';

type Inbox = Awaited<ReturnType<typeof given.inbox>>;
/** An inbox with a key, to which a phone has written: that contact is number 1. */
const inboxHeard = async (): Promise<Inbox & { admin: TestCaller }> => {
  const inbox = await given.inbox();
  await inbox.hear('Hi');
  return { ...inbox, admin: await inbox.key() };
};
const contact = async (by: TestCaller, id: number | string) =>
  accepted(await by.send('GET', `/contacts/${id}`)).body.data;
const customer = (by: TestCaller, uuid: string): Promise<Reply> =>
  by.send('GET', `/customers/${formatId('customer', uuid)}`);
const found = async (by: TestCaller, query: string): Promise<number[]> =>
  idsIn(accepted(await by.send('GET', `/contacts?${query}`)));

describe('A contact that is merged into another', () => {
  it('leaves it its conversations, messages, tags, segments and addresses, and is gone', async () => {
    const { admin, owner, hear, uuid } = await inboxHeard();
    const vip = await makeTag(admin, 'VIP');
    const fair = await makeTag(admin, 'Fair');
    const phone = await contact(admin, 1);
    accepted(await admin.send('PATCH', '/contacts/1', { tag_ids: [vip.id, fair.id], city: 'Berlin', lead_score: 7 }));
    accepted(await admin.send('POST', '/conversations/1/reply', { body: 'Hello' }));
    const anna = await makeContact(admin, { email: 'anna@example.com', tag_ids: [vip.id], company: 'Acme' });
    const segment = accepted(await admin.send('POST', '/segments', { name: 'Friends', type: 'static' })).body.data;
    accepted(await admin.send('POST', `/segments/${segment.id}/contacts`, { contact_ids: [1] }));
    const merged = await mergeContacts(admin, anna.id, 1);
    expect(merged).toMatchObject({
      ...{ id: anna.id, uuid: anna.uuid, first_name: 'Anna', email: 'anna@example.com', phone: PHONE },
      ...{ company: 'Acme', city: 'Berlin', lead_score: 7, conversations_count: 1 },
      last_contacted_at: expect.any(String),
    });
    expect(merged.tags.map(({ id }: { id: number }) => id)).toEqual([vip.id, fair.id]);
    expect(await found(admin, `segment_id=${segment.id}`)).toEqual([anna.id]);
    expect((await list(admin)).map((one) => one.contact)).toEqual([
      { id: anna.id, name: merged.name, email: 'anna@example.com' },
    ]);
    const { messages } = await show(admin, 1);
    expect(messages.map(({ type, sender }) => [type, sender.id])).toEqual([
      ['message', anna.id],
      ['reply', null],
    ]);
    expect((await customer(owner, phone.uuid)).status).toBe(404);
    expect((await customer(owner, anna.uuid)).body).toMatchObject({
      id: formatId('customer', anna.uuid),
      phone: PHONE,
    });
    await expectExactRows(uuid);
    await hear('It is me');
    expect((await list(admin)).map(({ id, preview }) => [id, preview])).toEqual([[1, 'It is me']]);
    expect((await show(admin, 1)).messages.at(-1)!.sender.id).toBe(anna.id);
    await expectExactRows(uuid);
  });

  it('is answered 301 by each of its names to a GET, and 404 to all else', async () => {
    const { admin } = await inboxHeard();
    const { uuid } = await contact(admin, 1);
    const { id } = await makeContact(admin);
    await mergeContacts(admin, id, 1);
    for (const name of [1, uuid, formatId('customer', uuid)]) {
      expect(await led(server, admin, `/contacts/${name}`)).toEqual([301, `/api/v1/contacts/${id}`]);
    }
    const others = [
      ...[await admin.send('PATCH', '/contacts/1', { city: 'Rome' }), await admin.send('PUT', '/contacts/1', {})],
      ...[await admin.send('DELETE', '/contacts/1')],
      await admin.send('POST', '/contacts/1/merge', { other_id: id }),
    ];
    expect(others.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const last = await makeContact(admin);
    await mergeContacts(admin, last.id, id);
    expect(await led(server, admin, '/contacts/1')).toEqual([301, `/api/v1/contacts/${last.id}`]);
    await sql(`UPDATE merged_contacts SET merged_at = now() - interval '31 days' WHERE id = $1`, uuid);
    expect(await led(server, admin, '/contacts/1')).toEqual([404, null]);
    accepted(await admin.send('DELETE', `/contacts/${last.id}`));
    expect(await led(server, admin, `/contacts/${id}`)).toEqual([404, null]);
  });

  it('is found by its former addresses, which nobody else can have', async () => {
    const { admin, hear, workspace, owner, uuid } = await inboxHeard();
    const anna = await makeContact(admin, { email: 'anna@example.com', phone: '+14155559999' });
    const former = await makeContact(admin, { email: 'smith@example.org', phone: '030 77' });
    await mergeContacts(admin, anna.id, former.id);
    await mergeContacts(admin, anna.id, 1);
    expect(await contact(admin, anna.id)).toMatchObject({ email: 'anna@example.com', phone: '+14155559999' });
    for (const query of ['search=smith@example', 'email=smith@example.org', 'search=77', `search=%2B1415555200`]) {
      expect(await found(admin, query)).toEqual([anna.id]);
    }
    const taken = { email: ['A contact with this email already exists in this workspace.'] };
    const body = { first_name: 'Eve', email: 'smith@example.org' };
    expect((await admin.send('POST', '/contacts', body)).body).toEqual({ errors: taken });
    const eve = await makeContact(admin, { phone: PHONE });
    expect((await admin.send('PATCH', `/contacts/${eve.id}`, { email: 'smith@example.org' })).body).toEqual({
      errors: taken,
    });
    const known = accepted(await owner.send('POST', '/customers', { name: 'Eve', email: 'smith@example.org' }));
    expect([known.status, known.body.id]).toEqual([200, formatId('customer', anna.uuid)]);
    const patched = await owner.send('PATCH', `/customers/${formatId('customer', eve.uuid)}`, { email: body.email });
    expect(patched.status).toBe(422);
    await hear('From my former phone');
    expect((await list(admin)).map(({ id, preview }) => [id, preview])).toEqual([[1, 'From my former phone']]);
    accepted(
      await owner.user!.send('POST', inWorkspace(workspace, '/simulator/inbound'), {
        ...{ from: '+14155559999', to: OUR_NUMBER, body: 'And from my other one' },
      }),
    );
    expect((await list(admin)).map(({ id, contact: of }) => [id, of!.id])).toEqual([[1, anna.id]]);
    const file = 'email,city\nsmith@example.org,Rome\nanna@example.com,Oslo\nnew@example.org,Bern\n';
    const form = new FormData();
    form.append('file', new Blob([file], { type: 'text/csv' }), 'contacts.csv');
    const imported = await fetch(`${server.url}/api/v1/contacts/import`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${admin.token}` }, body: form },
    });
    expect(((await imported.json()) as { data: object }).data).toMatchObject({ created: 1, updated: 2, errors: [] });
    expect(await contact(admin, anna.id)).toMatchObject({ email: 'anna@example.com', city: 'Oslo' });
    await expectExactRows(uuid);
  });

  it('has a former address back as its own, and erased they are free', async () => {
    const { admin, uuid } = await inboxHeard();
    const anna = await makeContact(admin, { email: 'anna@example.com' });
    const former = await makeContact(admin, { email: 'smith@example.org', status: 'unsubscribed' });
    await mergeContacts(admin, anna.id, former.id);
    const suppressed = () =>
      sql<{ email: string | null }>(`SELECT email FROM suppressions WHERE client_id = $1 ORDER BY number`, uuid);
    const both = [{ email: 'smith@example.org' }, { email: 'anna@example.com' }];
    expect(await suppressed()).toEqual(both);
    accepted(await admin.send('PATCH', `/contacts/${anna.id}`, { email: 'smith@example.org' }));
    accepted(await admin.send('POST', '/contacts', { first_name: 'Other', email: 'anna@example.com' }));
    const third = await makeContact(admin, { email: 'third@example.org', status: 'unsubscribed' });
    await mergeContacts(admin, anna.id, third.id);
    accepted(await admin.send('DELETE', `/contacts/${anna.id}`));
    expect(await suppressed()).toEqual([{ email: null }, { email: 'anna@example.com' }, { email: null }]);
    accepted(await admin.send('POST', '/contacts', { first_name: 'Third', email: 'third@example.org' }));
    expect(await sql(`SELECT FROM contact_aliases WHERE client_id = $1`, uuid)).toEqual([]);
  });

  it('leaves the values that are to stay, by default those of the one that stays', async () => {
    const { admin } = await inboxHeard();
    const mine = { company: 'Acme', phone: '+14155550001', custom_fields: { plan: 'pro', a: 1 }, last_name: null };
    const theirs = { company: 'Globex', country: 'DE', phone: '+14155550002', custom_fields: { plan: 'free', b: 2 } };
    const pair = async (): Promise<[number, number, string]> => {
      const [one, other] = [await makeContact(admin, mine), await makeContact(admin, { ...theirs, last_name: 'Ayer' })];
      return [one.id, other.id, other.email];
    };
    const [one, other] = await pair();
    const whole = await mergeContacts(admin, one, other);
    expect(whole).toMatchObject({ company: 'Acme', country: 'DE', phone: '+14155550001', name: 'Anna Ayer' });
    expect(whole.custom_fields).toEqual({ plan: 'pro', a: 1, b: 2 });
    accepted(await admin.send('DELETE', `/contacts/${one}`));
    const [two, second, email] = await pair();
    const keep = { company: 'other', email: 'other', phone: 'other', custom_fields: { plan: 'other', a: 'other' } };
    const kept = await mergeContacts(admin, two, second, keep);
    expect(kept).toMatchObject({ company: 'Globex', email, phone: '+14155550002' });
    expect(kept.custom_fields).toEqual({ plan: 'free', a: 1, b: 2 });
    expect(await found(admin, 'search=%2B14155550001')).toEqual([two]);
  });

  it('unsubscribed, it is so for both, whatever else is to stay', async () => {
    const { admin } = await inboxHeard();
    const anna = await makeContact(admin);
    const gone = await makeContact(admin, { status: 'unsubscribed' });
    const merged = await mergeContacts(admin, anna.id, gone.id, { status: 'this' });
    expect(merged).toMatchObject({ status: 'unsubscribed', suppression: { reason: 'unsubscribed' } });
  });

  it('is refused where there is no such contact, it is the same, or who asks may not', async () => {
    const { admin, member, uuid } = await inboxHeard();
    const { id } = await makeContact(admin);
    const other = await inboxHeard();
    const stranger = (await contact(other.admin, 1)).uuid;
    const merge = (body: object, by = admin, path: number | string = id): Promise<Reply> =>
      by.send('POST', `/contacts/${path}/merge`, body);
    for (const other_id of [id, 99, stranger, '0', null]) {
      expect(await merge({ other_id })).toEqual(refused('other_id'));
    }
    const [{ address }] = (await sql(`SELECT customer_id AS address FROM addresses WHERE client_id = $1`, uuid)) as [
      { address: string },
    ];
    expect(await merge({ other_id: address })).toEqual(refused('other_id'));
    expect(await merge({ other_id: 1, keep: { email: 'both' } })).toEqual(refused('keep.email'));
    expect(await merge({ other_id: 1, keep: { custom_fields: { a: 1 } } })).toEqual(refused('keep.custom_fields'));
    expect((await merge({ other_id: 1 }, admin, 99)).status).toBe(404);
    expect((await merge({ other_id: 1 }, await member('agent'))).status).toBe(403);
    const fields = (from: number) => Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`k${from + at}`, at]));
    accepted(await admin.send('PATCH', '/contacts/1', { custom_fields: fields(0) }));
    accepted(await admin.send('PATCH', `/contacts/${id}`, { custom_fields: fields(30) }));
    expect(await merge({ other_id: 1 })).toEqual(refused('keep.custom_fields'));
    expect((await contact(admin, 1)).conversations_count).toBe(1);
  });

  it('takes along what it opted out of, and stays where there is too much to move', async () => {
    const { admin, hear, uuid } = await inboxHeard();
    await hear('STOP');
    const phone = await contact(admin, 1);
    const anna = await makeContact(admin);
    const held = (most: number) =>
      sql(`SELECT hold_merged($1, $2, $3, $4) AS outcome`, ...[uuid, anna.uuid, phone.uuid, most]);
    expect([await held(1), await held(2)]).toEqual([[{ outcome: 'too_much' }], [{ outcome: 'held' }]]);
    await mergeContacts(admin, anna.id, 1);
    const optedOut = await sql(`SELECT person_id AS person FROM opt_outs WHERE client_id = $1`, uuid);
    expect(optedOut).toEqual([{ person: anna.uuid }]);
  });

  it('asked for twice, by a key or without, is merged once', async () => {
    const { admin } = await inboxHeard();
    const { id } = await makeContact(admin);
    const key = { 'idempotency-key': 'once' };
    const first = accepted(await admin.send('POST', `/contacts/${id}/merge`, { other_id: 1 }, key));
    accepted(await admin.send('PATCH', `/contacts/${id}`, { city: 'Rome' }));
    const kept = accepted(await admin.send('POST', `/contacts/${id}/merge`, { other_id: 1 }, key));
    expect(kept.text).toBe(first.text);
    expect(await mergeContacts(admin, id, 1)).toMatchObject({ id, city: 'Rome' });
  });
});

describe('In the core and Layer', () => {
  it('channels of both are those of the one that stays, read and hidden as both did, and so is the external id', async () => {
    const acme = await core.client();
    const app = await layerApp(() => server, acme);
    const smith = await app.session('smith', { first_name: 'Smith', display_name: 'Smith' });
    const idOf = async (externalId: string): Promise<string> =>
      accepted(await acme.send('GET', `/api/v1/customers?external_id=${externalId}`)).body.data[0].id;
    const other = await idOf('smith');
    const [anna, mia] = (await Promise.all(
      ['anna', 'mia'].map(async (name) => {
        const body = { name, email: `${name}@example.com` };
        return accepted(await acme.send('POST', '/api/v1/customers', body)).body.id as string;
      }),
    )) as [string, string];
    const open = async (customer_uuids: string[], name = 'Talk'): Promise<string> =>
      accepted(await acme.send('POST', '/api/v1/channels', { type: 'custom', name, customer_uuids })).body.id;
    const say = async (channel_uuid: string, sender_uuid: string, content: string): Promise<string> =>
      accepted(await acme.send('POST', '/api/v1/messages', { channel_uuid, sender_uuid, type: 'text', content })).body
        .id;
    const general = async (...customer_uuids: string[]): Promise<[number, string]> => {
      const { status, body } = await acme.send('POST', '/api/v1/channels', { type: 'general', customer_uuids });
      return [status, body.id as string];
    };
    const all = await open([anna, other, mia]);
    const alone = await open([other, mia]);
    const [, direct] = await general(other, mia);
    const left = await open([anna, mia, other], 'Left');
    await say(left, other, 'Was here');
    accepted(await acme.send('DELETE', `/api/v1/channels/${left}/customers/${other}`));
    for (const channel of [all, alone]) {
      await say(channel, mia, 'One');
      await say(channel, other, 'Two');
      await say(channel, mia, 'Three');
    }
    await say(all, anna, 'Four');
    const hidden = await say(all, mia, 'Five');
    accepted(await acme.send('POST', `/api/v1/channels/${all}/read`, { customer_uuid: other }));
    await say(all, mia, 'Six');
    accepted(await smith.send('DELETE', `/messages/${parseId('message', hidden)}?mode=my_devices`));
    await expectExactRows(acme.uuid);
    accepted(await acme.send('POST', `/api/v1/contacts/${anna}/merge`, { other_id: other }));
    await expectExactRows(acme.uuid);
    const { customers } = accepted(await acme.send('GET', `/api/v1/channels/${alone}`)).body;
    expect(customers.map(({ id }: { id: string }) => id).sort()).toEqual([anna, mia].sort());
    const said = accepted(await acme.send('GET', `/api/v1/messages/channel/${left}`)).body.data;
    expect(said.map((message: Message) => message.sender_id)).toEqual([anna]);
    expect(await general(mia, anna)).toEqual([200, direct]);
    expect(await idOf('smith')).toBe(anna);
    expect((await smith.send('GET', '/conversations')).status).toBe(401);
    await app.session('smith', { first_name: 'Anna', display_name: 'Anna' });
    expect(accepted(await acme.send('GET', `/api/v1/customers/${anna}`)).body.name).toBe('Anna');
    await expectExactRows(acme.uuid);
  });
});
