import { beforeAll, expect, it } from '@jest/globals';
import { expectExactRows } from '../support/exact.js';
import { accepted } from '../support/given.js';
import { activities, givenInboxes, list } from '../support/inbox.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
const others = useServer(() => startServer({ ROLE: 'worker' }));
const given = givenInboxes(() => server);

it('A conversation that is snoozed is open again when its time comes, once over all processes', async () => {
  expect(others.url).not.toBe(server.url);
  const inboxes = [await given.inbox(), await given.inbox()];
  for (const { owner, hear } of inboxes) {
    await hear('Hi', 1);
    await hear('Hi', 2);
    await hear('Hi', 3);
    const snoozed_until = new Date(Date.now() + 3_600_000).toISOString();
    for (const id of [1, 2]) {
      accepted(await owner.send('PATCH', `/conversations/${id}`, { status: 'snoozed', snoozed_until }));
    }
    accepted(await owner.send('PATCH', '/conversations/3', { status: 'snoozed' }));
  }
  await sql(`UPDATE conversations SET snoozed_until = now() WHERE snoozed_until IS NOT NULL`);
  for (const { owner, uuid } of inboxes) {
    await until(async () => (await list(owner, '?status=open')).length === 2);
    expect(await list(owner, '?status=snoozed')).toMatchObject([{ id: 3, snoozed_until: null }]);
    for (const id of [1, 2]) {
      expect(await activities(owner, id)).toEqual([
        ...['Status changed from open to snoozed.', 'Status changed from snoozed to open.'],
      ]);
    }
    await expectExactRows(uuid);
  }
});
