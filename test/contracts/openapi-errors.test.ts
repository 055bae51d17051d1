import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { givenTeams, type TestCaller } from '../support/engagement.js';
import { accepted, call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { engagementOperations, operations, type Operation } from '../support/truth.js';

const server = useServer();
const given = givenOn(() => server);

let acme: TestClient;
let narrow: TestClient;
let owner: TestCaller;
/** Without the scope of anything but models, and without that. */
let scopeless: TestCaller;
let withoutAi: TestCaller;
beforeAll(async () => {
  acme = await given.client();
  narrow = await given.client({ scopes: ['announcements:write'] });
  const team = await givenTeams(() => server).team();
  [owner, scopeless] = [team.owner, await team.token('owner', ['ai'])];
  withoutAi = await team.token('owner', ['tags']);
});

const NOBODY = 'email1=nobody@example.com&email2=noone@example.com';
const TO_NOBODY = {
  sender_email: 'nobody@example.com',
  recipient_email: 'noone@example.com',
  type: 'text',
  content: 'Hello',
};
const ENDPOINT = { url: 'https://example.com/webhooks', events: ['*'] };

const newIdentityKey = (): object => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { algorithm: 'ES256', public_key: publicKey.export({ type: 'spki', format: 'pem' }) };
};

const asOperator = (method: string, path: string, body?: unknown): Promise<Reply> =>
  call(`${server.url}/admin/v1/clients${path}`, method, body, { authorization: `Bearer ${ADMIN_KEY}` });

interface Shown {
  readonly content?: Readonly<Record<string, { readonly example?: { readonly error: string; readonly code: string } }>>;
}

/** The text and code that the document shows for this status. */
function exampleOf(operation: Operation, status: string): object {
  const { error, code } = (operation.responses[status] as Shown).content!['application/json']!.example!;
  return { error, code };
}

const shown = ({ status, body }: Reply): object => ({ status, error: body?.error, code: body?.code });
const byId = (id: string): Operation => operations.find(({ operation }) => operation.operationId === id)!.operation;

/** The path with the examples of the document, which name nothing of this client. */
const pathOf = (path: string, operation: Operation): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const schema = operation.parameters?.find((one) => one.name === name)?.schema as { example?: string };
    return String(schema.example);
  });

const ofClient = operations.filter(({ path }) => path.startsWith('/api/v1/'));
const named = (all: typeof operations) => all.map((one) => [one.operation.operationId, one] as const);
const missing = ofClient.filter(({ method, path, operation }) => {
  const asks = operation.parameters?.some((one) => one.in === 'query' && one.required) ?? false;
  return ['GET', 'DELETE'].includes(method) && path.includes('_id}') === false && path.includes('{id}') && !asks;
});
const scoped = ofClient.filter(({ operation }) => {
  const scope = (operation as { 'x-required-scope'?: string })['x-required-scope'];
  return scope !== undefined && scope !== 'announcements:write';
});

describe('The example of an error', () => {
  it('is there to be looked at', () => {
    expect(missing.length).toBeGreaterThan(10);
    expect(scoped.length).toBeGreaterThan(40);
  });

  it.each(named(missing))('is what %s answers where there is nothing', async (_, { method, path, operation }) => {
    const reply = await acme.send(method, pathOf(path, operation));
    expect(shown(reply)).toEqual({ status: 404, ...exampleOf(operation, '404') });
  });

  it.each(named(scoped))('is what %s answers a key without its scope', async (_, { method, path, operation }) => {
    const reply = await narrow.send(method, pathOf(path, operation), method === 'GET' ? undefined : {});
    expect(shown(reply)).toEqual({ status: 403, ...exampleOf(operation, '403') });
  });

  it.each<[string, () => Promise<Reply>]>([
    ['channelsListByEmail', () => acme.send('GET', '/api/v1/channels/by-email?email=nobody@example.com')],
    ['messagesListBetween', () => acme.send('GET', `/api/v1/messages/between?${NOBODY}`)],
    ['messagesSendToCustomer', () => acme.send('POST', '/api/v1/messages/send-to-customer', TO_NOBODY)],
    ['pushCredentialsGet', () => acme.send('GET', '/api/v1/push_credentials/apns')],
    ['adminClientsGet', () => asOperator('GET', `/${formatId('client', randomUUID())}`)],
    ['adminClientsUpdate', () => asOperator('PATCH', `/${formatId('client', randomUUID())}`, { domain: 'acme.com' })],
  ])('is what %s answers where a body, a query or the operator names nothing', async (id, ask) => {
    expect(shown(await ask())).toEqual({ status: 404, ...exampleOf(byId(id), '404') });
  });

  it.each<[string, () => Promise<Reply>]>([
    ['webhookEndpointsCreate', () => acme.send('POST', '/api/v1/webhook_endpoints', ENDPOINT)],
    ['adminIdentityKeysCreate', () => asOperator('POST', `/${acme.id}/identity_keys`, newIdentityKey())],
  ])('is what %s answers to one more than twenty', async (id, ask) => {
    for (let made = 0; made < 20; made += 1) {
      accepted(await ask());
    }
    expect(shown(await ask())).toEqual({ status: 409, ...exampleOf(byId(id), '409') });
  });

  const ofWorkspace = engagementOperations.filter(
    ({ operation }) => (operation as { 'x-required-scope'?: string })['x-required-scope'] !== undefined,
  );
  const shownBy = (operation: Operation, status: string): unknown =>
    (operation.responses[status] as unknown as { content: { 'application/json': { example: unknown } } }).content[
      'application/json'
    ].example;
  const ofEngagement = (caller: TestCaller, { method, path, operation }: (typeof operations)[number]): Promise<Reply> =>
    caller.send(
      method,
      path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '4242424242'),
      operation.requestBody === undefined ? undefined : {},
    );

  it.each(named(ofWorkspace))('is what %s answers a token without its scope', async (_, one) => {
    const { status, body } = await ofEngagement(one.path.startsWith('/api/v1/ai/') ? withoutAi : scopeless, one);
    expect([status, body]).toEqual([403, shownBy(one.operation, '403')]);
  });

  // Deleting a canned response that is not there is no error.
  const single = ofWorkspace.filter(
    ({ method, path, operation }) =>
      ['GET', 'DELETE'].includes(method) &&
      path.includes('{id}') &&
      operation.requestBody === undefined &&
      !/cannedResponsesDelete|Note$/.test(operation.operationId),
  );
  it.each(named(single))('is what %s answers where the workspace has none', async (_, one) => {
    const { status, body } = await ofEngagement(owner, one);
    expect([status, body]).toEqual([404, shownBy(one.operation, '404')]);
  });
});
