import { describe, expect, it } from '@jest/globals';
import { requestIdFrom } from './request-id.js';

describe('requestIdFrom', () => {
  it.each(['a', 'my-id_42', 'x'.repeat(64)])('keeps %s', (id) => expect(requestIdFrom(id)).toBe(id));

  it.each([undefined, '', 'x'.repeat(65), 'a b', 'a\nb', 'a\n', '<script>', 'é', ['a'], ['a', 'b']])(
    'makes a new one in place of %j',
    (id) => expect(requestIdFrom(id)).toMatch(/^req_[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/),
  );

  it('makes each one new', () => expect(requestIdFrom('')).not.toBe(requestIdFrom('')));
});
