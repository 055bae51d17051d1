import { randomUUID } from 'node:crypto';
import { createParlance, type Parlance } from '../../client/parlance.js';
import type { components } from '../../client/schema.d.js';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { ADMIN_KEY } from './settings.js';
import { holdAgainstDocument } from './truth.js';

type Schemas = components['schemas'];
export type Customer = Schemas['Customer'];
export type Channel = Schemas['Channel'];
export type Message = Schemas['Message'];

/** A tenant of a test's own, and ways to speak as it. */
export interface TestClient {
  readonly id: string;
  readonly uuid: string;
  readonly publicKey: string;
  readonly secretKey: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The generated client; each answer is held against the OpenAPI document. */
  readonly api: Parlance;
  /** The same by hand, for what the generated client's types forbid. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

/** The browser of one customer: what a session lets it send. */
export interface TestSession {
  readonly id: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // What a body holds is what the tests are about.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** `fetch`, with every answer held against the OpenAPI document. */
export const truthfulFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const response = await fetch(request);
  await holdAgainstDocument(request.method, request.url, response);
  return response;
};

/** Sends `body` as JSON unless it is a string or bytes already, and reads the answer. */
export async function call(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await truthfulFetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: (raw ? body : JSON.stringify(body)) as string }),
  });
  const text = await response.text();
  const isJson = text !== '' && response.headers.get('content-type')?.startsWith('text/') !== true;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

/** What the tests start from, made through the API itself. */
export function given(server: () => { readonly url: string }) {
  const asOperator = async (path: string, body: unknown): Promise<Reply> =>
    accepted(await call(`${server().url}/admin/v1${path}`, 'POST', body, { authorization: `Bearer ${ADMIN_KEY}` }));

  const client = async (
    options: Partial<Schemas['CreateClient']> & { readonly scopes?: readonly string[] } = {},
  ): Promise<TestClient> => {
    const { scopes, ...rest } = options;
    const made = (await asOperator('/clients', { name: 'Acme', domain: 'example.com', ...rest })).body;
    const key = scopes ? (await asOperator(`/clients/${made.id}/keys`, { name: 'narrow', scopes })).body : made;
    return testClient(server().url, parseId('client', made.id)!, made.public_key, key.secret_key);
  };

  const customer = async (of: TestClient, name = 'John Doe'): Promise<Customer> => {
    const email = `${randomUUID()}@example.com`;
    return must(await of.api.POST('/api/v1/customers', { body: { name, email } }));
  };

  const channel = async (of: TestClient, customers: readonly Customer[], name = 'Team'): Promise<Channel> => {
    const customer_uuids = customers.map(({ id }) => id);
    return must(await of.api.POST('/api/v1/channels', { body: { type: 'custom', name, customer_uuids } }));
  };

  /** A channel of two new customers. */
  const pair = async (of: TestClient) => {
    const [john, jane] = [await customer(of, 'John'), await customer(of, 'Jane')];
    return { john, jane, channel: await channel(of, [john, jane]) };
  };

  const message = async (of: TestClient, to: Channel, from: Customer, content = 'Hello'): Promise<Message> => {
    const body = { channel_uuid: to.id, sender_uuid: from.id, type: 'text' as const, content };
    return must(await of.api.POST('/api/v1/messages', { body }));
  };

  const session = async (of: TestClient, { id: customerId }: Customer): Promise<TestSession> => {
    const path = '/api/v1/customers/{id}/sessions';
    const { id, token } = must(await of.api.POST(path, { params: { path: { id: customerId } }, body: {} }));
    const headers = { authorization: `Bearer ${token}`, origin: 'https://example.com' };
    const send: TestSession['send'] = (method, to, body, extra) =>
      call(`${server().url}${to}`, method, body, { ...headers, ...extra });
    return { id, token, headers, send };
  };

  return { client, customer, channel, pair, message, session };
}

export function testClient(url: string, uuid: string, publicKey: string, secretKey: string): TestClient {
  const origin = 'https://example.com';
  const headers = { authorization: `Bearer ${secretKey}`, 'x-public-key': publicKey, origin };
  return {
    id: formatId('client', uuid),
    uuid,
    publicKey,
    secretKey,
    headers,
    api: createParlance({ baseUrl: url, publicKey, secretKey, origin, fetch: truthfulFetch }),
    send: (method, path, body, extra) => call(`${url}${path}`, method, body, { ...headers, ...extra }),
  };
}

/** The body of an answer that has to be a success. */
export function must<T>(answer: { readonly data?: T; readonly error?: unknown; readonly response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

/** The same of an answer that was asked for by hand: a step that fails must not leave its test with nothing to test. */
export function accepted(reply: Reply): Reply {
  if (reply.status < 200 || reply.status > 299) {
    throw new Error(`${reply.status}: ${reply.text}`);
  }
  return reply;
}
