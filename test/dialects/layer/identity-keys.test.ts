import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { call, given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { layerApp } from '../../support/layer.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';

const server = useServer();
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

const authorization = `Bearer ${ADMIN_KEY}`;
const admin = (method: string, path: string, body?: unknown): Promise<Reply> =>
  call(`${server.url}${path}`, method, body, { authorization });
const keysOf = ({ id }: { readonly id: string }): string => `/admin/v1/clients/${id}/identity_keys`;
const create = (algorithm: string, public_key: string, of = acme): Promise<Reply> =>
  admin('POST', keysOf(of), { algorithm, public_key });

const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string;
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

describe('An identity key', () => {
  it('is registered by the operator, and checks tokens', async () => {
    const { publicKey, privateKey } = ec('P-256');
    const { status, body } = await create('ES256', pemOf(publicKey));
    expect(status).toBe(201);
    expect(body).toEqual({
      object: 'identity_key',
      id: expect.stringMatching(/^ik_/),
      kid: expect.stringMatching(/^layer:\/\/\/keys\/[\da-f-]{36}$/),
      client_id: acme.id,
      algorithm: 'ES256',
      public_key: pemOf(publicKey),
      created: expect.any(Number),
      livemode: false,
    });
    const app = await layerApp(() => server, acme);
    for (const kid of [body.kid, body.id]) {
      const token = await new SignJWT({ prn: 'jane', nce: await app.nonce() })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuedAt()
        .setExpirationTime('5 minutes')
        .sign(privateKey);
      const session = await app.send('POST', '/sessions', { identity_token: token, app_id: acme.id });
      expect(session.status).toBe(201);
    }
  });

  it('is one of at most twenty, however many are registered at once', async () => {
    const of = await given.client();
    const pem = pemOf(ec('P-256').publicKey);
    const made = await Promise.all(Array.from({ length: 23 }, () => create('ES256', pem, of)));
    expect(made.map(({ status }) => status).sort()).toEqual([...Array<number>(20).fill(201), 409, 409, 409]);
    expect(made.find(({ status }) => status === 409)!.body).toMatchObject({
      ...{ error: 'A client may not have more than 20 identity keys', code: 'limit_reached' },
    });
    const { id } = made.find(({ status }) => status === 201)!.body;
    expect((await admin('DELETE', `${keysOf(of)}/${id}`)).status).toBe(204);
    expect((await create('ES256', pem, of)).status).toBe(201);
    expect((await create('ES256', pem, of)).status).toBe(409);
  });

  it('may be an RSA key, in either of its PEM forms', async () => {
    const { publicKey } = rsa(2_048);
    for (const type of ['spki', 'pkcs1'] as const) {
      const pem = publicKey.export({ type, format: 'pem' }) as string;
      const { status, body } = await create('RS256', `\n${pem.trim().replaceAll('\n', '\r\n')}`);
      expect([status, body.public_key]).toEqual([201, pemOf(publicKey)]);
    }
  });

  const RSA = 'must be an RSA key of 2048 to 8192 bits, because the algorithm is RS256.';
  const EC = 'must be an EC key on the curve P-256, because the algorithm is ES256.';
  const NO_KEY = 'must be a public key in PEM, as in -----BEGIN PUBLIC KEY-----.';
  it.each<[string, string, () => string]>([
    ['RS256', RSA, () => pemOf(rsa(1_024).publicKey)],
    ['RS256', RSA, () => pemOf(ec('P-256').publicKey)],
    ['RS256', RSA, () => pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2_048 }).publicKey)],
    ['ES256', EC, () => pemOf(rsa(2_048).publicKey)],
    ['ES256', EC, () => pemOf(ec('P-384').publicKey)],
    ['ES256', EC, () => pemOf(ec('secp256k1').publicKey)],
    ['ES256', EC, () => pemOf(generateKeyPairSync('ed25519').publicKey)],
    ['ES256', NO_KEY, () => 'x'],
    ['ES256', NO_KEY, () => '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----'],
    ['ES256', NO_KEY, () => '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
  ])('for %s %s', async (algorithm, says, pem) => {
    expectInvalid(await create(algorithm, pem()), 'public_key', `The public_key field ${says}`);
  });

  it('is never a private one', async () => {
    const before = (await admin('GET', keysOf(acme))).body.total_count as number;
    for (const type of ['pkcs8', 'sec1'] as const) {
      const pem = ec('P-256').privateKey.export({ type, format: 'pem' }) as string;
      const answer = await create('ES256', pem);
      expectInvalid(answer, 'public_key', expect.stringContaining('this is a private one'));
      expect(answer.text).not.toContain(pem.split('\n')[1]);
    }
    const both = `${pemOf(ec('P-256').publicKey)}${ec('P-256').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string}`;
    expectInvalid(await create('ES256', both), 'public_key', expect.stringContaining('this is a private one'));
    expect((await admin('GET', keysOf(acme))).body.total_count).toBe(before);
  });

  it('is of a known algorithm', async () => {
    for (const algorithm of ['none', 'HS256', 'PS256', 'ES384']) {
      expectInvalid(await create(algorithm, pemOf(ec('P-256').publicKey)), 'algorithm');
    }
  });

  it('is deleted once, by the client it is of', async () => {
    const globex = await given.client();
    const { id } = (await create('ES256', pemOf(ec('P-256').publicKey))).body as { id: string };
    expectMissing(await admin('DELETE', `${keysOf(globex)}/${id}`), 'Identity key not found');
    expect((await admin('DELETE', `${keysOf(acme)}/${id}`)).status).toBe(204);
    expectMissing(await admin('DELETE', `${keysOf(acme)}/${id}`), 'Identity key not found');
  });

  it('is of a client that there is, and for the operator', async () => {
    const path = keysOf({ id: '018f0000-0000-7000-8000-000000000000' });
    expectMissing(await admin('GET', path), 'Client not found');
    expectMissing(await create('ES256', pemOf(ec('P-256').publicKey), { ...acme, id: 'x' }), 'Client not found');
    expect((await acme.send('GET', keysOf(acme))).status).toBe(401);
  });
});
