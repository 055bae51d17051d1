import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { fakeTelnyx, type TelnyxTaken } from '../support/fake-telnyx.js';
import { startFileServer } from '../support/files.js';
import { accepted, type Reply } from '../support/given.js';
import { PNG } from '../support/media.js';
import { miscounted } from '../support/phones.js';
import { useServer } from '../support/server.js';
import { sendsFiles } from '../support/sends-files.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { givenUsers, inWorkspace } from '../support/users.js';

const PHONE = '+14155552671';
const NUMBER = '+14155550100';
const PUBLIC_URL = 'https://chat.example.com';

beforeAll(ownDatabase);
let telnyx: Awaited<ReturnType<typeof fakeTelnyx>>;
const server = useServer(async () => {
  telnyx = await fakeTelnyx([NUMBER]);
  return startFileServer({ ROLE: 'all', PUBLIC_URL, TELNYX_URL: telnyx.url });
});
afterAll(() => telnyx.close());
beforeEach(() => {
  telnyx.manner = () => 'takes';
  telnyx.reach = (url) => url.replace(PUBLIC_URL, server.url);
});
const users = givenUsers(() => server);
const error = ({ status, body }: Reply): [number, string] => [status, (body as { error: string }).error];

async function asked() {
  const { owner, workspace } = await users.team({ livemode: true });
  const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
    owner.send(method, inWorkspace(workspace, path), body);
  const core = (method: string, path: string, body?: unknown): Promise<Reply> =>
    owner.send(method, `/api/v1${path}`, body, { 'x-workspace-id': workspace.id });
  return { ask, core, uuid: parseId('client', workspace.id)! };
}

async function withTelnyx() {
  const { ask, core, uuid } = await asked();
  const { apiKey, publicKey } = telnyx;
  const set = accepted(await ask('PUT', '/provider', { kind: 'telnyx', apiKey, publicKey })).body;
  accepted(await ask('POST', '/phone-numbers', { number: NUMBER }));
  const inboundUrl = String(set.inboundUrl);
  const say = async (body: string): Promise<string> =>
    (accepted(await ask('POST', '/messages', { to: PHONE, body })).body as { sid: string }).sid;
  const reaching = (sid: string, status: string) =>
    until(async () => {
      const text = accepted(await ask('GET', `/messages/${sid}`)).body as Record<string, unknown>;
      return text.status === status && (status === 'failed' || text.providerMessageId !== null) ? text : null;
    }, 20);
  const taken = (text: string): Promise<TelnyxTaken> =>
    until(() => telnyx.taken.find((one) => one.text === text) ?? null);
  const post = async (url: string, { text, headers }: ReturnType<typeof telnyx.signed>): Promise<number> =>
    (await fetch(url.replace(PUBLIC_URL, server.url), { method: 'POST', headers, body: text })).status;
  const event = (event_type: string, payload: object) => ({
    record_type: 'event',
    id: randomUUID(),
    event_type,
    payload,
  });
  const status = ({ id, tags }: TelnyxTaken, to: string, more: object = {}) =>
    event('message.finalized', { id, tags, to: [{ phone_number: PHONE, status: to }], parts: 1, ...more });
  const received = (id: string, text: string) =>
    event('message.received', { id, text, from: { phone_number: PHONE }, to: [{ phone_number: NUMBER }], media: [] });
  const inbound = async () => accepted(await ask('GET', '/messages?direction=inbound')).body.data as { body: string }[];
  const sendFiles = sendsFiles(core, uuid, telnyx.reach);
  return { ask, uuid, set, sendFiles, inboundUrl, say, reaching, taken, post, event, status, received, inbound };
}

