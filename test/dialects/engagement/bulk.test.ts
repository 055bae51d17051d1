import { beforeAll, expect, it } from '@jest/globals';
import { makeContact, makeTag, refused } from '../../support/contacts.js';
import { expectExactRows } from '../../support/exact.js';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted } from '../../support/given.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const given = givenTeams(() => server);

let team: TestTeam;
let admin: TestCaller;
let agent: TestCaller;
beforeAll(async () => {
  team = await given.team();
  [admin, agent] = await Promise.all([team.key(), team.member('agent')]);
});

const bulk = (by: TestCaller, body: object) => by.send('POST', '/contacts/bulk', body);
const changed = async (body: object): Promise<number> => accepted(await bulk(agent, body)).body.data.changed as number;
const show = async (id: number) => accepted(await admin.send('GET', `/contacts/${id}`)).body.data;

it('Many contacts are tagged, untagged and set at once, and those that change are counted', async () => {
  const [vip, old] = [await makeTag(admin, 'VIP'), await makeTag(admin, 'Old')];
  const one = await makeContact(admin, { tag_ids: [old.id], custom_fields: { a: 1, b: 1 } });
  const two = await makeContact(admin, { tag_ids: [vip.id], lead_score: 50, custom_fields: { b: 2 } });
  const body = {
    ...{ contact_ids: [one.id, two.uuid, one.id], add_tag_ids: [vip.id], remove_tag_ids: [old.id] },
    set: { lead_score: 50, custom_fields: { b: 2 } },
  };
  expect(await changed(body)).toBe(1);
  expect(await changed(body)).toBe(0);
  expect(await show(one.id)).toMatchObject({ lead_score: 50, custom_fields: { a: 1, b: 2 }, tags: [{ id: vip.id }] });
  expect(await changed({ contact_ids: [one.id, two.id], remove_tag_ids: [vip.id] })).toBe(2);
  await expectExactRows(team.uuid);
});

it('A segment is changed like its contacts; unsubscribing suppresses, and only an admin takes it back', async () => {
  const some = [await makeContact(admin, { city: 'Ulm' }), await makeContact(admin, { city: 'Ulm' })];
  const filter = { all: [{ field: 'city', op: 'is', value: 'Ulm' }] };
  const segment = accepted(await admin.send('POST', '/segments', { name: 'Ulm', filter })).body.data;
  const off = { segment_id: segment.id, set: { status: 'unsubscribed' } };
  expect(await changed(off)).toBe(2);
  const shown = await Promise.all(some.map(({ id }: { id: number }) => show(id)));
  expect(shown.map(({ status, suppression }) => [status, suppression.reason])).toEqual([
    ['unsubscribed', 'unsubscribed'],
    ['unsubscribed', 'unsubscribed'],
  ]);
  const on = { segment_id: segment.id, set: { status: 'active' } };
  const refusal = await bulk(agent, on);
  expect([refusal.status, refusal.body.required_role]).toEqual([403, 'admin']);
  expect(accepted(await bulk(admin, on)).body.data).toEqual({ changed: 2 });
  expect(await show(some[0].id)).toMatchObject({ status: 'active', suppression: null });
  await expectExactRows(team.uuid);
});

it('Nothing happens where something is wrong', async () => {
  const other = await (await given.team()).key();
  const [mine, theirs] = [await makeContact(admin), await makeContact(other)];
  const theirTag = await makeTag(other, 'Theirs');
  const many = Array.from({ length: 1_001 }, (_, at) => at + 1);
  const fields = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, at]));
  const full = await makeContact(admin, { custom_fields: fields });
  const more = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`g${at}`, at]));
  for (const [body, field] of [
    [{}, 'contact_ids'],
    [{ contact_ids: many }, 'contact_ids'],
    [{ contact_ids: [mine.id, theirs.uuid] }, 'contact_ids.1'],
    [{ contact_ids: [mine.id], segment_id: 1 }, 'segment_id'],
    [{ segment_id: 999_999 }, 'segment_id'],
    [{ contact_ids: [mine.id], add_tag_ids: [theirTag.uuid] }, 'add_tag_ids.0'],
    [{ contact_ids: [mine.id], set: { role: 'admin' } }, 'set.role'],
    [{ contact_ids: [mine.id], set: { lead_score: 101 } }, 'set.lead_score'],
    [{ contact_ids: [mine.id, full.id], set: { lead_score: 9, custom_fields: more } }, 'set.custom_fields'],
  ] as const) {
    expect(await bulk(admin, { set: { lead_score: 9 }, ...body })).toEqual(refused(field));
  }
  expect(await show(mine.id)).toMatchObject({ lead_score: 0, custom_fields: {} });
});
