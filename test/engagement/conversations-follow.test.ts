import { describe, expect, it } from '@jest/globals';
import { parseSid } from '../../src/platform/common/ids/sid.js';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted } from '../support/given.js';
import { miscounted } from '../support/phones.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';
import { PHONE, teamsOn, type Team } from '../support/texting.js';

const server = useServer();
const { team } = teamsOn(() => server);

const OTHER_PHONE = '+14155552672';

interface Row extends Record<string, unknown> {
  readonly channel_id: string;
}
const conversations = ({ uuid }: Team): Promise<Row[]> =>
  sql<Row>(
    `SELECT conversations.*, conversations.number::int FROM conversations WHERE client_id = $1 ORDER BY conversations.number`,
    uuid,
  );
const activities = ({ uuid }: Team) =>
  sql(
    `SELECT number::int, after_position, data FROM conversation_entries entry WHERE client_id = $1 ORDER BY entry.number`,
    uuid,
  );
const core = ({ owner, workspace }: Team, method: string, path: string, body?: unknown) =>
  owner.send(method, `/api/v1${path}`, body, { 'x-workspace-id': workspace.id }).then(accepted);
const become = async ({ uuid }: Team, { channel_id: id }: Row, changes: object): Promise<void> => {
  await sql(`SELECT * FROM change_conversation($1, $2, NULL, $3)`, uuid, id, JSON.stringify(changes));
};

