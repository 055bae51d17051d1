import { beforeAll, expect, it } from '@jest/globals';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn } from '../support/given.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { SETTINGS } from '../support/settings.js';
import { ownDatabase, sql } from '../support/sql.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'web', LIMIT_API: 'off' }));
const core = givenOn(() => server);

it('kill -9 leaves each merge done or not begun, and what is asked for again is done', async () => {
  const env = { ...SETTINGS, DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error', ROLE: 'web' };
  let web: ServerProcess = await startProcess({ ...env, LIMIT_API: 'off' });
  const acme = await core.client();
  const send = (method: string, path: string, body?: object) => acme.send(method, `/api/v1${path}`, body);
  const hello = accepted(await send('POST', '/customers', { name: 'Mia', email: 'mia@example.com' })).body.id as string;
  const made: { stays: number; goes: number; uuid: string }[] = [];
  for (let at = 0; at < 40; at += 1) {
    const [stays, goes] = (await Promise.all(
      ['stays', 'goes'].map(async (name) => {
        const body = { first_name: name, email: `${name}${at}@example.com` };
        return accepted(await send('POST', '/contacts', body)).body.data as { id: number; uuid: string };
      }),
    )) as [{ id: number; uuid: string }, { id: number; uuid: string }];
    const customer = formatId('customer', goes.uuid);
    const channel = accepted(await send('POST', '/channels', { type: 'general', customer_uuids: [hello, customer] }));
    const said = { channel_uuid: channel.body.id, sender_uuid: customer, type: 'text', content: `Said ${at}` };
    await Promise.all(Array.from({ length: 5 }, async () => accepted(await send('POST', '/messages', said))));
    made.push({ stays: stays.id, goes: goes.id, uuid: stays.uuid });
  }
  const merge = async ({ stays, goes }: { stays: number; goes: number }): Promise<number | null> => {
    const headers = { ...acme.headers, 'content-type': 'application/json' };
    const body = JSON.stringify({ other_id: goes });
    const answer = await fetch(`${web.url}/api/v1/contacts/${stays}/merge`, { method: 'POST', headers, body }).catch(
      () => null,
    );
    return answer?.status ?? null;
  };
  let left = made;
  for (let kills = 0; kills < 4; kills += 1) {
    let done = 0;
    const round = left.slice(0, 10);
    let kill: Promise<unknown> | undefined;
    const ends = await Promise.all(
      round.map(async (one) => {
        const status = await merge(one);
        done += 1;
        if (done === 3) {
          kill = web.end('SIGKILL');
        }
        return status;
      }),
    );
    await kill;
    web = await startProcess({ ...env, LIMIT_API: 'off' });
    await expectExactRows(acme.uuid);
    expect(ends.filter((status) => status === 200).length).toBeGreaterThan(0);
    for (const one of round) {
      expect(await merge(one)).toBe(200);
    }
    left = left.slice(10);
  }
  await expectExactRows(acme.uuid);
  const senders = await sql<{ sender: string; n: number }>(
    `SELECT sender_id AS sender, count(*)::int AS n FROM messages WHERE client_id = $1 GROUP BY 1`,
    acme.uuid,
  );
  expect(senders.map(({ sender }) => sender).sort()).toEqual(made.map(({ uuid }) => uuid).sort());
  expect(new Set(senders.map(({ n }) => n))).toEqual(new Set([5]));
  expect(await web.end('SIGTERM')).toBe(0);
  expect(await mergeOf(acme.uuid)).toBe(40);
}, 180_000);

async function mergeOf(client: string): Promise<number> {
  return (await sql<{ n: number }>(`SELECT count(*)::int AS n FROM merged_contacts WHERE client_id = $1`, client))[0]!
    .n;
}
