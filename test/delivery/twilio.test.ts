import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseSid } from '../../src/platform/common/ids/sid.js';
import { fakeTwilio, newSid, WELL, type TwilioMessage } from '../support/fake-twilio.js';
import { signedForm } from '../support/signed-form.js';
import { accepted, call, type Reply } from '../support/given.js';
import { miscounted, type Delivery } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { NUMBER, PHONE, PUBLIC_URL, twilioTeams } from '../support/twilio-teams.js';
import { until } from '../support/until.js';
import { inWorkspace } from '../support/users.js';

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
const { users, withTwilio } = twilioTeams(
  () => server,
  () => twilio,
);
const error = ({ status, body }: Reply): [number, string] => [status, (body as { error: string }).error];

const deliveriesOf = (uuid: string) => sql<Delivery>(`SELECT * FROM deliveries WHERE client_id = $1 ORDER BY id`, uuid);

describe('A message by Twilio', () => {
  it('is sent once, and becomes what callbacks say', async () => {
    const { say, taken, tell, reaching, uuid } = await withTwilio();
    const sid = await say('One');
    const message = await taken('One');
    expect(message).toMatchObject({ to: PHONE, from: NUMBER });
    expect(message.statusCallback).toMatch(new RegExp(`^${PUBLIC_URL}/api/providers/clt_\\w+/prv_\\w+/status/${sid}$`));
    expect(await tell(message, 'sent')).toBe(204);
    expect(await reaching(sid, 'sent')).toMatchObject({ providerMessageId: message.sid, provider: 'twilio' });
    expect(await tell(message, 'undelivered', '30007')).toBe(204);
    expect(await reaching(sid, 'undelivered')).toMatchObject({ errorCode: 'filtered', attempts: 1 });
    expect(await tell(message, 'teleported')).toBe(204);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('is adopted from a callback that comes before the answer, which then changes nothing', async () => {
    const { say, reaching, tell, uuid } = await withTwilio();
    const statuses: number[] = [];
    twilio.manner = () => ({ ...WELL, before: async (message) => statuses.push(await tell(message, 'delivered')) });
    const text = await reaching(await say('Early'), 'delivered');
    expect(statuses).toEqual([204]);
    expect(text).toMatchObject({ attempts: 1 });
    await until(async () => (await sql(`SELECT FROM delivery_jobs WHERE client_id = $1`, uuid)).length === 0);
  });

  it.each([
    [21211, 'invalid_number'],
    [21610, 'recipient_opted_out'],
    [21617, 'body_too_long'],
    [20003, 'provider_auth'],
    [12345, 'provider_error'],
  ])('that is refused with %i fails as %s', async (code, errorCode) => {
    const { say, textOf, ask } = await withTwilio();
    const status = code === 20003 ? 401 : 400;
    twilio.manner = () => ({ takes: false, answers: { status, code, message: 'No.' } });
    const sid = await say('Refused');
    const text = await until(async () => {
      const found = await textOf(sid);
      return found.status === 'failed' ? found : null;
    });
    expect(text).toMatchObject({ errorCode, errorMessage: 'No.', attempts: 1 });
    const { lastError } = accepted(await ask('GET', '/provider')).body as { lastError: string | null };
    expect(lastError).toBe(code === 20003 ? 'A message was refused: No.' : null);
  });

  it('that Twilio is too busy for is sent again', async () => {
    const { say, reaching, uuid } = await withTwilio();
    let refusals = 0;
    twilio.manner = () =>
      refusals++ < 2 ? { takes: false, answers: { status: 429, code: 20429, message: 'Too Many Requests' } } : WELL;
    const sid = await say('Busy');
    const hurrying = setInterval(
      () =>
        void sql(
          `UPDATE delivery_jobs SET next_attempt_at = now() FROM deliveries one
           WHERE delivery_jobs.client_id = $1 AND one.client_id = $1 AND one.id = delivery_jobs.id AND one.submitted_at IS NULL`,
          uuid,
        ),
      100,
    );
    const text = await reaching(sid, 'sending').finally(() => clearInterval(hurrying));
    expect(text).toMatchObject({ attempts: 3 });
  });

  it('whose answer is lost is found at Twilio, one for each of two that say the same', async () => {
    const { say, reaching, hurry, uuid } = await withTwilio();
    twilio.manner = () => ({ takes: true, answers: 'reset' });
    const sids = [await say('Lost twin'), await say('Lost twin')];
    await until(async () => {
      const jobs = await sql(`SELECT FROM delivery_jobs WHERE client_id = $1 AND kind = 'reconcile'`, uuid);
      return jobs.length === 2;
    });
    await hurry();
    const found = await Promise.all(sids.map((sid) => reaching(sid, 'sending')));
    const ids = found.map(({ providerMessageId }) => providerMessageId as string);
    const twins = twilio.messages.filter(({ body }) => body === 'Lost twin').map(({ sid }) => sid);
    expect(ids.sort()).toEqual(twins.sort());
    expect(twilio.calls.filter(({ body }) => body === 'Lost twin')).toHaveLength(2);
  });

  it('that never arrived there is not sent again, and heals if Twilio tells of it after all', async () => {
    const { say, textOf, hurry, tell } = await withTwilio();
    twilio.manner = () => ({ takes: false, answers: 'reset' });
    const sid = await say('Lost for good');
    const hurrying = setInterval(() => void hurry(), 100);
    const text = await until(async () => {
      const found = await textOf(sid);
      return found.status === 'failed' ? found : null;
    }, 20).finally(() => clearInterval(hurrying));
    expect(text).toMatchObject({ errorCode: 'outcome_unknown', attempts: 1 });
    expect(twilio.calls.filter(({ body }) => body === 'Lost for good')).toHaveLength(1);
    const id = parseSid(sid)!;
    const [{ provider_id: providerId, client_id: clientId }] = (await sql(
      `SELECT * FROM deliveries WHERE id = $1`,
      id,
    )) as [{ provider_id: string; client_id: string }];
    const statusCallback = `${PUBLIC_URL}/api/providers/${clientId}/${providerId}/status/${sid}`;
    const late = { sid: newSid('SM'), to: PHONE, from: NUMBER, statusCallback } as TwilioMessage;
    expect(await tell(late, 'delivered')).toBe(204);
    expect(await textOf(sid)).toMatchObject({ status: 'delivered', errorCode: null, providerMessageId: late.sid });
  });

  it('is asked about where no callback comes, and then costs what it did', async () => {
    const { say, taken, reaching, hurry } = await withTwilio();
    const sid = await say('Silent');
    await reaching(sid, 'sending');
    const message = await taken('Silent');
    Object.assign(message, { status: 'delivered', price: '-0.00790' });
    const hurrying = setInterval(() => void hurry(), 100);
    const text = await reaching(sid, 'delivered').finally(() => clearInterval(hurrying));
    expect(text).toMatchObject({ price: '0.00790', currency: 'USD', segments: 1 });
  });

  it('ends the same in whatever order, and however often, Twilio tells of it', async () => {
    const { say, taken, tell, reaching, textOf, uuid } = await withTwilio();
    const statuses = ['queued', 'sending', 'sent', 'delivered'];
    const orders = fc.shuffledSubarray([...statuses, ...statuses], { minLength: statuses.length * 2 });
    let at = 0;
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const body = `Shuffled ${(at += 1)}`;
        const sid = await say(body);
        const message = await taken(body);
        await Promise.all(order.map((status) => tell(message, status)));
        await reaching(sid, 'delivered');
        expect(await textOf(sid)).toMatchObject({ providerMessageId: message.sid, errorCode: null, attempts: 1 });
        expect(await miscounted({ uuid })).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});

describe('What Twilio says a phone sent', () => {
  it('is a message, however often and however much at once it says so', async () => {
    const { set, inbound, post, authToken, uuid } = await withTwilio();
    const request = signedForm(authToken, set.inboundUrl, inbound({ Body: '<Message>ＳＡＭＥ</Message>\r\n\u202e' }));
    const replies = await Promise.all(Array.from({ length: 50 }, () => post(set.inboundUrl, request)));
    const texts = await Promise.all(replies.map((reply) => reply.text()));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(texts)).toEqual(new Set(['<Response></Response>']));
    expect(replies[0]!.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(await deliveriesOf(uuid)).toMatchObject([{ direction: 'inbound', from_text: PHONE, to_text: NUMBER }]);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('opts out where Twilio says so, which has answered already', async () => {
    const { set, inbound, post, authToken, ask, uuid } = await withTwilio();
    const stop = signedForm(authToken, set.inboundUrl, inbound({ Body: 'arret', OptOutType: 'STOP' }));
    expect((await post(set.inboundUrl, stop)).status).toBe(200);
    expect(error(await ask('POST', '/messages', { to: PHONE, body: 'x' }))).toEqual([400, 'recipient_opted_out']);
    const start = signedForm(authToken, set.inboundUrl, inbound({ Body: 'START' }));
    expect((await post(set.inboundUrl, start)).status).toBe(200);
    expect((await deliveriesOf(uuid)).map(({ direction }) => direction)).toEqual(['inbound', 'inbound']);
    accepted(await ask('POST', '/messages', { to: PHONE, body: 'Welcome back' }));
  });

  it('is believed by its signature over all of it, under the address that others see', async () => {
    const { set, inbound, post, authToken, uuid } = await withTwilio();
    const other = await withTwilio();
    const url = set.inboundUrl;
    const params = inbound();
    const right = signedForm(authToken, url, params);
    const wrong: Readonly<Record<string, ReturnType<typeof signedForm>>> = {
      none: { ...right, headers: { 'content-type': right.headers['content-type'] } as never },
      'of another token': signedForm('0'.repeat(32), url, params),
      'of another workspace’s address': signedForm(authToken, other.set.inboundUrl, params),
      'of http': signedForm(authToken, url.replace('https', 'http'), params),
      'of the host that was asked': signedForm(authToken, url.replace(PUBLIC_URL, server.url), params),
      'of less than is said': { ...right, text: `${right.text}&Body=another` },
      'of another query': signedForm(authToken, `${url}?a=1`, params),
      'of a thousand more': { ...right, text: `${right.text}${'&A=1'.repeat(1_000)}` },
      'of another account': signedForm(authToken, url, { ...params, AccountSid: newSid('AC') }),
    };
    for (const [what, one] of Object.entries(wrong)) {
      expect([what, (await post(url, one)).status]).toEqual([what, 403]);
    }
    expect((await post(url, signedForm(authToken, url, { ...params, Body: ['a', 'b'] }))).status).toBe(400);
    expect((await post(url, signedForm(authToken, url, { ...params, From: 'tel:x' }))).status).toBe(400);
    expect((await post(url, signedForm(authToken, url, { ...params, To: '+14155550199' }))).status).toBe(404);
    expect(await deliveriesOf(uuid)).toEqual([]);
    const asked = `${url}?later=%27x%27&a=b%20c`;
    expect((await post(asked, signedForm(authToken, asked, params))).status).toBe(200);
    expect((await post(url, signedForm(authToken, url.replace('.com', '.com:443'), inbound()))).status).toBe(200);
  });

  it('is nothing to anybody once the workspace is deleted, nor is what became of a message', async () => {
    const { ask, say, taken, tell, set, inbound, post, authToken, uuid } = await withTwilio();
    await say('Last words');
    const message = await taken('Last words');
    accepted(await ask('DELETE', '?confirm=Acme'));
    expect((await post(set.inboundUrl, signedForm(authToken, set.inboundUrl, inbound()))).status).toBe(404);
    expect(await tell(message, 'delivered')).toBe(404);
    expect(await deliveriesOf(uuid)).toMatchObject([{ direction: 'outbound', status: 'sending' }]);
  });

  it('about a message of another workspace is about none', async () => {
    const [acme, other] = [await withTwilio(), await withTwilio()];
    const sid = await acme.say('Ours');
    const message = await acme.taken('Ours');
    await acme.reaching(sid, 'sending');
    const statusCallback = `${other.set.inboundUrl.replace('/inbound', '/status')}/${sid}`;
    expect(await other.tell({ ...message, statusCallback }, 'delivered')).toBe(404);
    expect(await other.tell({ ...message, statusCallback: statusCallback.replace(`/${sid}`, '') }, 'sent')).toBe(404);
    expect(await acme.textOf(sid)).toMatchObject({ status: 'sending' });
  });

  it('from a name, or with nothing in it, is kept too', async () => {
    const { set, inbound, post, authToken, ask, uuid } = await withTwilio();
    for (const params of [
      inbound({ From: 'ACME' }),
      inbound({ Body: '' }),
      inbound({ Body: 'a\u0000b', From: '12345' }),
    ]) {
      expect((await post(set.inboundUrl, signedForm(authToken, set.inboundUrl, params))).status).toBe(200);
    }
    expect(await deliveriesOf(uuid)).toHaveLength(3);
    expect(accepted(await ask('GET', '/messages')).body.data).toHaveLength(3);
  });
});

describe('An account at Twilio', () => {
  it('is asked about before it is set, and about each number; its secrets are shown to nobody', async () => {
    const { ask, uuid, authToken } = await withTwilio();
    const put = (more: object) =>
      ask('PUT', '/provider', { kind: 'twilio', accountSid: twilio.accountSid, authToken, ...more });
    expect(error(await put({ authToken: 'wrong' }))).toEqual([400, 'provider_rejected']);
    expect(error(await put({ accountSid: newSid('AC') }))).toEqual([400, 'provider_rejected']);
    expect(error(await put({ accountSid: `AC${'0'.repeat(24)}/../../x` }))).toEqual([400, 'invalid_params']);
    expect(error(await put({ apiKeySid: newSid('SK') }))).toEqual([400, 'invalid_params']);
    expect(error(await ask('POST', '/phone-numbers', { number: '+14155550111' }))).toEqual([400, 'invalid_number']);
    const shown = accepted(await ask('GET', '/provider'));
    expect(shown.body).toMatchObject({
      kind: 'twilio',
      accountSid: twilio.accountSid,
      last4: authToken.slice(-4),
      lastError: null,
    });
    expect(shown.text).not.toContain(authToken.slice(0, 8));
    const rows = await sql(
      `SELECT *, encode(secret, 'escape') AS seen FROM messaging_providers WHERE client_id = $1`,
      uuid,
    );
    expect(JSON.stringify(rows)).not.toContain(authToken);
  });

  it('is not for test workspaces; and an address that names no provider is none', async () => {
    const test = await users.team();
    const { accountSid, authToken } = twilio;
    const body = { kind: 'twilio', accountSid, authToken };
    const refused = await test.owner.send('PUT', inWorkspace(test.workspace, '/provider'), body);
    expect(error(refused)).toEqual([400, 'invalid_provider']);
    const { status } = await call(`${server.url}/api/providers/clt_x/prv_x/inbound`, 'POST');
    expect(status).toBe(404);
  });
});
