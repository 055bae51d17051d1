import type { OpenAPIObject } from '@nestjs/swagger';
import { ERRORS_PAGE } from '../errors/error-body.js';
import { ERROR_CODES, type ErrorCode, type RefusalKind } from '../errors/error-codes.js';
import { REQUEST_ID } from '../http/request-id.js';
import { errorExampleOf, fieldErrorOf, parametersOf, type ErrorExample } from './error-examples.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = Record<string, object>;

export const METHODS = ['get', 'post', 'patch', 'put', 'delete'] as const;

interface ErrorResponse {
  readonly description: string;
  /** Its component, and the text and code there; absent where each operation has an example of its own. */
  readonly shared?: { readonly name: string; readonly example: ErrorExample };
  readonly headers?: readonly string[];
  /** Whether an idempotency key remembers it. */
  readonly replayed?: true;
}

const REPLAYED = 'Idempotent-Replayed';
/** A 409 that an operation has words of its own for. */
const LIMIT_REACHED: ErrorResponse = { description: 'The client has as many of these as it may have.' };
const INVALID = 'Fields are missing or wrong.';

/** Every status that is not a success: what it says, and the headers beyond those that all answers carry. */
const ERRORS: Readonly<Record<string, ErrorResponse>> = {
  400: {
    description: 'The request cannot be read.',
    shared: { name: 'Malformed', example: ['Malformed JSON', 'malformed'] },
  },
  401: {
    description: 'The keys, the token or the `Origin` are missing or wrong; `error` says which.',
    headers: ['WWW-Authenticate'],
    shared: {
      name: 'Unauthorized',
      example: ['Unauthorized - Missing or invalid Authorization header', 'unauthorized'],
    },
  },
  403: {
    description: 'The key or session is valid but may not do this.',
  },
  404: {
    description: 'The object does not exist, or is not yours.',
    replayed: true,
  },
  409: {
    description: 'A request with this Idempotency-Key is still running.',
    headers: ['Retry-After'],
    shared: {
      name: 'Conflict',
      example: ['A request with this Idempotency-Key is still running', 'idempotency_key_in_use'],
    },
  },
  413: {
    description: 'The body is too large.',
    shared: { name: 'TooLarge', example: ['The body must not exceed 256 KB', 'too_large'] },
  },
  415: {
    description: 'The body is not JSON in UTF-8.',
    shared: {
      name: 'UnsupportedMediaType',
      example: ['The body must be application/json in UTF-8.', 'unsupported_media_type'],
    },
  },
  429: {
    description:
      'Too many requests by this key or session or by the whole client, or too many failed log-ins from this address.',
    headers: ['Retry-After'],
    shared: { name: 'TooManyRequests', example: ['Too many requests', 'rate_limited'] },
  },
  431: {
    description: 'The request has too many headers.',
    shared: { name: 'HeadersTooLarge', example: ['More than 100 request headers', 'headers_too_large'] },
  },
  500: {
    description: 'An error in the server. The request id names it in the server log.',
  },
  503: {
    description:
      'The database or the file storage cannot be reached. After `outcome_unknown`, try again with the same `Idempotency-Key`.',
    headers: ['Retry-After'],
    shared: {
      name: 'Unavailable',
      example: ['Service temporarily unavailable. Nothing was changed. Please try again.', 'unavailable'],
    },
  },
};

export const HEADERS = {
  'X-Request-Id': {
    description: 'The id of this request: the one you sent, or a new `req_…`.',
    schema: { type: 'string', pattern: REQUEST_ID.source },
  },
  'Retry-After': {
    description: 'In how many seconds to try again.',
    schema: { type: 'integer', minimum: 1 },
  },
  'WWW-Authenticate': {
    description: '`Bearer`; if the `Origin` is missing, with an `error_description` that says what to do.',
    schema: { type: 'string', pattern: '^Bearer' },
  },
  'Idempotent-Replayed': {
    description: '`true` if this is the stored answer to an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', enum: ['true'] },
  },
  'X-RateLimit-Limit': {
    description:
      'How many requests may be made at once after a pause: by this key or session, or by all of the client if fewer are left to them.',
    schema: { type: 'integer', minimum: 1 },
  },
  'X-RateLimit-Remaining': {
    description: 'How many requests may be made at once now. Each second, half of the limit is added.',
    schema: { type: 'integer', minimum: 0 },
  },
  'X-RateLimit-Reset': {
    description: 'When all requests are available again if none is made, in Unix seconds.',
    schema: { type: 'integer', format: 'int64', minimum: 0 },
  },
} as const;
/** Refused before it is known who asks, and so before its requests are counted. */
const UNCOUNTED: ReadonlySet<string> = new Set(['401', '413', '415', '431']);
export const RATE_LIMIT = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

/** Adds what no route has to say because it is true of all of its kind: the ways it can fail, and the headers of each answer. */
export function describeErrors(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, ...(SCHEMAS as object) };
  components.headers = { ...HEADERS } as never;
  components.responses = Object.fromEntries(
    Object.entries(ERRORS).flatMap(([status, { description, shared, headers = [] }]) => {
      const all = [...(UNCOUNTED.has(status) ? [] : RATE_LIMIT), ...headers];
      return shared ? [[shared.name, errorResponse(description, all, shared.example)]] : [];
    }),
  ) as never;
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) {
        operation.responses = responsesOf(operation, method, components.schemas) as Operation['responses'];
      }
    }
  }
  return document;
}

