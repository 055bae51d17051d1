import { expect, it } from '@jest/globals';
import { ACCEPT_TOGETHER } from '../../src/delivery/deliveries/deliveries.sql.js';
import { parseSid } from '../../src/platform/common/ids/sid.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { accepted } from '../support/given.js';
import { miscounted, OUR_NUMBER } from '../support/phones.js';
import { useServer } from '../support/server.js';
import { beside, sql } from '../support/sql.js';
import { givenUsers, inWorkspace } from '../support/users.js';

const server = useServer();
const given = givenUsers(() => server);

const COUNT = 6;

it('Of what a provider took that is noted of which nothing else is known, once, and the others are left as they were', async () => {
  const { owner, workspace } = await given.team();
  const uuid = parseId('client', workspace.id)!;
  const ask = async (path: string, body: unknown) =>
    accepted(await owner.send('POST', inWorkspace(workspace, path), body));
  await ask('/phone-numbers', { number: OUR_NUMBER });
  await sql(`INSERT INTO listeners (client_id, id) VALUES ($1, gen_random_uuid())`, uuid);
  const ids: string[] = [];
  for (let at = 0; at < COUNT; at += 1) {
    ids.push(parseSid((await ask('/messages', { to: `+1415555267${at}`, body: 'Hello' })).body.sid as string)!);
  }
  const [delivered, named, held, polled, ...sent] = ids;
  const move = (id: string | undefined, to: string, told: object) =>
    sql(`SELECT FROM move_delivery($1, $2, $3, '{queued,sending,sent}', $4)`, ...[uuid, id, to, JSON.stringify(told)]);
  await sql(`UPDATE deliveries SET submitted_at = now(), provider = 'twilio:one' WHERE client_id = $1`, uuid);
  for (const id of ids) {
    await move(id, 'sending', {});
  }
  await move(delivered, 'delivered', { price: '0.01', currency: 'USD', segments: 2 });
  await move(named, 'sending', { providerMessageId: 'told by a callback' });
  const told = ids.map((id, at) => ({
    ...{ id, status: id === polled ? 'sending' : 'sent', providerMessageId: `taken ${at}`, computedSegments: 1 },
    ...{ encoding: 'GSM-7', channelId: uuid, position: at, pollAfter: id === polled ? 300 : null },
  }));
  const others = [delivered, named, held];
  const known = () => sql(`SELECT * FROM deliveries WHERE client_id = $1 AND id = ANY($2) ORDER BY id`, uuid, others);
  const before = await known();
  const note = async (some = told) => {
    const values = [uuid, some.map(({ id }) => id), JSON.stringify(some)];
    return (await sql<{ id: string }>(ACCEPT_TOGETHER.text, ...values)).map(({ id }) => id);
  };

  await beside(async (holder) => {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM deliveries WHERE client_id = $1 AND id = $2 FOR UPDATE', [uuid, held]);
    const both = (await Promise.all([note(), note()])).flat();
    expect(both.sort()).toEqual([polled, ...sent].sort());
  });
  expect(await known()).toEqual(before);
  const noted = await sql(
    `SELECT id, status, provider_message_id AS name, segments, encoding, sent_at IS NOT NULL AS "wasSent" FROM deliveries
     WHERE client_id = $1 AND NOT id = ANY($2) ORDER BY id`,
    ...[uuid, others],
  );
  const became = ({ id, status, providerMessageId: name }: (typeof told)[number]) => ({
    ...{ id, status, name, segments: 1, encoding: 'GSM-7', wasSent: status === 'sent' },
  });
  expect(noted).toEqual(told.filter(({ id }) => !others.includes(id)).map(became));
  expect(await miscounted({ uuid })).toEqual([]);
  const jobs = await sql(
    `SELECT id, kind, next_attempt_at > now() AS "isLater" FROM delivery_jobs WHERE client_id = $1`,
    uuid,
  );
  expect(jobs.sort((one, other) => String(one.kind).localeCompare(String(other.kind)))).toEqual([
    { id: polled, kind: 'poll', isLater: true },
    { id: held, kind: 'send', isLater: false },
  ]);
  const events = await sql(
    `SELECT data->>'id' AS id FROM events WHERE client_id = $1 AND type = 'delivery.updated' AND data->>'status' = 'sent'`,
    uuid,
  );
  expect(events.map(({ id }) => id).sort()).toEqual([...sent].sort());
  expect(await note()).toEqual([held]);
  await expect(move(named, 'sent', {}).then(() => note())).resolves.toEqual([]);
});
