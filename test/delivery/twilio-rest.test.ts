import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fakeTwilio, WELL } from '../support/fake-twilio.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { NUMBER, PUBLIC_URL, twilioTeams } from '../support/twilio-teams.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
let twilio: Awaited<ReturnType<typeof fakeTwilio>>;
const server = useServer(async () => {
  twilio = await fakeTwilio([NUMBER]);
  return startServer({ ROLE: 'all', PUBLIC_URL, TWILIO_URL: twilio.url });
});
afterAll(() => twilio.close());
beforeEach(() => {
  twilio.manner = () => WELL;
});
const { withTwilio } = twilioTeams(
  () => server,
  () => twilio,
);

describe('A message that Twilio took', () => {
  it('is noted together with the question what became of it, or not at all', async () => {
    const { say, taken, reaching, hurry, uuid } = await withTwilio();
    await sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no polls today''; END'`);
    await sql(
      `CREATE TRIGGER refuse BEFORE INSERT ON delivery_jobs FOR EACH ROW WHEN (new.kind = 'poll') EXECUTE FUNCTION refuse()`,
    );
    const sid = await say('Torn');
    const message = await taken('Torn');
    Object.assign(message, { status: 'delivered' });
    // Its lease is over without anything that was written down.
    await until(
      async () =>
        (
          await sql(
            `UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1 AND attempts = 1 RETURNING id`,
            uuid,
          )
        )[0] ?? null,
    );
    await until(
      async () => (await sql(`SELECT FROM delivery_jobs WHERE client_id = $1 AND kind = 'reconcile'`, uuid))[0] ?? null,
    );
    await sql(`DROP TRIGGER refuse ON delivery_jobs`);
    const hurrying = setInterval(() => void hurry(), 100);
    expect(await reaching(sid, 'delivered').finally(() => clearInterval(hurrying))).toMatchObject({
      ...{ providerMessageId: message.sid, attempts: 1 },
    });
  });
});
