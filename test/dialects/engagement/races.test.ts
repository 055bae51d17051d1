import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { makeContact, makeTag } from '../../support/contacts.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, given as givenOn, type Reply } from '../../support/given.js';
import { givenInboxes, list, show, type Conversation } from '../../support/inbox.js';
import { layerApp } from '../../support/layer.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { inWorkspace } from '../../support/users.js';

const server = useServer();
const given = givenInboxes(() => server);
const core = givenOn(() => server);

const times = <T>(count: number, once: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => once(at)));
/** What is refused for a reason of its own is no fault; only what nobody meant is. */
const faults = (replies: readonly Reply[]): number[] =>
  replies.map(({ status }) => status).filter((status) => status >= 500);

describe('At once', () => {
  it('a conversation is closed fifty times, and that is one activity and one resolution', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hi');
    const closed = (await times(50, () => owner.send('POST', '/conversations/1/close'))).map(accepted);
    expect(new Set(closed.map(({ body }) => body.data.resolved_at)).size).toBe(1);
    const { messages } = await show(owner, 1);
    expect(messages.filter(({ type }) => type === 'activity')).toHaveLength(1);
    await expectExactRows(uuid);
  });

  it('a member is assigned and removed, and nothing stays with somebody who is gone', async () => {
    const { owner, member, hear, workspace, uuid } = await given.inbox();
    await times(8, (at) => hear('Hi', at));
    const mia = (await member('agent')).user!;
    const removal = owner.user!.send('DELETE', inWorkspace(workspace, `/members/${mia.id}`));
    const assigned = await times(8, (at) =>
      owner.send('POST', `/conversations/${at + 1}/assign`, { user_id: mia.uuid }),
    );
    accepted(await removal);
    expect(new Set([...assigned.map(({ status }) => status), 200, 422])).toEqual(new Set([200, 422]));
    expect((await list(owner)).map(({ assigned_to }) => assigned_to)).toEqual(Array.from({ length: 8 }, () => null));
    await expectExactRows(uuid);
  });

  it('a contact writes, is tagged, changed and erased, and nothing is left that points at it', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hi');
    const [{ contact, uuid: channel }] = (await list(owner)) as [Conversation];
    const vip = await makeTag(owner, 'VIP');
    const id = contact!.id;
    const [{ customer }] = (await sql<{ customer: string }>(
      `SELECT contact_id AS customer FROM conversations WHERE client_id = $1`,
      uuid,
    )) as [{ customer: string }];
    const said = { channel_uuid: formatId('channel', channel), sender_uuid: formatId('customer', customer) };
    const replies = await Promise.all([
      ...Array.from({ length: 10 }, () => owner.send('POST', '/messages', { ...said, type: 'text', content: 'Hi' })),
      ...Array.from({ length: 5 }, () =>
        owner.send('PATCH', `/contacts/${id}`, { tag_ids: [vip.id], company: 'Acme' }),
      ),
      ...Array.from({ length: 5 }, () =>
        owner.send('POST', '/contacts/bulk', { contact_ids: [id], add_tag_ids: [vip.id], set: { lead_score: 7 } }),
      ),
      owner.send('DELETE', `/contacts/${id}`),
    ]);
    expect(faults(replies)).toEqual([]);
    expect(replies.at(-1)!.status).toBe(204);
    expect((await owner.send('GET', `/contacts/${id}`)).status).toBe(404);
    const left = await sql(
      `SELECT 'tag' AS what FROM contact_tags WHERE client_id = $1 AND customer_id = $2
       UNION ALL SELECT 'touch' FROM contact_touches WHERE client_id = $1 AND customer_id = $2
       UNION ALL SELECT 'conversation' FROM conversations WHERE client_id = $1 AND contact_id = $2`,
      ...[uuid, customer],
    );
    expect(left).toEqual([]);
    await expectExactRows(uuid);
  });

  it('tags are replaced, added and taken, and each knows how many it has', async () => {
    const { owner, uuid } = await given.inbox();
    const tags = await times(3, (at) => makeTag(owner, `Tag ${at}`));
    const contacts = await times(4, () => makeContact(owner));
    const ids = contacts.map((contact: { id: number }) => contact.id);
    const some = (at: number): number[] =>
      tags.filter((_, of) => (at >> of) % 2 === 0).map((tag: { id: number }) => tag.id);
    const replies = await times(40, (at) =>
      at % 2 === 0
        ? owner.send('PATCH', `/contacts/${ids[at % 4]}`, { tag_ids: some(at / 2) })
        : owner.send('POST', '/contacts/bulk', {
            ...{ contact_ids: ids, add_tag_ids: [tags[at % 3].id], remove_tag_ids: [tags[(at + 1) % 3].id] },
          }),
    );
    replies.forEach(accepted);
    await expectExactRows(uuid);
  });

  it('a customer is renamed by the core, Layer and here, and all of them tell one name', async () => {
    const acme = await core.client();
    const app = await layerApp(() => server, acme);
    const anna = await app.session('anna', { first_name: 'Anna', display_name: 'Anna' });
    const [customer] = accepted(await acme.send('GET', '/api/v1/customers?external_id=anna')).body.data as [
      { id: string },
    ];
    const here = `/api/v1/contacts/${customer.id}`;
    await Promise.all([
      times(8, (at) => app.session('anna', { first_name: `L${at}`, last_name: 'Ayer', display_name: `L${at} Ayer` })),
      times(8, async (at) =>
        accepted(await acme.send('PATCH', `/api/v1/customers/${customer.id}`, { name: `C${at} Ore` })),
      ),
      times(8, async (at) => accepted(await acme.send('PATCH', here, { first_name: `H${at}`, last_name: 'Ere' }))),
    ]);
    const contact = accepted(await acme.send('GET', here)).body.data as Record<string, string>;
    const { name } = accepted(await acme.send('GET', `/api/v1/customers/${customer.id}`)).body;
    const layer = accepted(await anna.send('GET', `/identities/anna`)).body as Record<string, string>;
    expect([contact.name, layer.display_name]).toEqual([name, name]);
    expect([null, contact.first_name]).toContain(layer.first_name);
    expect(`${contact.first_name} ${contact.last_name}`).toBe(name);
    await expectExactRows(acme.uuid);
  });
});
