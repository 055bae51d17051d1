import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fakeTwilio, newSid, WELL, type ReceivedByTwilio } from '../support/fake-twilio.js';
import { signedForm } from '../support/signed-form.js';
import { startFileServer } from '../support/files.js';
import { accepted } from '../support/given.js';
import { PNG } from '../support/media.js';
import { miscounted } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { NUMBER, PHONE, PUBLIC_URL, twilioTeams } from '../support/twilio-teams.js';
import { until } from '../support/until.js';

const SECRETS_KEY = '7'.repeat(64);

beforeAll(ownDatabase);
let twilio: Awaited<ReturnType<typeof fakeTwilio>>;
const server = useServer(async () => {
  twilio = await fakeTwilio([NUMBER]);
  return startFileServer({ ROLE: 'all', PUBLIC_URL, SECRETS_KEY, TWILIO_URL: twilio.url });
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
      const message = await until(() => twilio.messages.find(({ media }) => media.length === files.length) ?? null);
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
    expect(await until(async () => (await sql(failed, uuid))[0] ?? null)).toMatchObject({
      error_code: 'media_failed',
    });
    expect(twilio.calls).toHaveLength(calls);
  });
});

describe('What phones sent while nobody heard Twilio', () => {
  const HOUR_MS = 3_600_000;
  const missed = (body: string, more: Partial<ReceivedByTwilio> = {}): ReceivedByTwilio => {
    const one = { sid: newSid('SM'), from: PHONE, to: NUMBER, body, media: [], sentAt: new Date(Date.now() - HOUR_MS) };
    twilio.received.push({ ...one, ...more });
    return { ...one, ...more };
  };
  afterEach(() => void twilio.received.splice(0));
  const again = (uuid: string) => sql(`UPDATE messaging_providers SET catch_up_at = now() WHERE client_id = $1`, uuid);

  it('comes in once, when the account is set and once an hour; and not what is older than a day', async () => {
    const { ask, uuid, authToken, set, post, inbound } = await withTwilio();
    const heard = async () =>
      accepted(await ask('GET', '/messages?direction=inbound')).body.data as Record<string, unknown>[];
    missed('Long ago', { sentAt: new Date(Date.now() - 25 * HOUR_MS) });
    const first = missed('First');
    missed('To another', { to: '+14155550101' });
    const second = missed('Second\u0000', { sentAt: new Date() });
    const { accountSid } = twilio;
    accepted(await ask('PUT', '/provider', { kind: 'twilio', accountSid, authToken }));
    await until(async () => (await heard()).length === 2 || null);
    expect(await heard()).toMatchObject([
      { body: 'Second', providerMessageId: second.sid, from: PHONE, to: NUMBER },
      { body: 'First', providerMessageId: first.sid },
    ]);
    // Twilio tells of one after all, and another has come.
    const told = signedForm(authToken, set.inboundUrl, inbound({ MessageSid: first.sid, Body: 'First' }));
    expect((await post(set.inboundUrl, told)).status).toBe(200);
    const photo = missed('Photo', { media: ['image/png'] });
    await again(uuid);
    const receiving = `SELECT media_count FROM deliveries WHERE client_id = $1 AND provider_message_id = $2`;
    expect(await until(async () => (await sql(receiving, uuid, photo.sid))[0] ?? null)).toEqual({ media_count: 1 });
    const [job] = await sql<{ media: unknown }>(`SELECT media FROM delivery_jobs WHERE client_id = $1`, uuid);
    const url = expect.stringMatching(new RegExp(`^https://api\\.twilio\\.com/.*/${photo.sid}/Media/ME0$`)) as unknown;
    expect(job).toEqual({ media: { body: 'Photo', media: [{ url, contentType: 'image/png' }] } });
    expect(await sql(`SELECT FROM deliveries WHERE client_id = $1`, uuid)).toHaveLength(3);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('opts out, and ends only what there was when it was said', async () => {
    const { ask, uuid, authToken, set, post, inbound } = await withTwilio();
    const optedOut = async (): Promise<unknown[]> => accepted(await ask('GET', '/opt-outs')).body.data as unknown[];
    missed('STOP', { sentAt: new Date(Date.now() - 3 * HOUR_MS) });
    await again(uuid);
    await until(async () => (await optedOut()).length === 1 || null);
    missed('START', { sentAt: new Date(Date.now() - 2 * HOUR_MS) });
    await again(uuid);
    await until(async () => (await optedOut()).length === 0 || null);
    // Heard at once, while what was said before it was not.
    const stop = signedForm(authToken, set.inboundUrl, inbound({ Body: 'STOP' }));
    expect((await post(set.inboundUrl, stop)).status).toBe(200);
    const late = missed('START');
    await again(uuid);
    const taken = `SELECT FROM deliveries WHERE client_id = $1 AND provider_message_id = $2`;
    await until(async () => (await sql(taken, uuid, late.sid))[0] ?? null);
    expect(await optedOut()).toHaveLength(1);
    expect(await sql(`SELECT FROM deliveries WHERE client_id = $1 AND direction = 'outbound'`, uuid)).toEqual([]);
  });

  it('comes in after the start of a process', async () => {
    const { uuid } = await withTwilio();
    await until(
      async () =>
        (await sql(`SELECT FROM messaging_providers WHERE client_id = $1 AND catch_up_at > now()`, uuid))[0] ?? null,
      20,
    );
    const one = missed('While it was down');
    const worker = await startServer({ ROLE: 'worker', PUBLIC_URL, SECRETS_KEY, TWILIO_URL: twilio.url });
    const taken = `SELECT FROM deliveries WHERE client_id = $1 AND provider_message_id = $2`;
    await until(async () => (await sql(taken, uuid, one.sid))[0] ?? null).finally(() => worker.stop());
  });
});
