import { randomInt, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeContact } from '../support/contacts.js';
import { givenTeams } from '../support/engagement.js';
import { accepted } from '../support/given.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';

const server = useServer();
const { team } = givenTeams(() => server);

const RECIPIENTS = 12;
const NUMBERS = Array.from({ length: RECIPIENTS }, (_, at) => at + 1);
const TIMES = [
  ...['sent_at', 'opened_at', 'clicked_at', 'machine_opened_at', 'machine_clicked_at'],
  ...['unsubscribed_at', 'replied_at'],
];
const STATUSES = ['pending', 'held', 'claimed', 'transmitting', 'sent', 'bounced', 'failed', 'skipped', 'unknown'];

/** A campaign of a new workspace, with recipients of which nothing is said yet. */
async function campaign() {
  const { owner, uuid } = await team();
  await sql(`INSERT INTO campaigns (client_id, number, id, name) VALUES ($1, 1, $2, 'April')`, uuid, randomUUID());
  const add = (numbers: readonly number[], status: string) =>
    sql(
      `INSERT INTO campaign_recipients (client_id, campaign, number, id, status)
       SELECT $1, 1, number, gen_random_uuid(), $3 FROM unnest($2::int[]) AS number`,
      ...([uuid, numbers, status] as const),
    );
  const move = (numbers: readonly number[], set: string) =>
    sql(
      `UPDATE campaign_recipients SET ${set} WHERE client_id = $1 AND number = ANY($2::int[])`,
      ...([uuid, numbers] as const),
    );
  return { owner, uuid, add, move };
}

const COUNTED = `recipients, skipped, sent, failed, unknown, bounced, opened, clicked, machine_opens, machine_clicks,
  unsubscribed, replied`.split(/,\s*/);
const countsOf = async (uuid: string) => {
  const sums = COUNTED.map((name) => `sum(${name})::int AS ${name}`).join();
  return (await sql(`SELECT ${sums} FROM campaign_counters WHERE client_id = $1`, uuid))[0];
};
const factsOf = async (uuid: string) => {
  const [facts] = await sql(
    `SELECT count(*)::int AS recipients, count(*) FILTER (WHERE status = 'skipped')::int AS skipped,
            count(*) FILTER (WHERE status IN ('sent', 'bounced'))::int AS sent,
            count(*) FILTER (WHERE status = 'failed')::int AS failed,
            count(*) FILTER (WHERE status = 'unknown')::int AS unknown,
            count(*) FILTER (WHERE status = 'bounced')::int AS bounced,
            count(opened_at)::int AS opened, count(clicked_at)::int AS clicked,
            count(machine_opened_at)::int AS machine_opens, count(machine_clicked_at)::int AS machine_clicks,
            count(unsubscribed_at)::int AS unsubscribed, count(replied_at)::int AS replied
     FROM campaign_recipients WHERE client_id = $1`,
    uuid,
  );
  return facts;
};
const hoursOf = (uuid: string) =>
  sql(
    `SELECT hour, sum(sent)::int AS sent, sum(opened)::int AS opened, sum(clicked)::int AS clicked
     FROM campaign_hours WHERE client_id = $1 GROUP BY hour ORDER BY hour`,
    uuid,
  );
const factsOfHours = (uuid: string) =>
  sql(
    `SELECT date_trunc('hour', at, 'UTC') AS hour, sum(sent)::int AS sent, sum(opened)::int AS opened,
            sum(clicked)::int AS clicked
     FROM campaign_recipients
     CROSS JOIN LATERAL (VALUES (sent_at, 1, 0, 0), (opened_at, 0, 1, 0), (clicked_at, 0, 0, 1)) AS one (at, sent, opened, clicked)
     WHERE client_id = $1 AND at IS NOT NULL GROUP BY 1 ORDER BY 1`,
    uuid,
  );
const daysOf = (uuid: string) =>
  sql(
    `SELECT day::text, sum(sent)::int AS sent, sum(bounced)::int AS bounced, sum(opened)::int AS opened,
            sum(clicked)::int AS clicked
     FROM campaign_days WHERE client_id = $1 GROUP BY day ORDER BY day`,
    uuid,
  );
const factsOfDays = (uuid: string) =>
  sql(
    `SELECT (sent_at AT TIME ZONE 'UTC')::date::text AS day, count(*)::int AS sent,
            count(*) FILTER (WHERE status = 'bounced')::int AS bounced, count(opened_at)::int AS opened,
            count(clicked_at)::int AS clicked
     FROM campaign_recipients WHERE client_id = $1 AND sent_at IS NOT NULL GROUP BY 1 ORDER BY 1`,
    uuid,
  );

describe('What a campaign counts', () => {
  it('is what its recipients come to, whatever becomes of them', async () => {
    const { uuid, add, move } = await campaign();
    await add(NUMBERS.slice(0, 8), 'pending');
    await add(NUMBERS.slice(8), 'skipped');
    const seed = randomInt(2 ** 31);
    const steps = fc.sample(
      fc.record({
        numbers: fc.subarray(NUMBERS, { minLength: 1 }),
        set: fc.oneof(
          fc.constantFrom(...STATUSES).map((status) => `status = '${status}'`),
          // Only what has not happened yet happens.
          fc
            .tuple(fc.constantFrom(...TIMES), fc.integer({ min: 0, max: 50 }))
            .map(
              ([name, hours]) =>
                `${name} = coalesce(${name}, '2026-03-01T22:30Z'::timestamptz + interval '${hours} h')`,
            ),
        ),
      }),
      { numRuns: 60, seed },
    );
    for (const { numbers, set } of steps) {
      await move(numbers, set);
    }
    const found = [await countsOf(uuid), await hoursOf(uuid), await daysOf(uuid)];
    const facts = [await factsOf(uuid), await factsOfHours(uuid), await factsOfDays(uuid)];
    expect({ seed, found }).toEqual({ seed, found: facts });
    expect((await factsOfHours(uuid)).length).toBeGreaterThan(2);
  });

  it('stays when a contact is erased, of whom nothing else does', async () => {
    const { owner, uuid, add, move } = await campaign();
    const anna = await makeContact(owner);
    await add(NUMBERS, 'sent');
    await add([100, 101], 'claimed');
    const known = `customer_id = '${anna.uuid}', address = '${anna.email}', address_hash = suppression_hash(client_id, '${anna.email}')`;
    await move([1], `${known}, sent_at = now(), opened_at = now(), error = '550 <${anna.email}>'`);
    await sql(`INSERT INTO campaigns (client_id, number, id, name) VALUES ($1, 2, $2, 'May')`, uuid, randomUUID());
    await sql(`UPDATE campaign_recipients SET campaign = 2 WHERE client_id = $1 AND number = 100`, uuid);
    await move([100], known);
    accepted(await owner.send('DELETE', `/contacts/${anna.id}`));
    const rows = await sql(
      `SELECT number::int, status, customer_id, address, error, address_hash IS NOT NULL AS known, opened_at IS NOT NULL AS opened
       FROM campaign_recipients WHERE client_id = $1 AND number IN (1, 100, 101) ORDER BY number`,
      uuid,
    );
    const gone = { customer_id: null, address: null };
    expect(rows).toEqual([
      { ...gone, number: 1, status: 'sent', error: null, known: true, opened: true },
      { ...gone, number: 100, status: 'skipped', error: 'erased', known: true, opened: false },
      { ...gone, number: 101, status: 'claimed', error: null, known: false, opened: false },
    ]);
    expect(await countsOf(uuid)).toMatchObject({ skipped: 1, opened: 1, recipients: RECIPIENTS + 2 });
  });
});
