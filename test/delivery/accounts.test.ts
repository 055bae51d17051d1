import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { fakeTelnyx } from '../support/fake-telnyx.js';
import { fakeTwilio, newSid } from '../support/fake-twilio.js';
import { accepted, type Reply } from '../support/given.js';
import { OUR_NUMBER } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { sql } from '../support/sql.js';
import { givenUsers, inWorkspace } from '../support/users.js';

const PHONE = '+14155552671';
const NUMBER = '+14155550100';

let twilio: Awaited<ReturnType<typeof fakeTwilio>>;
let telnyx: Awaited<ReturnType<typeof fakeTelnyx>>;
const server = useServer(async () => {
  [twilio, telnyx] = [await fakeTwilio([NUMBER]), await fakeTelnyx([NUMBER])];
  return startServer({ ROLE: 'web', TWILIO_URL: twilio.url, TELNYX_URL: telnyx.url });
});
afterAll(() => Promise.all([twilio.close(), telnyx.close()]));
beforeEach(() => {
  Object.assign(twilio, { numbers: [NUMBER], voiceOnly: [], services: {} });
  Object.assign(telnyx, { numbers: [NUMBER], porting: [] });
});
const users = givenUsers(() => server);
const error = ({ status, body }: Reply): [number, string] => [status, (body as { error: string }).error];

async function team(options: { readonly livemode?: boolean } = {}) {
  const { owner, workspace } = await users.team(options);
  const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
    owner.send(method, inWorkspace(workspace, path), body, headers);
  return { owner, ask, uuid: parseId('client', workspace.id)! };
}

/** With a number. */
async function teamAt(provider: object) {
  const one = await team({ livemode: true });
  accepted(await one.ask('PUT', '/provider', provider));
  accepted(await one.ask('POST', '/phone-numbers', { number: NUMBER }));
  return one;
}
const withTwilio = () => teamAt({ kind: 'twilio', accountSid: twilio.accountSid, authToken: twilio.authToken });
const withTelnyx = () => teamAt({ kind: 'telnyx', apiKey: telnyx.apiKey, publicKey: telnyx.publicKey });

describe('The numbers of an account at Twilio', () => {
  const SERVICE = newSid('MG');
  const [SECOND, THIRD] = ['+14155550101', '+14155550102'];

  it('are taken over, and those that are gone may not speak until they are back', async () => {
    const { ask } = await withTwilio();
    const take = async (body: object = {}) =>
      accepted(await ask('POST', '/phone-numbers/import', body)).body as Record<string, { number: string }[]>;
    const numbersIn = (found: { number: string }[]): string[] => found.map(({ number }) => number).sort();
    const sent = async (from: string): Promise<unknown> => {
      const { status, body } = await ask('POST', '/messages', { to: PHONE, body: 'x', from });
      return status === 200 ? 200 : (body as { error: string }).error;
    };
    twilio.numbers = [NUMBER, SECOND];
    twilio.voiceOnly = ['+14155550199'];
    const first = await take();
    expect([numbersIn(first.added!), first.gone]).toEqual([[SECOND], []]);
    expect(first.added![0]).toMatchObject({ verified: true, isDefault: false, capabilities: ['sms'], name: null });
    expect(await take()).toEqual({ added: [], gone: [] });
    expect(await sent(SECOND)).toBe(200);

    twilio.numbers = [SECOND];
    twilio.services = { [SERVICE]: [THIRD] };
    const ofService = await take({ serviceSid: SERVICE });
    expect([numbersIn(ofService.added!), ofService.gone]).toEqual([[THIRD, SERVICE], []]);
    expect(ofService.added![0]).toMatchObject({ capabilities: ['sms', 'mms'] });
    const second = await take();
    expect([second.added, numbersIn(second.gone!)]).toEqual([[], [NUMBER, THIRD].sort()]);
    expect(second.gone![0]).toMatchObject({ verified: false, isDefault: false });
    expect([await sent(NUMBER), await sent(SECOND)]).toEqual(['invalid_from', 200]);

    twilio.numbers = [NUMBER, SECOND];
    const third = await take();
    expect([numbersIn(third.added!), third.gone]).toEqual([[NUMBER], []]);
    expect(third.added![0]).toMatchObject({ verified: true, isDefault: true });
    expect(await sent(NUMBER)).toBe(200);
    const { data } = accepted(await ask('GET', '/audit-log?limit=1')).body as { data: unknown[] };
    expect(data).toMatchObject([{ action: 'numbers.imported', subject: null, details: { added: 1, gone: 0 } }]);
  });

  it('are not taken over where they are too many, nobody answers, or there is no such service', async () => {
    const { ask, uuid } = await withTwilio();
    const take = (body: object = {}): Promise<Reply> => ask('POST', '/phone-numbers/import', body);
    expect(error(await take({ serviceSid: SERVICE }))).toEqual([400, 'invalid_params']);
    expect(error(await take({ serviceSid: 'MG/../x' }))).toEqual([400, 'invalid_params']);
    twilio.numbers = Array.from({ length: 1_001 }, (_, n) => `+1415555${String(n).padStart(4, '0')}`);
    expect(error(await take())).toEqual([409, 'conflict']);
    await sql(
      `UPDATE messaging_providers SET public = public || '{"accountSid":"AC00000000000000000000000000000000"}' WHERE client_id = $1`,
      uuid,
    );
    expect(error(await take())).toEqual([503, 'service_unavailable']);
    const { pagination } = accepted(await ask('GET', '/phone-numbers')).body as { pagination: { totalItems: number } };
    expect(pagination.totalItems).toBe(1);
  });
});