function responsesOf(operation: Operation, method: (typeof METHODS)[number], schemas: object): Responses {
  const declared = operation.responses as Record<string, { headers?: object; description?: string }>;
  const schemes = (operation.security ?? []).flatMap((requirement) => Object.keys(requirement));
  operation.security ??= [];
  const statuses = new Set([...Object.keys(declared).filter((status) => status in ERRORS), '400', '431', '500']);
  if (schemes.length > 0) {
    ['401', '422', '429', '503'].forEach((status) => statuses.add(status));
  }
  if (schemes.includes('secret_key')) {
    statuses.add('403');
  }
  if (schemes.includes('admin_key')) {
    statuses.add('404');
  }
  if (method !== 'get') {
    ['413', '415'].forEach((status) => statuses.add(status));
  }
  const counted = schemes.includes('secret_key') ? RATE_LIMIT : [];
  // An operation that takes an Idempotency-Key.
  const replayed = parametersOf(operation).some(({ name }) => name === 'Idempotency-Key') ? [REPLAYED] : [];
  const always = ['X-Request-Id', ...counted];
  const refusal = (status: string): object => {
    const said = declared[status]?.description;
    const error = status === '409' && said ? LIMIT_REACHED : ERRORS[status];
    if (!error) {
      return response(INVALID, 'ValidationError', [...counted, ...replayed], validationExample(operation, schemas));
    }
    const { description, shared, headers = [] } = error;
    if (shared && (counted.length > 0 || UNCOUNTED.has(status))) {
      return reference('responses', shared.name);
    }
    const all = [...(UNCOUNTED.has(status) ? [] : counted), ...headers, ...(error.replayed ? replayed : [])];
    return errorResponse(description, all, shared?.example ?? errorExampleOf(status, operation, said));
  };
  const successes = Object.entries(declared).filter(([status, { headers }]) => !(status in ERRORS) || headers);
  return Object.fromEntries([
    ...successes.map(([status, answer]) => [
      status,
      { ...answer, headers: { ...answer.headers, ...headerReferences([...always, ...replayed]) } },
    ]),
    ...[...statuses]
      .filter((status) => !successes.some(([success]) => success === status))
      .map((status) => [status, refusal(status)]),
  ]) as Responses;
}

function errorResponse(description: string, headers: readonly string[], [error, code]: ErrorExample): object {
  return response(description, 'ApiError', headers, { error, ...exampleEnd(code) });
}

function response(description: string, schema: string, headers: readonly string[], example: object): object {
  const content = { 'application/json': { schema: reference('schemas', schema), example } };
  return { description, headers: headerReferences(['X-Request-Id', ...headers]), content };
}

function validationExample(operation: Operation, schemas: object): object {
  return {
    message: 'The given data was invalid.',
    errors: fieldErrorOf(operation, schemas as Readonly<Record<string, object>>),
    ...exampleEnd('invalid'),
  };
}

function exampleEnd(code: ErrorCode): object {
  return { code, doc_url: docUrlOf(code), request_id: 'req_018f' };
}

export function headerReferences(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, reference('headers', name)]));
}

export function reference(kind: 'schemas' | 'headers' | 'responses', name: string): { $ref: string } {
  return { $ref: `#/components/${kind}/${name}` };
}

function codesOf(kind: RefusalKind): string[] {
  return Object.entries(ERROR_CODES).flatMap(([code, entry]) => (entry.kind === kind ? [code] : []));
}

function docUrlOf(code: ErrorCode): string {
  return `https://example.com${ERRORS_PAGE}#${code}`;
}

const ERROR_TEXT = { type: 'string', description: 'What went wrong, for people to read.' };
const CODE_TEXT = 'What went wrong, for programs to branch on. Codes do not change.';
const DOC_URL = {
  type: 'string',
  format: 'uri-reference',
  description: 'A page that explains the code, with its cause and its cure.',
};
const REQUEST = {
  type: 'string',
  pattern: REQUEST_ID.source,
  description: 'The `X-Request-Id` of the answer, which also names the request in the server log.',
  example: 'req_018f',
};

const SCHEMAS = {
  ApiError: {
    type: 'object',
    description: 'Why a request failed.',
    required: ['error', 'code', 'doc_url', 'request_id'],
    properties: {
      error: ERROR_TEXT,
      code: { type: 'string', enum: Object.keys(ERROR_CODES), description: CODE_TEXT },
      doc_url: DOC_URL,
      request_id: REQUEST,
    },
  },
  ValidationError: {
    type: 'object',
    description: 'Which fields of a request are missing or wrong.',
    required: ['message', 'errors', 'code', 'doc_url', 'request_id'],
    properties: {
      message: { ...ERROR_TEXT, example: 'The given data was invalid.' },
      errors: {
        type: 'object',
        description: 'What is wrong with each field, by field name; names of nested fields are joined by dots.',
        additionalProperties: { type: 'array', items: { type: 'string' } },
        example: { email: ['The email field is required.'] },
      },
      code: { type: 'string', enum: codesOf('invalid'), description: CODE_TEXT, example: 'invalid' },
      doc_url: { ...DOC_URL, example: docUrlOf('invalid') },
      request_id: REQUEST,
    },
  },
} as never;
