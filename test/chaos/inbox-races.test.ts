import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeContact, makeTag } from '../support/contacts.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, type Reply } from '../support/given.js';
import { givenInboxes, list, show } from '../support/inbox.js';
import { atOnce, startRacedServer } from '../support/races.js';
import { useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { inWorkspace } from '../support/users.js';

beforeAll(ownDatabase);
const servers = [useServer(startRacedServer), useServer(startRacedServer)];
let asked = 0;
/** Of each two requests each server has one. */
const either = {
  get url() {
    asked += 1;
    return servers[asked % servers.length]!.url;
  },
};
const given = givenInboxes(() => either);

const statuses = (replies: readonly Reply[]): number[] => replies.map(({ status }) => status);

describe('Asked of two servers at once', () => {
  it('one e-mail is one contact, whether it is made or imported', async () => {
    const { owner, uuid } = await given.team();
    const email = 'anna@example.com';
    const file = (): FormData => {
      const form = new FormData();
      form.set('file', new Blob([`email,first_name\n${email},Anna\n`]), 'contacts.csv');
      return form;
    };
    const bring = (): Promise<number> =>
      fetch(`${either.url}/api/v1/contacts/import`, {
        ...{ method: 'POST', headers: { authorization: `Bearer ${owner.token}` }, body: file() },
      }).then(async (response) => (await response.text(), response.status));
    const [made, imported] = await Promise.all([
      atOnce(50, () => owner.send('POST', '/contacts', { first_name: 'Anna', email })),
      atOnce(4, bring),
    ]);
    const first = statuses(made).filter((status) => status === 201);
    expect([first.length <= 1, new Set([...statuses(made), 422])]).toEqual([true, new Set([...first, 422])]);
    expect(imported).toEqual([200, 200, 200, 200]);
    const rows = await sql<{ number: number }>(
      `SELECT number::int FROM contacts WHERE client_id = $1 AND email = $2`,
      ...[uuid, email],
    );
    expect(rows).toEqual([{ number: 1 }]);
    expect((await makeContact(owner)).id).toBe(2);
    await expectExactRows(uuid);
  });

  it('a conversation is closed once', async () => {
    const { owner, hear, uuid } = await given.inbox();
    await hear('Hi');
    const closed = (await atOnce(50, () => owner.send('POST', '/conversations/1/close'))).map(accepted);
    expect(new Set(closed.map(({ body }) => body.data.resolved_at)).size).toBe(1);
    const { messages } = await show(owner, 1);
    expect(messages.filter(({ type }) => type === 'activity')).toHaveLength(1);
    const { conversations } = accepted(await owner.send('GET', '/analytics/overview?period=7d')).body.data;
    expect(conversations).toMatchObject({ total: 1, closed: 1 });
    await expectExactRows(uuid);
  });

  it('nothing stays with a member who is removed', async () => {
    const { owner, member, hear, workspace, uuid } = await given.inbox();
    await atOnce(8, (at) => hear('Hi', at));
    const mia = (await member('agent')).user!;
    const assign = (at: number): Promise<Reply> =>
      owner.send('POST', `/conversations/${(at % 8) + 1}/assign`, { user_id: mia.uuid });
    const [removal, assigned] = await Promise.all([
      owner.user!.send('DELETE', inWorkspace(workspace, `/members/${mia.id}`)),
      atOnce(32, assign),
    ]);
    accepted(removal);
    expect(new Set([...statuses(assigned), 200, 422])).toEqual(new Set([200, 422]));
    expect((await list(owner)).map(({ assigned_to }) => assigned_to)).toEqual(Array(8).fill(null));
    await expectExactRows(uuid);
  });

  it('tags are replaced, added and taken, and each knows how many it has', async () => {
    const { owner, uuid } = await given.team();
    const tags = (await atOnce(3, (at) => makeTag(owner, `Tag ${at}`))).map(({ id }: { id: number }) => id);
    const contacts = (await atOnce(4, () => makeContact(owner))).map(({ id }: { id: number }) => id);
    const replies = await atOnce(80, (at) =>
      at % 2 === 0
        ? owner.send('PATCH', `/contacts/${contacts[(at / 2) % 4]}`, {
            tag_ids: tags.filter((_, of) => (at >> of) % 3),
          })
        : owner.send('POST', '/contacts/bulk', {
            ...{ contact_ids: contacts, add_tag_ids: [tags[at % 3]], remove_tag_ids: [tags[(at + 1) % 3]] },
          }),
    );
    replies.forEach(accepted);
    await expectExactRows(uuid);
  });
});
