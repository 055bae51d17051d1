import { expect } from '@jest/globals';
import type { Reply } from './given.js';

/** Holds that the answer is a 422 on this field and no other. */
export function expectInvalid({ status, body }: Reply, field: string, text: unknown = expect.any(String)): void {
  expect({ status, body }).toEqual({
    status: 422,
    body: {
      message: 'The given data was invalid.',
      errors: { [field]: [text] },
      code: 'invalid',
      request_id: expect.any(String),
    },
  });
}

/** Holds that the answer is a 404 that says exactly this. */
export function expectMissing({ status, body }: Reply, error: string): void {
  expect({ status, body }).toEqual({
    status: 404,
    body: { error, code: 'not_found', request_id: expect.any(String) },
  });
}
