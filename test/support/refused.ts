import { expect } from '@jest/globals';
import type { ErrorCode } from '../../src/platform/common/errors/error-codes.js';
import type { Reply } from './given.js';

/** A link to the entry of this code, on whichever server. */
export function docUrl(code: ErrorCode): unknown {
  return expect.stringMatching(new RegExp(`^https?://[\\w.:-]+/docs/errors#${code}$`));
}

/** Holds that the answer is a 422 on this field and no other. */
export function expectInvalid({ status, body }: Reply, field: string, text: unknown = expect.any(String)): void {
  expect({ status, body }).toEqual({
    status: 422,
    body: {
      message: 'The given data was invalid.',
      errors: { [field]: [text] },
      code: 'invalid',
      doc_url: docUrl('invalid'),
      request_id: expect.any(String),
    },
  });
}

/** Holds that the answer is a 404 that says exactly this. */
export function expectMissing({ status, body }: Reply, error: string): void {
  expect({ status, body }).toEqual({
    status: 404,
    body: { error, code: 'not_found', doc_url: docUrl('not_found'), request_id: expect.any(String) },
  });
}
