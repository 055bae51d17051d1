/** What a request can be refused for, and the status that says so. */
export const STATUSES = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  timed_out: 408,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  expectation_failed: 417,
  invalid: 422,
  upgrade_required: 426,
  rate_limited: 429,
  headers_too_large: 431,
  failed: 500,
  unavailable: 503,
} as const;
export type RefusalKind = keyof typeof STATUSES;

interface ErrorCodeEntry {
  readonly kind: RefusalKind;
  readonly cause: string;
  readonly cure: string;
}

/**
 * Every `code` of the core, in the order of their statuses. The API document's enum, docs/errors.md and the page that each
 * error's `doc_url` leads to are made of it.
 */
export const ERROR_CODES = {
  malformed: {
    kind: 'malformed',
    cause:
      'The request cannot be read: invalid JSON, invalid UTF-8, a path that cannot be decoded, a missing or malformed `Host` or `Idempotency-Key` header, or an upload that broke off.',
    cure: 'Correct what `error` names. The same request fails again.',
  },
  idempotency_key_not_taken: {
    kind: 'malformed',
    cause:
      'An `Idempotency-Key` was sent to an operation whose answer shows a secret once. Such answers are never stored.',
    cure: 'Send the request without the header. If the answer gets lost, create another secret and revoke the lost one.',
  },
  unauthorized: {
    kind: 'unauthorized',
    cause:
      'The secret key, the public key, the session token or the `Origin` is missing, wrong, expired or revoked. `error` says which.',
    cure: 'Compare `Authorization`, `X-Public-Key` and `Origin` with the keys and the domain of the client. For an expired session, create a new one on your server.',
  },
  forbidden: {
    kind: 'forbidden',
    cause:
      'The credentials are right but do not allow this: the key lacks the scope, the address is not one of the client’s `allowed_ips`, the operation is not for customer sessions, or a signed URL has expired.',
    cure: 'Use a key with the scope that `error` names, call from an allowed address, or ask for a new signed URL.',
  },
  not_found: {
    kind: 'not_found',
    cause: 'There is no such route or object. An object of another client answers in the same way.',
    cure: 'Check the path and the id, and that the keys belong to the client (test or live) which owns the object.',
  },
  method_not_allowed: {
    kind: 'method_not_allowed',
    cause: 'The path exists, but not with this method.',
    cure: 'Use one of the methods in the `Allow` header of the answer.',
  },
  request_timeout: {
    kind: 'timed_out',
    cause: 'The request did not arrive in time: 10 seconds for its headers, 30 seconds for all of it.',
    cure: 'Send it again, on a new connection.',
  },
  id_in_use: {
    kind: 'conflict',
    cause:
      'The `id` that the request gives to a new object belongs to another one. `data` shows that one, if you may read it.',
    cure: 'If this repeats an earlier request of yours, take `data` as its answer. Otherwise use a new id.',
  },
  idempotency_key_in_use: {
    kind: 'conflict',
    cause: 'Another request with the same `Idempotency-Key` is still running.',
    cure: 'Wait for the seconds in `Retry-After` and send the same request with the same key again.',
  },
  limit_reached: {
    kind: 'conflict',
    cause: 'The client has as many objects of this kind as it may have. `error` gives the number.',
    cure: 'Delete those that are not needed any more.',
  },
  already_exists: {
    kind: 'conflict',
    cause: 'What the request creates is there already, and may be there only once. `error` says what it is.',
    cure: 'Use the one that is there.',
  },
  already_uploaded: {
    kind: 'conflict',
    cause: 'The bytes of this file have been uploaded before. A file never changes.',
    cure: 'Use the file as it is, or create another one for other bytes.',
  },
  precondition_failed: {
    kind: 'precondition_failed',
    cause: 'A condition in the headers, such as `If-Match`, does not hold for the file.',
    cure: 'Download the file again from its beginning, without the condition.',
  },
  too_large: {
    kind: 'too_large',
    cause: 'The body is larger than 256 KB, counted after decompression.',
    cure: 'Send less at once. Upload large content as a file.',
  },
  unsupported_media_type: {
    kind: 'unsupported_media_type',
    cause: 'The body is not `application/json` in UTF-8, or its `Content-Encoding` is not `gzip`, `deflate` or `br`.',
    cure: 'Send JSON with `Content-Type: application/json`.',
  },
  range_not_satisfiable: {
    kind: 'range_not_satisfiable',
    cause: 'The `Range` header asks for bytes that the file does not have.',
    cure: 'Ask for a range within the file’s `size`.',
  },
  expectation_failed: {
    kind: 'expectation_failed',
    cause: 'The `Expect` header asks for something other than `100-continue`.',
    cure: 'Send the request without the header.',
  },
  invalid: {
    kind: 'invalid',
    cause:
      'One or more fields of the body or the query are missing, unknown or not valid, or do not fit the stored data. `errors` names each of them.',
    cure: 'Correct the fields in `errors`. The same request fails again.',
  },
  idempotency_key_reused: {
    kind: 'invalid',
    cause: 'The `Idempotency-Key` was used for a request with another method, path or body in the last 24 hours.',
    cure: 'Use a new key for each new request, and an old one only to repeat the very same request.',
  },
  storage_limit_reached: {
    kind: 'invalid',
    cause: 'The file would exceed the `storage_limit` of the client.',
    cure: 'Delete messages or channels that hold files which are not needed any more, or ask the operator for a higher limit.',
  },
  wrong_size: {
    kind: 'invalid',
    cause: 'The upload has more or fewer bytes than the `size` that the file was created with.',
    cure: 'Upload exactly the bytes that were announced, or create a file with the right `size`.',
  },
  upgrade_required: {
    kind: 'upgrade_required',
    cause: 'The address is for WebSockets, and the request does not ask for one.',
    cure: 'Connect with a WebSocket client, such as a Pusher library.',
  },
  rate_limited: {
    kind: 'rate_limited',
    cause:
      'Too many requests: of this key or session, of all of the client’s together, or failed ones from this address. The `X-RateLimit-*` headers say how many are left.',
    cure: 'Wait for the seconds in `Retry-After`, then go on more slowly.',
  },
  headers_too_large: {
    kind: 'headers_too_large',
    cause: 'The request has more than 100 headers, or more than 16 KB of them.',
    cure: 'Send fewer headers; look for cookies or proxies that add them.',
  },
  internal_error: {
    kind: 'failed',
    cause: 'A fault of the server.',
    cure: 'Send the request again, a POST with the same `Idempotency-Key`. If it keeps failing, report the `request_id`: it finds the cause in the server’s log.',
  },
  unavailable: {
    kind: 'unavailable',
    cause: 'The database cannot be reached or is overloaded. Nothing was changed.',
    cure: 'Wait for the seconds in `Retry-After` and send the request again.',
  },
  outcome_unknown: {
    kind: 'unavailable',
    cause: 'The database went away while the change was made: it may have happened or not.',
    cure: 'Send the same request with the same `Idempotency-Key` again: then it happens only once. Without a key, read first whether the change is there.',
  },
  storage_unavailable: {
    kind: 'unavailable',
    cause: 'The storage of files cannot be reached, or its disk is full.',
    cure: 'Wait for the seconds in `Retry-After` and send the request again.',
  },
  secrets_key_missing: {
    kind: 'unavailable',
    cause: 'The server keeps no push credentials, because its operator has not set `SECRETS_KEY`.',
    cure: 'Ask the operator to set it.',
  },
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

export type ErrorCode = keyof typeof ERROR_CODES;
