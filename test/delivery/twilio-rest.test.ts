import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fakeTwilio, WELL } from '../support/fake-twilio.js';
import { startFileServer } from '../support/files.js';
import { PNG } from '../support/media.js';
import { useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { NUMBER, PUBLIC_URL, twilioTeams } from '../support/twilio-teams.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
let twilio: Awaited<ReturnType<typeof fakeTwilio>>;
const server = useServer(async () => {
  twilio = await fakeTwilio([NUMBER]);
  return startFileServer({ ROLE: 'all', PUBLIC_URL, TWILIO_URL: twilio.url });
});
afterAll(() => twilio.close());
beforeEach(() => {
  twilio.manner = () => WELL;
  twilio.reach = (url) => url.replace(PUBLIC_URL, server.url);
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

describe('Files by Twilio', () => {
  it('are fetched by it where they are signed, with words or without', async () => {
    const { say, reaching, sendFiles } = await withTwilio();
    await reaching(await say('First'), 'sending');
    const png = { type: 'image/png', bytes: PNG };
    const pdf = { type: 'application/pdf', bytes: Buffer.from('%PDF-1.4') };
    for (const [words, files] of [
      ['Look!', [png, pdf]],
      [undefined, [pdf]],
    ] as const) {
      await sendFiles(files, words);
      const message = await until(() => twilio.messages.find(({ media }) => media.length === files.length) ?? null, 20);
      const got = files.map(({ type: contentType, bytes }) => ({ contentType, bytes }));
      expect(message).toMatchObject({ from: NUMBER, body: words ?? '', media: got });
      expect(await reaching(message.statusCallback!.split('/').at(-1)!, 'sending')).toMatchObject({
        ...{ medium: 'mms', segments: 1, providerMessageId: message.sid },
      });
    }
  });

  it('that have more than five megabytes together are not sent, whichever API says so', async () => {
    const { say, reaching, sendFiles, uuid } = await withTwilio();
    await reaching(await say('First'), 'sending');
    const half = { type: 'video/mp4', bytes: Buffer.alloc(2.5 * 1024 * 1024 + 1) };
    const calls = twilio.calls.length;
    await sendFiles([half, half], 'Large');
    const failed = `SELECT error_code, attempts FROM deliveries WHERE client_id = $1 AND status = 'failed'`;
    expect(await until(async () => (await sql(failed, uuid))[0] ?? null, 20)).toMatchObject({
      error_code: 'media_failed',
    });
    expect(twilio.calls).toHaveLength(calls);
  });
});
