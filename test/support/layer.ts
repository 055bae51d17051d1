import { expect } from '@jest/globals';
import { exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { identityUri } from '../../src/dialects/layer/layer-id.js';
import { LAYER_ERRORS, type LayerErrorId } from '../../src/dialects/layer/layer-refusal.js';
import { ADMIN_KEY } from './settings.js';
import { accepted, call, type Reply, type TestClient } from './given.js';

export const ACCEPT = 'application/vnd.layer+json; version=3.0';
/** What a page of the client sends with each request. */
const PAGE = { accept: ACCEPT, origin: 'https://example.com' };

/** One user of an app, as Layer's SDKs speak for it; each answer is held against the OpenAPI document. */
export interface LayerSession {
  readonly userId: string;
  /** `layer:///identities/…` */
  readonly identity: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  /** @param path after `/layer` */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

/** A client that speaks Layer, and its own server, which knows who its users are. */
export interface LayerApp {
  readonly client: TestClient;
  readonly appId: string;
  /** The `kid` of its tokens. */
  readonly kid: string;
  readonly privateKey: CryptoKey;
  nonce(): Promise<string>;
  /** An identity token, good for a session; `claims` beside or instead of the usual ones. */
  identityToken(userId: string, claims?: JWTPayload): Promise<string>;
  session(userId: string, claims?: JWTPayload): Promise<LayerSession>;
  /** Without a session. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

/** Gives a client an ES256 key, and ways to speak for its users. */
export async function layerApp(server: () => { readonly url: string }, client: TestClient): Promise<LayerApp> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = `${server().url}/admin/v1/clients/${client.id}/identity_keys`;
  const body = { algorithm: 'ES256', public_key: await exportSPKI(publicKey) };
  const { kid } = accepted(await call(keys, 'POST', body, { authorization: `Bearer ${ADMIN_KEY}` })).body;
  const appId = `layer:///apps/staging/${client.uuid}`;

  const sending =
    (own: Record<string, string>): LayerApp['send'] =>
    (method, path, body, headers) =>
      call(`${server().url}/layer${path}`, method, body, { ...own, ...headers });
  const send = sending(PAGE);
  const nonce = async (): Promise<string> => (await send('POST', '/nonces')).body.nonce;

  const identityToken: LayerApp['identityToken'] = async (userId, claims = {}) =>
    new SignJWT({ iss: 'acme', prn: userId, nce: 'nce' in claims ? null : await nonce(), ...claims })
      .setProtectedHeader({ typ: 'JWT', alg: 'ES256', cty: 'layer-eit;v=1', kid })
      .setIssuedAt(claims.iat)
      .setExpirationTime(claims.exp ?? '5 minutes')
      .sign(privateKey);

  const session: LayerApp['session'] = async (userId, claims) => {
    const body = { identity_token: await identityToken(userId, claims), app_id: appId };
    const answer = await send('POST', '/sessions', body);
    if (answer.status !== 201) {
      throw new Error(`No session: ${answer.status} ${answer.text}`);
    }
    const token: string = answer.body.session_token;
    const headers = { ...PAGE, authorization: `Layer session-token="${token}"` };
    return { userId, identity: identityUri(userId), token, headers, send: sending(headers) };
  };

  return { client, appId, kid, privateKey, nonce, identityToken, session, send };
}

/** Holds that the answer is this error of Layer's, and no other. */
export function expectLayerError({ status, body }: Reply, id: LayerErrorId, data?: unknown): void {
  expect({ status, body }).toEqual({
    status: LAYER_ERRORS[id].status,
    body: {
      id,
      code: LAYER_ERRORS[id].code,
      message: expect.any(String),
      url: expect.stringMatching(/\/docs\?urls\.primaryName=Layer$/),
      ...(data === undefined ? {} : { data }),
    },
  });
}

/** Holds that an identity token is refused, and why. */
export function expectRefusedToken(answer: Reply, because: string): void {
  expectLayerError(answer, 'invalid_property', { property: 'identity_token' });
  expect(answer.body.message).toBe(`The identity_token is not valid: ${because}`);
}

/** Holds that the answer tells a nonce to get a session with. */
export function expectChallenge(answer: Reply): void {
  expectLayerError(answer, 'authentication_required', { nonce: expect.any(String) });
  expect(answer.headers.get('www-authenticate')).toBe('Layer');
}