it('The numbers of an account at Telnyx are taken over, page by page', async () => {
  const { ask } = await withTelnyx();
  const more = ['+14155550101', '+14155550102', '+14155550103', '+14155550104'];
  telnyx.porting = ['+14155550199'];
  telnyx.numbers = more;
  const { added, gone } = accepted(await ask('POST', '/phone-numbers/import', {})).body as Record<
    string,
    { number: string }[]
  >;
  expect(added!.map(({ number }) => number).sort()).toEqual(more);
  expect(gone!.map(({ number }) => number)).toEqual([NUMBER]);
  const serviceSid = `MG${'0'.repeat(32)}`;
  expect(error(await ask('POST', '/phone-numbers/import', { serviceSid }))).toEqual([400, 'invalid_params']);
});

describe('With configure, an import', () => {
  const PUBLIC_URL = 'https://chat.example.com';
  const SERVICE = newSid('MG');
  const OTHER = '+14155550101';
  const PROFILE = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
  const reachable = useServer(() =>
    startServer({ ROLE: 'web', TWILIO_URL: twilio.url, TELNYX_URL: telnyx.url, PUBLIC_URL }),
  );
  const reachableUsers = givenUsers(() => reachable);
  beforeEach(() => {
    Object.assign(twilio, { webhooks: {}, changes: 0 });
    Object.assign(telnyx, { profiles: { [PROFILE]: {} }, profileOf: {}, changes: 0 });
  });

  async function teamWith(provider: object) {
    const { owner, workspace } = await reachableUsers.team({ livemode: true });
    const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
      owner.send(method, inWorkspace(workspace, path), body);
    accepted(await ask('PUT', '/provider', provider));
    const { inboundUrl } = accepted(await ask('GET', '/provider')).body as { inboundUrl: string };
    expect(inboundUrl).toMatch(/^https:\/\/chat\.example\.com\/api\/providers\/.*\/inbound$/);
    return { ask, inboundUrl, take: (body: object) => ask('POST', '/phone-numbers/import', body) };
  }
  const atTwilio = () => teamWith({ kind: 'twilio', accountSid: twilio.accountSid, authToken: twilio.authToken });
  const telnyxAccount = () => ({ kind: 'telnyx', apiKey: telnyx.apiKey, publicKey: telnyx.publicKey });

  it('has Twilio call for each number, and asks for none that calls already', async () => {
    const { take, inboundUrl } = await atTwilio();
    twilio.numbers = [NUMBER, OTHER];
    twilio.webhooks = { [OTHER]: { SmsUrl: inboundUrl, SmsApplicationSid: newSid('AP') } };
    accepted(await take({}));
    expect(twilio.changes).toBe(0);
    accepted(await take({ configure: true }));
    const webhook = { SmsUrl: inboundUrl, SmsMethod: 'POST', SmsApplicationSid: '' };
    expect(twilio.webhooks).toEqual({ [NUMBER]: webhook, [OTHER]: webhook });
    accepted(await take({ configure: true }));
    expect(twilio.changes).toBe(2);
  });

  it('has Twilio call for a messaging service', async () => {
    const { take, inboundUrl } = await atTwilio();
    twilio.services = { [SERVICE]: [OTHER] };
    accepted(await take({ serviceSid: SERVICE, configure: true }));
    const webhook = { InboundRequestUrl: inboundUrl, InboundMethod: 'POST', UseInboundWebhookOnNumber: 'false' };
    expect(twilio.webhooks).toEqual({ [SERVICE]: webhook });
  });

  it('has Telnyx call for a profile that all numbers are in', async () => {
    const { take, inboundUrl } = await teamWith({ ...telnyxAccount(), messagingProfileId: PROFILE });
    telnyx.numbers = [NUMBER, OTHER];
    telnyx.profileOf = { [OTHER]: PROFILE };
    accepted(await take({ configure: true }));
    expect(telnyx.profiles[PROFILE]).toEqual({ webhook_url: inboundUrl, webhook_api_version: '2' });
    expect(telnyx.profileOf).toEqual({ [NUMBER]: PROFILE, [OTHER]: PROFILE });
    expect(telnyx.changes).toBe(2);
  });

  it('changes nothing that can not be changed, and says why', async () => {
    const { ask, take } = await teamWith(telnyxAccount());
    const detail = expect.stringContaining('messagingProfileId');
    expect(await take({ configure: true })).toMatchObject({
      status: 400,
      body: { error: 'invalid_params', detail },
    });
    expect(await take({ configure: 'yes' })).toMatchObject({ status: 400, body: { error: 'invalid_params' } });
    const { pagination } = accepted(await ask('GET', '/phone-numbers')).body as { pagination: { totalItems: number } };
    expect([pagination.totalItems, telnyx.changes]).toEqual([0, 0]);
    const unreachable = await withTwilio();
    expect(await unreachable.ask('POST', '/phone-numbers/import', { configure: true })).toMatchObject({
      status: 400,
      body: { error: 'invalid_params', detail: expect.stringContaining('PUBLIC_URL') },
    });
    expect(twilio.changes).toBe(0);
  });
});

