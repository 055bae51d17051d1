import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import type { IdentityKeysService } from '../../../src/dialects/layer/identities/identity-keys.service.js';
import { given as givenOn, must, type Reply, type TestClient } from '../../support/given.js';
import { expectRefusedToken, layerApp, type LayerApp } from '../../support/layer.js';
import { startServer, useServer } from '../../support/server.js';

const server = useServer(startServer);
let acme: TestClient;
let app: LayerApp;
beforeAll(async () => {
  acme = await given.client();
  app = await layerApp(() => server, acme);
});
const given = givenOn(() => server);

const open = (identity_token: string, app_id = app.appId): Promise<Reply> =>
  app.send('POST', '/sessions', { identity_token, app_id });
const mallory = async (): Promise<unknown[]> =>
  must(await acme.api.GET('/api/v1/customers', { params: { query: { external_id: 'mallory' } } })).data;

describe('An identity token', () => {
  const sign = async (header: object, claims: JWTPayload = {}, key: Parameters<SignJWT['sign']>[0] = app.privateKey) =>
    new SignJWT({ prn: 'mallory', nce: await app.nonce(), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: app.kid, ...header })
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(key);
  const base64url = (value: object | string): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const nowIn = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
  const register = (of: TestClient, algorithm: 'RS256' | 'ES256', publicKey: string) =>
    server
      .get<IdentityKeysService>('IdentityKeysService')
      .create({ clientId: of.uuid, livemode: false }, { algorithm, publicKey });

  it('may be of RS256, and name its key by a UUID or an id', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const { id } = await register(acme, 'RS256', await exportSPKI(publicKey));
    for (const kid of [id, `layer:///keys/${id}`]) {
      expect((await open(await sign({ alg: 'RS256', kid }, { prn: 'jane' }, privateKey))).status).toBe(201);
    }
  });

  it('must be signed', async () => {
    const claims = { prn: 'mallory', nce: await app.nonce(), iat: nowIn(0), exp: nowIn(60) };
    for (const alg of ['none', 'NONE', 'None']) {
      const answer = await open(`${base64url({ alg, kid: app.kid })}.${base64url(claims)}.`);
      expectRefusedToken(answer, 'its alg is none of RS256, ES256.');
    }
  });

  it('must not be signed with the public key as a secret', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const { id } = await register(acme, 'RS256', pem);
    const claims = { prn: 'mallory', nce: await app.nonce(), iat: nowIn(0), exp: nowIn(60) };
    for (const secret of [pem, pem.trim(), publicKey.export({ type: 'spki', format: 'der' })]) {
      const text = `${base64url({ alg: 'HS256', kid: id })}.${base64url(claims)}`;
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      expectRefusedToken(await open(`${text}.${signature}`), 'its alg is none of RS256, ES256.');
    }
  });

  it('must be of the algorithm that its key is for', async () => {
    const rsa = await generateKeyPair('RS256');
    expectRefusedToken(await open(await sign({ alg: 'RS256' }, {}, rsa.privateKey)), 'its key is for ES256.');
  });

  it('must be signed with a key of this app', async () => {
    const globex = await layerApp(() => server, await given.client());
    const UNKNOWN = 'its kid is no key of this app.';
    expectRefusedToken(await open(await globex.identityToken('mallory')), UNKNOWN);
    expectRefusedToken(await open(await app.identityToken('mallory'), globex.appId), UNKNOWN);
    for (const kid of [undefined, '', 'x', randomUUID(), `layer:///apps/staging/${app.kid.slice(-36)}`]) {
      expectRefusedToken(await open(await sign({ kid })), UNKNOWN);
    }
    expectRefusedToken(await open(await sign({}, {}, globex.privateKey)), 'its signature is wrong.');
  });

  it('must not bring its own key', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    expectRefusedToken(
      await open(await sign({ jwk: await exportJWK(publicKey) }, {}, privateKey)),
      'its signature is wrong.',
    );
  });

  it('stops working with its key', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const { id } = await register(acme, 'ES256', await exportSPKI(publicKey));
    const token = await sign({ kid: id }, {}, privateKey);
    await server.get<IdentityKeysService>('IdentityKeysService').remove({ clientId: acme.uuid, livemode: false }, id);
    expectRefusedToken(await open(token), 'its kid is no key of this app.');
  });

  it.each<[string, JWTPayload]>([
    ['it has expired.', { exp: nowIn(-31) }],
    ['its iat is in the future.', { iat: nowIn(90), exp: nowIn(180) }],
    ['its prn is missing or wrong.', { prn: undefined }],
    ['its prn or its nce is no name.', { prn: '' }],
    ['its prn or its nce is no name.', { prn: 'layer:///identities/%zz' }],
    ['its prn or its nce is no name.', { prn: 'layer:///identities/%00' }],
    ['its prn is no text of at most 255 characters.', { prn: 'x'.repeat(256) }],
    ['its prn is no text of at most 255 characters.', { prn: 7 }],
    ['its prn is no text of at most 255 characters.', { prn: 'a\u0000' }],
    ['its nce is no text of at most 255 characters.', { nce: ['x'] }],
    ['its nce is missing or wrong.', { nce: undefined }],
    ['its first_name is no text of at most 255 characters.', { first_name: 'x'.repeat(256) }],
    ['its display_name is no text of at most 255 characters.', { display_name: {} }],
    ['its avatar_url is no text of at most 2048 characters.', { avatar_url: 'x'.repeat(2_049) }],
  ])('is refused where %s', async (because, claims) => {
    const text = new SignJWT({ prn: 'mallory', nce: await app.nonce(), iat: nowIn(0), exp: nowIn(60), ...claims });
    expectRefusedToken(
      await open(await text.setProtectedHeader({ alg: 'ES256', kid: app.kid }).sign(app.privateKey)),
      because,
    );
    expect(await mallory()).toEqual([]);
  });

  it.each(['iat', 'exp'])('must say its %s', async (claim) => {
    const claims: JWTPayload = { prn: 'mallory', nce: await app.nonce(), iat: nowIn(0), exp: nowIn(60) };
    delete claims[claim];
    const token = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: app.kid });
    expectRefusedToken(await open(await token.sign(app.privateKey)), `its ${claim} is missing or wrong.`);
  });

  it('may be late by as much as clocks differ', async () => {
    const claims = { prn: 'jane', nce: await app.nonce(), iat: nowIn(15), exp: nowIn(-15) };
    const token = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: app.kid });
    expect((await open(await token.sign(app.privateKey))).status).toBe(201);
  });

  it('must not be of another kind', async () => {
    expectRefusedToken(await open(await sign({ cty: 'layer-eit;v=2' })), 'its cty is not layer-eit;v=1.');
  });

  it.each(['x', 'a.b.c', '..', 'e30.e30.e30', base64url('{}')])('must be a JWT: %s', async (text) => {
    expectRefusedToken(await open(text), 'it is no signed JWT.');
  });

  it('must be small', async () => {
    const answer = await open(await app.identityToken('jane', { junk: 'x'.repeat(8_192) }));
    expect([answer.status, answer.body.code, answer.body.data]).toEqual([422, 105, { property: 'identity_token' }]);
  });
});
