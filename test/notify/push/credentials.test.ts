import { createECDH, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SecretBox } from '../../../src/platform/secrets/secret-box.js';
import { given as givenOn, must, type TestClient } from '../../support/given.js';
import { apple, browser, google } from '../../support/push-providers.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { startServer, type TestServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const KEY = 'ab'.repeat(32);
const NO_KEYS = { production: true, dataDir: '/nowhere', secretsKey: undefined, secretsKeyPrevious: undefined };
let server: TestServer;
let acme: TestClient;
let apns: Awaited<ReturnType<typeof apple>>;
let fcm: Awaited<ReturnType<typeof google>>;
let web: Awaited<ReturnType<typeof browser>>;
beforeAll(async () => {
  [apns, fcm, web] = await Promise.all([apple(), google(), browser()]);
  server = await startServer({ SECRETS_KEY: KEY });
  acme = await given.client();
});
afterAll(() => Promise.all([server.stop(), apns.close(), fcm.close(), web.close()]));
const given = givenOn(() => server);

const path = (provider: string): string => `/api/v1/push_credentials/${provider}`;
const rsa = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const ec = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const secretOf = async (of: TestClient, provider: string): Promise<Buffer> => {
  const where = 'client_id = $1 AND provider = $2';
  const [row] = await sql<{ secret: Buffer }>(`SELECT secret FROM push_credentials WHERE ${where}`, of.uuid, provider);
  return row!.secret;
};

describe('Push credentials', () => {
  it('are set, seen to be there, replaced and deleted, and never shown', async () => {
    const params = { path: { provider: 'apns' as const } };
    expectMissing(await acme.send('GET', path('apns')), 'Push credentials not found');
    await apns.setUp(acme);
    const shown = must(await acme.api.GET('/api/v1/push_credentials/{provider}', { params }));
    const { updated } = shown;
    expect(shown).toEqual({ object: 'push_credential', provider: 'apns', updated, livemode: false });
    const before = await secretOf(acme, 'apns');
    await apns.setUp(acme);
    // The same twice does not look the same.
    expect((await secretOf(acme, 'apns')).equals(before)).toBe(false);
    expectMissing(await (await given.client()).send('GET', path('apns')), 'Push credentials not found');
    expect((await acme.send('DELETE', path('apns'))).status).toBe(204);
    expectMissing(await acme.send('DELETE', path('apns')), 'Push credentials not found');
    expectMissing(await acme.send('GET', path('pigeon')), 'Push credentials not found');
  });

  it('can not be read in the table, only be opened with the key, and only for their client and provider', async () => {
    await Promise.all([apns.setUp(acme), fcm.setUp(acme), web.setUp(acme)]);
    const sealed = await secretOf(acme, 'fcm');
    expect(sealed.toString('latin1')).not.toMatch(/PRIVATE|gserviceaccount|example-chat/);
    const box = (secretsKey: string) => new SecretBox({ ...NO_KEYS, secretsKey: Buffer.from(secretsKey, 'hex') });
    const context = `push credentials of ${acme.uuid} for fcm`;
    const { project_id, client_email, private_key } = fcm.account as Record<string, string>;
    // Nothing else of the file, and so not where it says that tokens are to be had.
    const kept = { projectId: project_id, clientEmail: client_email, privateKey: private_key };
    expect(await box(KEY).open(context, sealed)).toEqual(kept);
    const wrong = /can not be decrypted: SECRETS_KEY is not the one it was encrypted with/;
    await expect(box('cd'.repeat(32)).open(context, sealed)).rejects.toThrow(wrong);
    await expect(box(KEY).open(context.replace('fcm', 'apns'), sealed)).rejects.toThrow(wrong);
    const other = context.replace(acme.uuid, (await given.client()).uuid);
    await expect(box(KEY).open(other, sealed)).rejects.toThrow(wrong);
    sealed[sealed.length - 1]! ^= 1;
    await expect(box(KEY).open(context, sealed)).rejects.toThrow(wrong);
  });

  it('of Apple must be a key of P-256 and what belongs to it', async () => {
    const right = {
      ...{ key: apns.key, key_id: 'KEY1234567', team_id: 'TEAM567890' },
      ...{ bundle_id: 'com.example.chat', production: true },
    };
    for (const key of ['', 'nonsense', rsa(), ec('secp384r1')]) {
      expectInvalid(await acme.send('PUT', path('apns'), { ...right, key }), 'key');
    }
    expectInvalid(await acme.send('PUT', path('apns'), { ...right, key_id: 'key' }), 'key_id');
    expectInvalid(await acme.send('PUT', path('apns'), { ...right, team_id: '../../../..' }), 'team_id');
    expectInvalid(await acme.send('PUT', path('apns'), { ...right, bundle_id: null }), 'bundle_id');
    expectInvalid(await acme.send('PUT', path('apns'), { ...right, production: undefined }), 'production');
    expect((await acme.send('PUT', path('apns'), right)).status).toBe(200);
  });

  it('of Google must be those of a service account', async () => {
    const send = (change: object) => acme.send('PUT', path('fcm'), { service_account: { ...fcm.account, ...change } });
    expectInvalid(await send({ project_id: '../x' }), 'service_account.project_id');
    expectInvalid(await send({ client_email: undefined }), 'service_account.client_email');
    expectInvalid(await send({ private_key: ec('prime256v1') }), 'service_account.private_key');
    expectInvalid(await acme.send('PUT', path('fcm'), { service_account: 'json' }), 'service_account');
    expect((await send({})).status).toBe(200);
  });

  it('of Web Push must be a pair of keys', async () => {
    const send = (change: object) => acme.send('PUT', path('webpush'), { ...web.vapid, ...change });
    const stranger = createECDH('prime256v1');
    stranger.generateKeys();
    expectInvalid(await send({ subject: 'push@example.com' }), 'subject');
    expectInvalid(await send({ public_key: stranger.getPublicKey('base64url', 'compressed') }), 'public_key');
    expectInvalid(await send({ public_key: stranger.getPublicKey('base64url') }), 'private_key');
    expectInvalid(await send({ private_key: 'x' }), 'private_key');
    expect((await send({})).status).toBe(200);
  });
});

describe('Without SECRETS_KEY', () => {
  it('a production server keeps none, and says why', async () => {
    const own = await startServer({ NODE_ENV: 'production' });
    const client = await givenOn(() => own).client();
    const { status, body } = await client.send('PUT', path('webpush'), web.vapid);
    await own.stop();
    expect(status).toBe(503);
    expect(body).toMatchObject({
      error: 'This server keeps no secrets: SECRETS_KEY is not set',
      code: 'secrets_key_missing',
    });
  });

  it('any other makes a key that only this user can read, and finds it again', async () => {
    const settings = { ...NO_KEYS, production: false, dataDir: mkdtempSync(join(tmpdir(), 'parlance-')) };
    const sealed = await new SecretBox(settings).seal('here', { secret: 1 });
    expect(await new SecretBox(settings).open('here', sealed)).toEqual({ secret: 1 });
    expect(statSync(join(settings.dataDir, 'secrets-key')).mode & 0o777).toBe(0o600);
  });
});
