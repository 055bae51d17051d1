import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProviderSecretRotation } from '../../src/delivery/providers/provider-secret-rotation.js';
import type { ProvidersRepository } from '../../src/delivery/providers/providers.repository.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { SecretBox } from '../../src/platform/secrets/secret-box.js';
import { gateway, isSigned, signedBy } from '../support/gateway.js';
import { accepted, call, type Reply } from '../support/given.js';
import { miscounted, OUR_NUMBER } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { givenUsers, inWorkspace, type TestUser, type Workspace } from '../support/users.js';

const PHONE = '+14155552671';
const PUBLIC_URL = 'https://chat.example.com/base';
const SECRETS_KEY = '7'.repeat(64);

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', PUBLIC_URL, SECRETS_KEY }));
const users = givenUsers(() => server);
const error = ({ status, body }: Reply): [number, string] => [status, (body as { error: string }).error];

let gate: Awaited<ReturnType<typeof gateway>>;
beforeAll(async () => {
  gate = await gateway();
});
afterAll(() => gate.close());

const asking =
  (owner: TestUser, workspace: Workspace) =>
  (method: string, path: string, body?: unknown): Promise<Reply> =>
    owner.send(method, inWorkspace(workspace, path), body);

/** A workspace whose messages a gateway carries, and a number of it that was verified. */
async function withGateway() {
  const { owner, workspace } = await users.team();
  const ask = asking(owner, workspace);
  const { secret, inboundUrl } = accepted(await ask('PUT', '/provider', { kind: 'http', url: gate.url })).body as {
    secret: string;
    inboundUrl: string;
  };
  const number = accepted(await ask('POST', '/phone-numbers', { number: OUR_NUMBER })).body as { id: string };
  const uuid = parseId('client', workspace.id)!;
  await sql(`UPDATE addresses SET verified_at = now(), is_default = true WHERE client_id = $1`, uuid);
  const path = inboundUrl.slice(PUBLIC_URL.length);
  const tell = (to: string, { text, headers }: ReturnType<typeof signedBy>): Promise<Reply> =>
    call(`${server.url}${to}`, 'POST', text, headers);
  const say = async (body = 'Hello'): Promise<string> =>
    (accepted(await ask('POST', '/messages', { to: PHONE, body })).body as { sid: string }).sid;
  const textOf = async (sid: string) => accepted(await ask('GET', `/messages/${sid}`)).body as Record<string, unknown>;
  const reaching = (sid: string, status: string) =>
    until(async () => {
      const text = await textOf(sid);
      return text.status === status ? text : null;
    }, 20);
  const lastError = async (): Promise<unknown> => accepted(await ask('GET', '/provider')).body.lastError as unknown;
  return {
    ask,
    secret,
    inboundUrl,
    path,
    statusPath: path.replace('/inbound', '/status'),
    number,
    uuid,
    tell,
    say,
    textOf,
    reaching,
    lastError,
  };
}