describe('The provider', () => {
  it('is tried out by a message like any other, five times an hour', async () => {
    const { owner, ask } = await team();
    const test = (to = PHONE, headers?: Record<string, string>): Promise<Reply> =>
      ask('POST', '/provider/test', { to }, headers);
    expect(error(await test())).toEqual([400, 'provider_not_configured']);
    accepted(await ask('POST', '/phone-numbers', { number: OUR_NUMBER }));
    expect(error(await test('1-800-FLOWERS'))).toEqual([400, 'invalid_number']);
    const key = { 'idempotency-key': 'once' };
    const first = accepted(await test('(415) 555-2671', key)).body as { sid: string; status: string };
    expect(first).toEqual({ sid: expect.stringMatching(/^SM/), status: 'queued' });
    expect(accepted(await test('(415) 555-2671', key)).body).toEqual(first);
    const text = accepted(await ask('GET', `/messages/${first.sid}`)).body as unknown;
    expect(text).toMatchObject({ to: PHONE, from: OUR_NUMBER, segments: 1, userId: owner.id });
    const more = await Promise.all(Array.from({ length: 6 }, () => test()));
    expect(more.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429, 429]);
    const refused = more.find(({ status }) => status === 429)!;
    expect(error(refused)).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
    const another = await team();
    accepted(await another.ask('POST', '/phone-numbers', { number: OUR_NUMBER }));
    accepted(await another.ask('POST', '/provider/test', { to: PHONE }));
  });

  it('that does not say whose numbers are is not asked for them', async () => {
    const [simulated, own, none] = [await team(), await team(), await team({ livemode: true })];
    accepted(await own.ask('PUT', '/provider', { kind: 'http', url: 'https://example.com/gateway' }));
    const imported = await Promise.all(
      [simulated, own, none].map(({ ask }) => ask('POST', '/phone-numbers/import', {})),
    );
    expect(imported.map(error)).toEqual([
      [400, 'invalid_provider'],
      [400, 'invalid_provider'],
      [400, 'provider_not_configured'],
    ]);
  });
});
