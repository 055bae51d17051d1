import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer, type Http2Session } from 'node:http2';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSPKI, jwtVerify } from 'jose';
import { localhostCertificate } from './certificate.js';
import type { TestClient } from './given.js';

/** What a provider was sent. */
export interface Sent {
  /** Of the device. */
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  // What a body holds is what the tests are about.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** How a provider answers; `hang` never does. */
export type Reply = { readonly status: number; readonly body?: object; readonly headers?: object } | 'hang';
export type Answer = (sent: Sent) => Reply;
const OK: Answer = () => ({ status: 200, body: {} });

/** A provider on this machine, which speaks as the real one does and lets in only who has the right credentials. */
export interface Provider {
  readonly all: Sent[];
  /** How each is answered from now on. */
  answer: Answer;
  /** To this device. */
  to(token: string): Sent[];
  /** Entrusts what is needed there to us. */
  setUp(client: TestClient): Promise<void>;
  close(): Promise<void>;
}

const put = async (client: TestClient, provider: string, body: object): Promise<void> => {
  const { status, text } = await client.send('PUT', `/api/v1/push_credentials/${provider}`, body);
  if (status !== 200) {
    throw new Error(text);
  }
};

async function textOf(request: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function listening(server: Server | Http2SecureServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export const apnsToken = (): string => randomBytes(32).toString('hex');

/** Apple's: HTTP/2 over TLS, with a token of ES256. */
export async function apple(): Promise<Provider & { readonly settings: Record<string, string>; readonly key: string }> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const all: Sent[] = [];
  const self = { answer: OK };
  const sessions = new Set<Http2Session>();
  const server = createSecureServer(localhostCertificate);
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    void (async () => {
      const bearer = String(headers.authorization).replace(/^bearer /, '');
      const jwt = await jwtVerify(bearer, await importSPKI(publicKey, 'ES256'), { issuer: 'TEAM567890' });
      const [, token] = /^\/3\/device\/(.+)$/.exec(String(headers[':path']))!;
      const body: unknown = JSON.parse((await textOf(stream)).toString());
      const sent = { token: token!, headers: { ...headers, kid: jwt.protectedHeader.kid } as never, body };
      all.push(sent);
      const reply = self.answer(sent);
      if (reply !== 'hang' && !stream.destroyed) {
        stream.respond({ ':status': reply.status, ...reply.headers });
        stream.end(reply.status === 200 ? '' : JSON.stringify(reply.body ?? {}));
      }
    })().catch((error: Error) => {
      stream.respond({ ':status': 403 });
      stream.end(JSON.stringify({ reason: error.message }));
    });
  });
  const port = await listening(server);
  const ca = join(mkdtempSync(join(tmpdir(), 'parlance-ca-')), 'ca.pem');
  writeFileSync(ca, localhostCertificate.cert);
  return Object.assign(self, {
    all,
    key: privateKey,
    settings: { APNS_URL: `https://localhost:${port}`, APNS_CA: ca },
    to: (token: string) => all.filter((sent) => sent.token === token),
    setUp: (client: TestClient) =>
      put(client, 'apns', {
        ...{ key: privateKey, key_id: 'KEY1234567', team_id: 'TEAM567890' },
        ...{ bundle_id: 'com.example.chat', production: false },
      }),
    close: async () => {
      sessions.forEach((session) => session.destroy());
      server.close();
      await once(server, 'close');
    },
  });
}

/** Google's: a service account gets a token, which lets it send. */
export async function google(): Promise<
  Provider & { readonly settings: Record<string, string>; readonly account: object; readonly tokensGiven: () => number }
> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const email = 'push@example-chat.iam.gserviceaccount.com';
  const access = randomBytes(16).toString('hex');
  const all: Sent[] = [];
  const self = { answer: OK };
  let given = 0;
  const speak = async (request: IncomingMessage): Promise<Reply> => {
    const text = (await textOf(request)).toString();
    if (request.url === '/token') {
      const key = await importSPKI(publicKey, 'RS256');
      await jwtVerify(new URLSearchParams(text).get('assertion')!, key, { issuer: email });
      given += 1;
      return { status: 200, body: { access_token: access, token_type: 'Bearer', expires_in: 3_600 } };
    }
    if (request.headers.authorization !== `Bearer ${access}`) {
      return { status: 401, body: { error: { status: 'UNAUTHENTICATED' } } };
    }
    if (request.url !== '/v1/projects/example-chat/messages:send') {
      return { status: 404, body: { error: { status: 'NOT_FOUND' } } };
    }
    const { message } = JSON.parse(text) as { message: { token: string } };
    const sent = { token: message.token, headers: request.headers as Record<string, string>, body: message };
    all.push(sent);
    return self.answer(sent);
  };
  const server = plainServer(speak);
  const port = await listening(server);
  const account = {
    ...{ type: 'service_account', project_id: 'example-chat', client_email: email, private_key: privateKey },
    token_uri: 'http://169.254.169.254/',
  };
  return Object.assign(self, {
    all,
    account,
    tokensGiven: () => given,
    settings: { FCM_URL: `http://127.0.0.1:${port}`, FCM_TOKEN_URL: `http://127.0.0.1:${port}/token` },
    to: (token: string) => all.filter((sent) => sent.token === token),
    setUp: (client: TestClient) => put(client, 'fcm', { service_account: account }),
    close: () => closed(server),
  });
}

export interface Subscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A push service of a browser's, which reads along what was encrypted for its subscriptions. */
export async function browser(): Promise<Provider & { subscribe(): Subscription; readonly vapid: object }> {
  const decrypt = createRequire(import.meta.url)('http_ece').decrypt as (body: Buffer, options: object) => Buffer;
  const vapid = createECDH('prime256v1');
  vapid.generateKeys();
  const publicKey = vapid.getPublicKey('base64url');
  const browsers = new Map<string, { readonly key: ReturnType<typeof createECDH>; readonly auth: string }>();
  const all: Sent[] = [];
  const self = { answer: OK };
  const server = plainServer(async (request) => {
    const body = await textOf(request);
    const token = `${origin}${request.url}`;
    const [, jwt, key] = /^vapid t=(.+), k=(.+)$/.exec(request.headers.authorization!)!;
    const point = Buffer.from(key!, 'base64url');
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
    const jwk = { kty: 'EC', crv: 'P-256', x: x!, y: y! };
    await jwtVerify(jwt!, jwk, { audience: origin, subject: 'mailto:push@example.com' });
    if (key !== publicKey) {
      return { status: 403 };
    }
    const { key: privateKey, auth } = browsers.get(token)!;
    const text = decrypt(body, { version: 'aes128gcm', privateKey, authSecret: auth }).toString();
    const sent = { token, headers: request.headers as Record<string, string>, body: JSON.parse(text) as unknown };
    all.push(sent);
    return self.answer(sent);
  });
  const origin = `http://127.0.0.1:${await listening(server)}`;
  const credentials = {
    ...{ subject: 'mailto:push@example.com', public_key: publicKey },
    // A number that begins with zeros is written shorter.
    private_key: Buffer.from(vapid.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url'),
  };
  return Object.assign(self, {
    all,
    vapid: credentials,
    to: (token: string) => all.filter((sent) => sent.token === token),
    subscribe: () => {
      const key = createECDH('prime256v1');
      key.generateKeys();
      const auth = randomBytes(16).toString('base64url');
      const endpoint = `${origin}/${randomBytes(16).toString('hex')}`;
      browsers.set(endpoint, { key, auth });
      return { endpoint, keys: { p256dh: key.getPublicKey('base64url'), auth } };
    },
    setUp: (client: TestClient) => put(client, 'webpush', credentials),
    close: () => closed(server),
  });
}

function plainServer(speak: (request: IncomingMessage) => Promise<Reply>): Server {
  return createServer((request, response) => {
    void speak(request)
      .catch((error: Error): Reply => ({ status: 403, body: { error: { status: error.message } } }))
      .then((reply) => {
        if (reply !== 'hang') {
          const headers = { 'content-type': 'application/json', ...reply.headers };
          response.writeHead(reply.status, headers).end(JSON.stringify(reply.body ?? {}));
        }
      });
  });
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