describe('A gateway of the workspace’s own', () => {
  it('is sent signed webhooks, and what it tells becomes of the message', async () => {
    const { secret, say, reaching, tell, statusPath, uuid } = await withGateway();
    const sid = await say();
    const [asked] = await gate.of(sid);
    expect(asked!.data).toEqual({ sid, from: OUR_NUMBER, to: PHONE, body: 'Hello', media: [] });
    expect([asked!.headers['webhook-id'], isSigned(asked!, secret)]).toEqual([sid, true]);
    expect(await reaching(sid, 'sent')).toMatchObject({ provider: 'http', providerMessageId: `gw-${sid}` });
    const told = { sid, id: `gw-${sid}`, status: 'delivered', price: '0.0079', currency: 'USD', later: 'unknown' };
    const reply = await tell(statusPath, signedBy(secret, told));
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(await reaching(sid, 'delivered')).toMatchObject({ price: '0.0079', currency: 'USD', attempts: 1 });
    expect((await tell(`${statusPath}/${sid}`, signedBy(secret, { sid, status: 'sent' }))).status).toBe(204);
    expect((await tell(statusPath, signedBy(secret, { sid, status: 'teleported' }))).status).toBe(204);
    expect(await reaching(sid, 'delivered')).toMatchObject({ attempts: 1 });
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('is sent a message again, under the same id, until it says that it has it', async () => {
    const { say, reaching, uuid } = await withGateway();
    const before = gate.answer;
    gate.answer = (asked, response) => {
      if (gate.all.filter(({ data }) => data.sid === asked.data.sid).length < 3) {
        response.writeHead(500).end();
      } else {
        before(asked, response);
      }
    };
    const sid = await say();
    const hurrying = setInterval(
      () =>
        void sql(
          `UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1
           AND next_attempt_at BETWEEN now() AND now() + interval '50 seconds'`,
          uuid,
        ),
      200,
    );
    await reaching(sid, 'sent').finally(() => {
      clearInterval(hurrying);
      gate.answer = before;
    });
    const asked = await gate.of(sid);
    expect(new Set(asked.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([sid]));
    expect(asked).toHaveLength(3);
  });

  it('refuses a message for good', async () => {
    const { say, reaching } = await withGateway();
    const before = gate.answer;
    gate.answer = (_, response) => void response.writeHead(422).end();
    const sid = await say();
    const text = await reaching(sid, 'failed').finally(() => {
      gate.answer = before;
    });
    expect(text).toMatchObject({ errorCode: 'provider_error', errorMessage: 'HTTP 422', attempts: 1 });
  });

  it('hands over what phones send, once however often it says so', async () => {
    const { ask, secret, path, tell, uuid } = await withGateway();
    const inbound = signedBy(secret, { id: 'in-1', from: PHONE, to: OUR_NUMBER, body: 'Hi there' });
    const replies = await Promise.all(Array.from({ length: 10 }, () => tell(`${path}?a=b&a=c`, inbound)));
    expect(replies.map(({ status, text }) => [status, text])).toEqual(replies.map(() => [200, '{}']));
    const { data } = accepted(await ask('GET', '/messages')).body as { data: unknown[] };
    expect(data).toMatchObject([
      { direction: 'inbound', from: PHONE, to: OUR_NUMBER, body: 'Hi there', status: 'received' },
    ]);
    expect(data).toHaveLength(1);
    expect(await miscounted({ uuid })).toEqual([]);
  });

  it('is believed by its signature alone', async () => {
    const [acme, other] = [await withGateway(), await withGateway()];
    const body = { id: 'in-1', from: PHONE, to: OUR_NUMBER, body: 'Hi' };
    const right = signedBy(acme.secret, body);
    const wrong = (minutes: number) => signedBy(acme.secret, body, { at: new Date(Date.now() + minutes * 60_000) });
    const forged = [
      signedBy(other.secret, body),
      wrong(-6),
      wrong(6),
      { ...right, text: JSON.stringify(body, null, 1) },
      { ...right, headers: { 'content-type': 'application/json' } as never },
    ];
    for (const one of forged) {
      expect(error(await acme.tell(acme.path, one))).toEqual([403, 'forbidden']);
    }
    expect(await acme.lastError()).toBe('A callback was refused: Forbidden - The signature does not match');
    expect(error(await acme.tell(other.path, right))).toEqual([403, 'forbidden']);
    expect(accepted(await acme.ask('GET', '/messages')).body.data).toEqual([]);
    expect(error(await acme.tell(acme.path, { ...right, text: 'x'.repeat(256 * 1024 + 1) }))).toEqual([
      413,
      'payload_too_large',
    ]);
    expect(error(await acme.tell(acme.path.replace('/prv_', '/prx_'), right))).toEqual([404, 'not_found']);
    expect(error(await acme.tell(other.path.replace(/clt_\w+/, /clt_\w+/.exec(acme.path)![0]), right))).toEqual([
      404,
      'not_found',
    ]);
    expect((await acme.tell(acme.path, right)).status).toBe(200);
  });

  it('guesses no more than ten times a second, and is heard where it signs rightly', async () => {
    const { secret, path, tell } = await withGateway();
    const body = { id: 'in-1', from: PHONE, to: OUR_NUMBER, body: 'Hi' };
    const forged = { ...signedBy(secret, body), headers: { 'content-type': 'application/json' } as never };
    const replies = await Promise.all(Array.from({ length: 40 }, () => tell(path, forged)));
    const statuses = new Set(replies.map(({ status }) => status));
    expect(statuses).toEqual(new Set([403, 429]));
    expect((await tell(path, signedBy(secret, body))).status).toBe(200);
  });

  it('is told what is wrong with what it says, as are those who look at it', async () => {
    const [acme, other] = [await withGateway(), await withGateway()];
    const { secret, path, statusPath, tell, lastError } = acme;
    const unknown = signedBy(secret, { id: 'in-1', from: PHONE, to: '+15005550099', body: 'Hi' });
    expect(error(await tell(path, unknown))).toEqual([404, 'not_found']);
    expect(await lastError()).toBe('A callback was refused: Phone number not found');
    expect(error(await tell(path, signedBy(secret, { id: 1, from: PHONE, to: OUR_NUMBER })))).toEqual([
      400,
      'invalid_params',
    ]);
    expect(error(await tell(path, signedBy(secret, { from: PHONE, to: OUR_NUMBER })))).toEqual([400, 'missing_params']);
    const foreign = await other.say();
    await gate.of(foreign);
    const told = signedBy(secret, { sid: foreign, status: 'delivered' });
    expect(error(await tell(statusPath, told))).toEqual([404, 'not_found']);
    expect(error(await tell(`${statusPath}/${foreign}`, told))).toEqual([404, 'not_found']);
    expect(error(await tell(`${statusPath}/SM${'0'.repeat(31)}`, told))).toEqual([404, 'not_found']);
  });
});

describe('The provider of a workspace', () => {
  it('shows its secret once, and stores it sealed', async () => {
    const { ask, secret, inboundUrl, uuid } = await withGateway();
    const shown = accepted(await ask('GET', '/provider'));
    expect(shown.body).toEqual({
      ...{ kind: 'http', accountSid: null, last4: secret.slice(-4), inboundUrl, warnings: [], lastError: null },
      createdAt: expect.any(String),
    });
    expect(inboundUrl).toMatch(/^https:\/\/chat\.example\.com\/base\/api\/providers\/clt_\w{26}\/prv_\w{26}\/inbound$/);
    const rows = await sql(
      `SELECT *, encode(secret, 'escape') AS seen FROM messaging_providers WHERE client_id = $1`,
      uuid,
    );
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length, -4));
  });

  it('is sealed again with a new key of the server', async () => {
    const { secret, uuid } = await withGateway();
    const [former, next] = [Buffer.from(SECRETS_KEY, 'hex'), Buffer.alloc(32, 1)];
    const rows = server.get<ProvidersRepository>('ProvidersRepository');
    const box = (secretsKey: Buffer, secretsKeyPrevious?: Buffer) =>
      new SecretBox({ production: true, dataDir: '', secretsKey, secretsKeyPrevious });
    await new ProviderSecretRotation(rows, box(next, former)).rotate();
    const row = (await rows.findActive({ clientId: uuid, livemode: false }))!;
    const opened = await box(next).open(`messaging provider ${row.id} of ${uuid}`, row.secret!);
    expect(opened).toEqual({ current: { secret } });
    await new ProviderSecretRotation(rows, box(former, next)).rotate();
  });

  it('keeps its URLs with a new secret, and hears the former for a day', async () => {
    const { ask, secret, inboundUrl, path, tell } = await withGateway();
    const next = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const set = accepted(await ask('PUT', '/provider', { kind: 'http', url: gate.url, secret: next })).body;
    expect([set.inboundUrl, 'secret' in set]).toEqual([inboundUrl, false]);
    for (const [at, one] of [secret, next].entries()) {
      const said = signedBy(one, { id: `in-${at}`, from: PHONE, to: OUR_NUMBER, body: 'Hi' });
      expect((await tell(path, said)).status).toBe(200);
    }
  });

  it('is one, however many set it at once; a number moves with its conversations', async () => {
    const { ask, number, uuid, path, secret, tell } = await withGateway();
    const set = (kind: string) => ask('PUT', '/provider', kind === 'http' ? { kind, url: gate.url, secret } : { kind });
    const replies = await Promise.all(['http', 'simulator', 'http', 'simulator', 'simulator'].map(set));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const rows = await sql<{ kind: string }>(
      `SELECT kind FROM messaging_providers WHERE client_id = $1 AND active`,
      uuid,
    );
    expect(rows).toHaveLength(1);
    accepted(await set('simulator'));
    expect(error(await ask('POST', '/messages', { to: PHONE, body: 'x' }))).toEqual([400, 'provider_not_configured']);
    const from = (number: string) => ask('POST', '/messages', { to: PHONE, body: 'x', from: number });
    const replaced = await from(OUR_NUMBER);
    expect(error(replaced)).toEqual([400, 'invalid_from']);
    expect(replaced.text).toBe((await from('+15005550199')).text);
    const moved = accepted(await ask('POST', '/phone-numbers', { number: OUR_NUMBER })).body;
    expect(moved).toMatchObject({ id: number.id, verified: true, isDefault: true });
    accepted(await ask('POST', '/messages', { to: PHONE, body: 'x' }));
    // What the former still says is understood; the number is none of its any more.
    const late = signedBy(secret, { id: 'in-1', from: PHONE, to: OUR_NUMBER, body: 'Hi' });
    expect(error(await tell(path, late))).toEqual([404, 'not_found']);
    accepted(await ask('DELETE', '/provider'));
    expect(accepted(await ask('GET', '/provider')).body).toMatchObject({ kind: 'simulator', inboundUrl: null });
    expect(await sql(`SELECT id FROM messaging_providers WHERE client_id = $1`, uuid)).toHaveLength(2);
  });

  it.each<[string, object, string]>([
    ['is none', { kind: 'pigeon' }, 'invalid_provider'],
    ['lacks what it needs', { kind: 'http' }, 'missing_params'],
    ['takes no such field', { kind: 'simulator', url: 'https://example.com' }, 'invalid_params'],
    ['leads inside', { kind: 'http', url: 'http://169.254.169.254/' }, 'invalid_params'],
    ['leads inside by another name', { kind: 'http', url: 'http://[::ffff:10.0.0.1]/' }, 'invalid_params'],
    [
      'has a secret that is none',
      { kind: 'http', url: 'https://example.com', secret: 'whsec_short' },
      'invalid_params',
    ],
  ])('is refused where it %s', async (_, body, code) => {
    const { owner, workspace } = await users.team();
    expect(error(await asking(owner, workspace)('PUT', '/provider', body))).toEqual([400, code]);
  });

  it('of a live workspace is none until one is set, and not the simulator', async () => {
    const { owner, workspace } = await users.team({ livemode: true });
    const ask = asking(owner, workspace);
    expect(error(await ask('GET', '/provider'))).toEqual([400, 'provider_not_configured']);
    expect(error(await ask('DELETE', '/provider'))).toEqual([404, 'not_found']);
    expect(error(await ask('PUT', '/provider', { kind: 'simulator' }))).toEqual([400, 'invalid_provider']);
    const inside = await ask('PUT', '/provider', { kind: 'http', url: 'http://example.com/' });
    expect(error(inside)).toEqual([400, 'invalid_params']);
  });
});
