import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { gateway } from '../support/gateway.js';
import { accepted } from '../support/given.js';
import { OUR_NUMBER } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { givenUsers, inWorkspace } from '../support/users.js';

/** Calls of one client under way, and what one claim may bring on top. */
const [MOST, CLAIMED] = [120, 20];
const QUEUED = 200;

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', UI_RATE_LIMIT: 'off' }));
const users = givenUsers(() => server);

let gate: Awaited<ReturnType<typeof gateway>>;
beforeAll(async () => {
  gate = await gateway();
});
afterAll(() => gate.close());

async function withGateway() {
  const { owner, workspace } = await users.team();
  const ask = (method: string, path: string, body?: object) => owner.send(method, inWorkspace(workspace, path), body);
  accepted(await ask('PUT', '/provider', { kind: 'http', url: gate.url }));
  accepted(await ask('POST', '/phone-numbers', { number: OUR_NUMBER }));
  const uuid = parseId('client', workspace.id)!;
  await sql(`UPDATE addresses SET verified_at = now(), is_default = true WHERE client_id = $1`, uuid);
  const say = async (to: string, body: string): Promise<string> =>
    accepted(await ask('POST', '/messages', { to, body })).body.sid as string;
  return { uuid, say };
}

it('A provider that does not answer has many calls of its client under way, but not all, and those of others are made', async () => {
  const [slow, other] = [await withGateway(), await withGateway()];
  const held: ServerResponse[] = [];
  const takes = gate.answer;
  gate.answer = (asked, response) => (asked.data.body === 'Slow' ? held.push(response) : takes(asked, response));
  const phones = Array.from({ length: QUEUED }, (_, at) => `+1415555${String(at).padStart(4, '0')}`);
  const sids = await Promise.all(phones.map((to) => slow.say(to, 'Slow')));
  await until(() => held.length >= MOST);

  for (const body of ['One', 'Two', 'Three']) {
    await gate.of(await other.say('+14155552671', body));
  }
  expect(held.length).toBeLessThanOrEqual(MOST + CLAIMED - 1);

  gate.answer = takes;
  held.forEach((response) => response.end(JSON.stringify({ id: `late-${Math.random()}` })));
  await until(
    async () =>
      (await sql(`SELECT FROM deliveries WHERE client_id = $1 AND status = 'sent'`, slow.uuid)).length === QUEUED,
  );
  const called = gate.all.filter(({ data }) => data.body === 'Slow').map(({ data }) => data.sid);
  expect([...called].sort()).toEqual([...sids].sort());
});
