import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../support/given.js';
import { useServer } from '../support/server.js';
import { operations, type Operation } from '../support/truth.js';

const server = useServer();
const given = givenOn(() => server);

let acme: TestClient;
let narrow: TestClient;
beforeAll(async () => {
  acme = await given.client();
  narrow = await given.client({ scopes: ['announcements:write'] });
});

interface Shown {
  readonly content?: Readonly<Record<string, { readonly example?: { readonly error: string; readonly code: string } }>>;
}

const exampleOf = (operation: Operation, status: string) =>
  (operation.responses[status] as Shown | undefined)?.content?.['application/json']?.example;

/** The path with the examples of the document, which name nothing of this client. */
const pathOf = (path: string, operation: Operation): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const schema = operation.parameters?.find((one) => one.name === name)?.schema as { example?: string };
    return String(schema.example);
  });

const ofClients = operations.filter(({ path }) => path.startsWith('/api/v1/'));
const named = (all: typeof operations) => all.map((one) => [one.operation.operationId, one] as const);
const missing = ofClients.filter(({ method, path, operation }) => {
  const asks = operation.parameters?.some((one) => one.in === 'query' && one.required) ?? false;
  return ['GET', 'DELETE'].includes(method) && path.includes('_id}') === false && path.includes('{id}') && !asks;
});
const scoped = ofClients.filter(({ operation }) => {
  const scope = (operation as { 'x-required-scope'?: string })['x-required-scope'];
  return scope !== undefined && scope !== 'announcements:write';
});

describe('The example of an error', () => {
  it('is there to be looked at', () => {
    expect(missing.length).toBeGreaterThan(10);
    expect(scoped.length).toBeGreaterThan(40);
  });

  it.each(named(missing))('is what %s answers where there is nothing', async (_, { method, path, operation }) => {
    const { status, body } = await acme.send(method, pathOf(path, operation));
    const { error, code } = exampleOf(operation, '404')!;
    expect({ status, error: body?.error, code: body?.code }).toEqual({ status: 404, error, code });
  });

  it.each(named(scoped))('is what %s answers a key without its scope', async (_, { method, path, operation }) => {
    const { status, body } = await narrow.send(method, pathOf(path, operation), method === 'GET' ? undefined : {});
    const { error, code } = exampleOf(operation, '403')!;
    expect({ status, error: body.error, code: body.code }).toEqual({ status: 403, error, code });
  });
});
