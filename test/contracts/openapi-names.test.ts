import { describe, expect, it } from '@jest/globals';
import { layerOperations, operations } from '../support/truth.js';

/** What an operation may be called: camelCase, in words that go with what it does. */
const METHOD_NAMES: Readonly<Record<string, RegExp>> = {
  GET: /^[a-z][A-Za-z]+(Check|Get|List|Ping)([A-Z][a-z]+)*$/,
  POST: /^[a-z][A-Za-z]+(Add|Authorize|Create|Mark|Recover|Register|Retry|Rotate|Send|Test)([A-Z][a-z]+)*$/,
  PATCH: /^[a-z][A-Za-z]+Update$/,
  PUT: /^[a-z][A-Za-z]+(Add|Set[A-Z][A-Za-z]+)$/,
  DELETE: /^[a-z][A-Za-z]+(Delete|Disable|Remove|Revoke)(All)?$/,
};

describe('Every operation', () => {
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