describe('A message by Telnyx', () => {
  it('is sent once, tagged, and becomes what events say, in any order and more than once', async () => {
    const { say, taken, post, status, event, reaching, uuid } = await withTelnyx();
    const sid = await say('One');
    const one = await taken('One');
    expect(one).toMatchObject({ from: NUMBER, to: PHONE, tags: [sid] });
    expect(one.webhook_url).toMatch(new RegExp(`^${PUBLIC_URL}/api/providers/clt_\\w+/prv_\\w+/status/${sid}$`));
    await reaching(sid, 'sending');
    const delivered = status(one, 'delivered', { cost: { amount: '0.0051', currency: 'USD' } });
    expect(await post(one.webhook_url!, telnyx.signed(delivered))).toBe(204);
    expect(await post(one.webhook_url!, telnyx.signed(delivered))).toBe(204);
    const sent = event('message.sent', { id: one.id, to: [{ status: 'sent' }] });
    expect(await post(one.webhook_url!, telnyx.signed(sent))).toBe(204);
    expect(await reaching(sid, 'delivered')).toMatchObject({
      ...{ provider: 'telnyx', providerMessageId: one.id, price: '0.0051', currency: 'USD', attempts: 1 },
    });
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('may be refused, and opts out whom Telnyx has blocked', async () => {
    const { ask, say, reaching } = await withTelnyx();
    telnyx.manner = () => ({ status: 409, code: '40300' });
    expect(await reaching(await say('Two'), 'failed')).toMatchObject({
      ...{ errorCode: 'recipient_opted_out', errorMessage: 'It is refused.', attempts: 1 },
    });
    expect(error(await ask('POST', '/messages', { to: PHONE, body: 'x' }))).toEqual([400, 'recipient_opted_out']);
  });

  it('has files, which Telnyx fetches where they are signed: less than a megabyte of them', async () => {
    const { say, taken, sendFiles, uuid } = await withTelnyx();
    await say('Before');
    await taken('Before');
    await sendFiles([{ type: 'image/png', bytes: PNG }], 'Look!');
    const one = await taken('Look!');
    expect(one.media).toEqual([{ contentType: 'image/png', bytes: PNG }]);
    await sendFiles([{ type: 'video/mp4', bytes: Buffer.alloc(1_000_000) }], 'Large');
    const failed = `SELECT error_code FROM deliveries WHERE client_id = $1 AND status = 'failed'`;
    expect(await until(async () => (await sql(failed, uuid))[0] ?? null)).toEqual({ error_code: 'media_failed' });
    expect(telnyx.taken.filter(({ text }) => text === 'Large')).toEqual([]);
  });

  it('fails where its carrier does', async () => {
    const { say, taken, post, status, reaching } = await withTelnyx();
    const sid = await say('Three');
    const one = await taken('Three');
    const failed = status(one, 'delivery_failed', { errors: [{ code: '40002', title: 'Blocked as spam' }] });
    expect(await post(one.webhook_url!, telnyx.signed(failed))).toBe(204);
    expect(await reaching(sid, 'undelivered')).toMatchObject({ errorCode: 'filtered' });
  });

  it('is found by its tag where the answer was lost, and asked for its status', async () => {
    const { say, taken, reaching, uuid } = await withTelnyx();
    telnyx.manner = () => 'takes and breaks';
    const sid = await say('Four');
    const one = await taken('Four');
    one.status = 'delivered';
    const hurrying = setInterval(
      () => void sql(`UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1 AND kind <> 'send'`, uuid),
      200,
    );
    const text = await reaching(sid, 'delivered').finally(() => clearInterval(hurrying));
    expect(text).toMatchObject({ providerMessageId: one.id, attempts: 1 });
    expect(telnyx.taken.filter((other) => other.text === 'Four')).toHaveLength(1);
  });
});

describe('Telnyx', () => {
  it('hands over what phones send, once however often it does', async () => {
    const { post, received, inboundUrl, inbound, ask } = await withTelnyx();
    const id = randomUUID();
    const all = await Promise.all(
      Array.from({ length: 5 }, () => post(inboundUrl, telnyx.signed(received(id, 'Hi\u0000!')))),
    );
    expect(new Set(all)).toEqual(new Set([200]));
    expect(await inbound()).toMatchObject([{ body: 'Hi!' }]);
    // It answers STOP itself.
    expect(await post(inboundUrl, telnyx.signed(received(randomUUID(), 'STOP')))).toBe(200);
    expect(error(await ask('POST', '/messages', { to: PHONE, body: 'x' }))).toEqual([400, 'recipient_opted_out']);
    expect(accepted(await ask('GET', '/messages?direction=outbound')).body.data).toEqual([]);
  });

  it('is believed by its signature alone, within five minutes', async () => {
    const { post, received, inboundUrl, inbound } = await withTelnyx();
    const event = received(randomUUID(), 'Hi');
    const right = telnyx.signed(event);
    for (const minutes of [-6, 6]) {
      expect(await post(inboundUrl, telnyx.signed(event, { at: Date.now() + minutes * 60_000 }))).toBe(403);
    }
    expect(await post(inboundUrl, { ...right, text: JSON.stringify({ data: event }, null, 1) })).toBe(403);
    const forged = { ...right.headers, 'telnyx-signature-ed25519': Buffer.alloc(64, 1).toString('base64') };
    expect(await post(inboundUrl, { ...right, headers: forged })).toBe(403);
    expect(await post(inboundUrl, { ...right, headers: { 'content-type': 'application/json' } as never })).toBe(403);
    expect(await inbound()).toEqual([]);
    expect(await post(inboundUrl, right)).toBe(200);
  });

  it('is asked whose a number is', async () => {
    const { ask } = await withTelnyx();
    const { data } = accepted(await ask('GET', '/phone-numbers')).body as { data: object[] };
    expect(data).toMatchObject([{ number: NUMBER, verified: true, isDefault: true }]);
    expect(error(await ask('POST', '/phone-numbers', { number: '+14155550101' }))).toEqual([400, 'invalid_number']);
  });

  it.each<[string, object, string]>([
    ['a key that Telnyx refuses', { apiKey: 'KEYwrong' }, 'provider_rejected'],
    ['a public key that is none', { publicKey: 'abc' }, 'invalid_params'],
    ['a profile that is no UUID', { messagingProfileId: '../x' }, 'invalid_params'],
    ['a profile that is not there', { messagingProfileId: randomUUID() }, 'provider_rejected'],
  ])('is not set with %s', async (_, settings, code) => {
    const { ask } = await asked();
    const { apiKey, publicKey } = telnyx;
    const set = await ask('PUT', '/provider', { kind: 'telnyx', apiKey, publicKey, ...settings });
    expect(error(set)).toEqual([400, code]);
  });

  it('shows no key', async () => {
    const { set, uuid } = await withTelnyx();
    expect(set).toMatchObject({ kind: 'telnyx', last4: telnyx.apiKey.slice(-4), warnings: [] });
    const rows = await sql(`SELECT public FROM messaging_providers WHERE client_id = $1`, uuid);
    expect(JSON.stringify([rows, set])).not.toContain(telnyx.apiKey);
  });
});