describe('A conversation', () => {
  it('is numbered in the commit that makes it, with its contact, and follows what is said', async () => {
    const acme = await team();
    await acme.hear('Grüße');
    await acme.send('Hello', OTHER_PHONE);
    const shown = { medium: 'sms', status: 'open', priority: 'normal', last_position: 1, entries_count: 0 };
    expect(await conversations(acme)).toMatchObject([
      {
        ...{
          ...shown,
          number: 1,
          preview: 'Grüße',
          last_by: 'contact',
          is_read: false,
          waiting_since: expect.any(Date),
        },
        ...{ contact_words: '+1 415 555 2671', search_text: ' gruße +1 415 555 2671' },
      },
      { ...shown, number: 2, preview: 'Hello', last_by: 'team', is_read: true, waiting_since: null },
    ]);
    await expectExactRows(acme.uuid);
    expect(await miscounted(acme)).toEqual([]);
  });

  it('is one wherever an address comes in: in a channel of the core, too, whose first person is its contact', async () => {
    const acme = await team();
    const [address] = await sql<{ customer_id: string }>(
      'SELECT customer_id FROM addresses WHERE client_id = $1',
      acme.uuid,
    );
    const customer = async (name: string) =>
      (await core(acme, 'POST', '/customers', { name, email: `${name}@example.com` })).body.id as string;
    const [anna, ben] = [await customer('anna'), await customer('ben')];
    const { body: channel } = await core(acme, 'POST', '/channels', {
      type: 'custom',
      name: 'Help',
      customer_uuids: [anna, ben],
    });
    await core(acme, 'POST', '/messages', { channel_uuid: channel.id, sender_uuid: anna, type: 'text', content: 'Hi' });
    expect(await conversations(acme)).toEqual([]);
    const number = formatId('customer', address!.customer_id);
    await core(acme, 'POST', `/channels/${channel.id as string}/customers`, { customer_uuids: [number] });
    await core(acme, 'POST', '/messages', {
      channel_uuid: channel.id,
      sender_uuid: ben,
      type: 'text',
      content: 'Help',
    });
    expect(await conversations(acme)).toMatchObject([
      { number: 1, person_id: null, contact_words: 'anna anna@example.com', preview: 'Help', last_by: 'contact' },
    ]);
    await core(acme, 'PATCH', `/customers/${anna}`, { name: 'Änne' });
    expect(await conversations(acme)).toMatchObject([{ search_text: ' help anne anna@example.com' }]);
  });

  it.each([
    ['open', 'open', 'open'],
    ['pending', 'open', 'open'],
    ['snoozed', 'open', 'snoozed'],
    ['closed', 'open', 'open'],
    ['spam', 'spam', 'spam'],
  ])('that is %s is %s when the contact writes, and %s when the team does', async (status, heard, said) => {
    const acme = await team();
    await acme.hear('Hi');
    await acme.hear('Hi', OTHER_PHONE);
    const [one, two] = await conversations(acme);
    const snoozed = status === 'snoozed' ? { snoozed_until: '2126-01-01T00:00:00Z' } : {};
    for (const conversation of [one!, two!]) {
      await become(acme, conversation, { status, ...snoozed, is_read: true });
    }
    const before = (await activities(acme)).length;
    await acme.hear('Still there?');
    await acme.send('Yes', OTHER_PHONE);
    const [inbound, outbound] = await conversations(acme);
    expect([inbound!.status, outbound!.status]).toEqual([heard, said]);
    expect([inbound!.is_read, outbound!.is_read]).toEqual([status === 'spam', true]);
    expect([inbound!.waiting_since, outbound!.waiting_since]).toEqual([one!.waiting_since, null]);
    expect([inbound!.first_response_at, outbound!.first_response_at]).toEqual([null, outbound!.last_message_at]);
    expect([inbound, outbound]).toMatchObject([{ preview: 'Still there?' }, { preview: 'Yes' }]);
    const moved = [heard, said].filter((next) => next !== status);
    expect((await activities(acme)).slice(before)).toEqual(
      moved.map((to, at) => ({
        ...{ number: before + at + 1, after_position: 2 },
        data: { type: 'status', from: status, to },
      })),
    );
    expect(inbound!.snoozed_until).toBeNull();
    await expectExactRows(acme.uuid);
  });

  it('waits since what was not answered, and is answered first once', async () => {
    const acme = await team();
    await acme.hear('One');
    const [first] = await conversations(acme);
    await acme.hear('Two');
    expect(await conversations(acme)).toMatchObject([{ waiting_since: first!.waiting_since }]);
    await acme.send('Yes?');
    const [answered] = await conversations(acme);
    expect(answered).toMatchObject({ waiting_since: null, first_response_at: answered!.last_message_at });
    await acme.hear('Three');
    await acme.send('Well');
    expect(await conversations(acme)).toMatchObject([{ first_response_at: answered!.first_response_at }]);
  });

  it('is not answered by what answers a keyword, and says when its contact was written to last', async () => {
    const acme = await team();
    const contactedAt = async () =>
      (
        await sql<{ at: Date }>('SELECT last_contacted_at AS at FROM contact_touches WHERE client_id = $1', acme.uuid)
      ).map(({ at }) => at);
    await acme.hear('HELP');
    const [asked] = await conversations(acme);
    expect(asked).toMatchObject({ last_position: 2, last_by: 'team', first_response_at: null });
    expect(asked!.waiting_since).toEqual(expect.any(Date));
    expect(await contactedAt()).toEqual([null]);
    await acme.send('How can I help?');
    const [answered] = await conversations(acme);
    expect(answered).toMatchObject({ waiting_since: null, first_response_at: answered!.last_message_at });
    expect(await contactedAt()).toEqual([answered!.last_message_at]);
    await acme.hear('Thanks');
    expect(await contactedAt()).toEqual([answered!.last_message_at]);
  });

  it('is only moved by what is said in it: a system message is the newest, and nothing else', async () => {
    const acme = await team();
    await acme.hear('Hi');
    const [one] = await conversations(acme);
    await become(acme, one!, { status: 'closed' });
    const [customer] = await sql<{ id: string }>(
      'SELECT contact_id AS id FROM conversations WHERE client_id = $1',
      acme.uuid,
    );
    await core(acme, 'POST', '/messages', {
      ...{ channel_uuid: formatId('channel', one!.channel_id), sender_uuid: formatId('customer', customer!.id) },
      ...{ type: 'system', content: 'Anna called' },
    });
    expect(await conversations(acme)).toMatchObject([{ status: 'closed', preview: 'Anna called', last_position: 2 }]);
  });

  it('begins otherwise once its newest message is deleted', async () => {
    const acme = await team();
    const [first, second] = [await acme.hear('First'), await acme.send('Second')];
    const remove = (sid: string) =>
      core(acme, 'DELETE', `/messages/${formatId('message', parseSid(sid)!)}?mode=all_participants`);
    await remove(second);
    expect(await conversations(acme)).toMatchObject([{ preview: 'First', last_position: 1, last_by: 'contact' }]);
    await remove(first);
    expect(await conversations(acme)).toMatchObject([{ preview: null, last_position: 0, last_by: null }]);
    await acme.hear('Third');
    expect(await conversations(acme)).toMatchObject([{ preview: 'Third', last_position: 3 }]);
    await expectExactRows(acme.uuid);
  });

  it('stays without its contact, who is erased, and is no thread with a phone any more', async () => {
    const acme = await team();
    await acme.hear('Hi');
    const [{ contact_id: contact }] = (await conversations(acme)) as [Row];
    await core(acme, 'DELETE', `/customers/${formatId('customer', contact as string)}`);
    expect(await conversations(acme)).toMatchObject([
      { contact_id: null, person_id: null, is_abandoned: true, preview: 'Hi', search_text: ' hi', status: 'open' },
    ]);
    expect(await miscounted(acme)).toEqual([]);
    // Who writes from that phone now is somebody else.
    await acme.hear('Hi again', PHONE);
    expect(await conversations(acme)).toMatchObject([{ number: 1 }, { number: 2, preview: 'Hi again' }]);
    await expectExactRows(acme.uuid);
    expect(await miscounted(acme)).toEqual([]);
  });
});
