import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { document, engagementDocument, layerDocument, layerOperations, operations } from '../support/truth.js';

/** What an operation may be called: camelCase, in words that go with what it does. */
const METHOD_NAMES: Readonly<Record<string, RegExp>> = {
  GET: /^[a-z][A-Za-z]+(Check|Get|List|Ping)([A-Z][a-z]+)*$/,
  POST: /^[a-z][A-Za-z]+(Add|Authorize|Create|Mark|Recover|Register|Retry|Rotate|Send|Test)([A-Z][a-z]+)*$/,
  PATCH: /^[a-z][A-Za-z]+Update$/,
  PUT: /^[a-z][A-Za-z]+(Add|Set[A-Z][A-Za-z]+)$/,
  DELETE: /^[a-z][A-Za-z]+(Delete|Disable|Remove|Revoke)(All)?$/,
};

describe('Every schema', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const inSource = files.flatMap((file) =>
    [...readFileSync(`src/${file}`, 'utf8').matchAll(/class (\w+Dto)\b/g)].map(([, name]) => name!),
  );

  it.each([
    ['the core', document],
    ['Layer', layerDocument],
    ['engagement', engagementDocument],
  ])('of %s has a name that makes a good type', (_, { components }) => {
    for (const name of Object.keys(components.schemas)) {
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
      // `Error` is a type that most languages have.
      expect(name).not.toMatch(/Dto|^Layer|^Error$/);
    }
  });

  it.each([
    ['the core', document],
    ['Layer', layerDocument],
    ['engagement', engagementDocument],
  ])('of %s says what can be null and what is constant in the words of OpenAPI 3.1', (_, one) => {
    expect(one).toMatchObject({ openapi: '3.1.0' });
    const text = JSON.stringify(one);
    expect(text).not.toContain('"nullable"');
    // An enum of one value, or of null.
    expect(text).not.toMatch(/"enum":\[[^,\]]*\]/);
  });

  it('is made of one class', () => {
    expect(inSource.length).toBeGreaterThan(80);
    expect(inSource.filter((name, at) => inSource.indexOf(name) < at)).toEqual([]);
  });

  it('can be null in another', () => {
    expect(document.components.schemas.MemberChannel!.properties).toMatchObject({
      object: { type: 'string', const: 'channel' },
      last_message: { anyOf: [{ $ref: '#/components/schemas/Message' }, { type: 'null' }] },
    });
    expect(layerDocument.components.schemas.Conversation!.properties).toMatchObject({
      last_message: { anyOf: [{ $ref: '#/components/schemas/Message' }, { type: 'null' }] },
    });
  });

  it('that is a list is called for what it lists', () => {
    const lists = Object.entries(document.components.schemas).filter(
      ([, { properties = {} }]) => 'has_more' in properties,
    );
    expect(lists.map(([name]) => name).sort()).toEqual(
      'ActiveCustomer AdminClient ApiKey Channel Conversation Customer Device Event IdentityKey MemberChannel Message MessageReceipt WebhookDelivery WebhookEndpoint'
        .split(' ')
        .map((name) => `${name}List`),
    );
    expect(document.components.schemas.MessageList!.properties).toMatchObject({
      data: { type: 'array', items: { $ref: '#/components/schemas/Message' } },
    });
  });
});

describe('Every operation', () => {
  it('takes parameters that are there or not, but never null', () => {
    const all = [...operations, ...layerOperations].flatMap(({ operation }) => operation.parameters ?? []);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(({ schema }) => JSON.stringify(schema).includes('null'))).toEqual([]);
  });

  it.each([
    ['the core', operations],
    ['Layer', layerOperations],
  ])('of %s has a name of its own that makes a good method: resource and verb', (_, all) => {
    const ids = all.map(({ operation }) => operation.operationId.toLowerCase());
    expect(new Set(ids).size).toBe(ids.length);
    for (const { method, operation } of all) {
      expect([method, operation.operationId]).toEqual([method, expect.stringMatching(METHOD_NAMES[method]!)]);
    }
  });
});
