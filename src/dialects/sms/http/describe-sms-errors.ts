import type { OpenAPIObject } from '@nestjs/swagger';
import { HEADERS, headerReferences, METHODS, RATE_LIMIT, reference } from '../../../platform/common/openapi/errors.js';
import { parametersOf } from '../../../platform/common/openapi/error-examples.js';
import { REQUIRED_ROLE } from '../../../platform/common/tenancy/access.js';
import { ERROR_CODES_OF } from './fails.js';
import { isForUsers } from './is-for-sms.js';
import { CODES_BY_STATUS, statusOfCode, type SmsCode } from './sms-codes.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Answers = Record<string, { readonly headers?: object; readonly content?: object }>;

interface ErrorResponse {
  readonly description: string;
  /** What every operation that has the status can answer; the first is the example. */
  readonly codes: readonly SmsCode[];
  readonly detail: string;
  readonly headers?: readonly string[];
}

/** Every status that is not a success. */
const ERRORS: Readonly<Record<string, ErrorResponse>> = {
  400: {
    description: 'The request cannot be read, or something in it is missing or wrong.',
    codes: ['missing_params', 'invalid_params', 'malformed_request'],
    detail: 'Missing: name',
  },
  401: {
    description: 'The session or the key is missing, wrong or has ended.',
    codes: ['unauthorized'],
    detail: 'Unauthorized - Missing or invalid Authorization header',
    headers: ['WWW-Authenticate'],
  },
  403: { description: 'You may not do this.', codes: ['forbidden'], detail: 'Forbidden - Needs the role admin' },
  404: {
    description: 'The object does not exist, or is in a workspace you are not a member of.',
    codes: ['not_found'],
    detail: 'Workspace not found',
  },
  409: {
    description: 'What is stored is in the way.',
    codes: [],
    detail: 'A request with this Idempotency-Key is still running',
    headers: ['Retry-After'],
  },
  413: {
    description: 'The body is too large.',
    codes: ['payload_too_large'],
    detail: 'The body must not exceed 256 KB',
  },
  415: {
    description: 'The body is not JSON in UTF-8.',
    codes: ['unsupported_media_type'],
    detail: 'The body must be application/json in UTF-8.',
  },
  426: {
    description: 'The address is for WebSockets.',
    codes: ['upgrade_required'],
    detail: 'Connect with a WebSocket client',
  },
  429: {
    description: 'Too many requests by this user, key or address.',
    codes: ['rate_limited'],
    detail: 'Too many requests',
    headers: ['Retry-After'],
  },
  431: {
    description: 'The request has too many headers.',
    codes: ['headers_too_large'],
    detail: 'More than 100 request headers',
  },
  500: {
    description: 'An error in the server. The request id names it in the server log.',
    codes: ['internal_error'],
    detail: 'Failed to answer. Please try again.',
  },
  503: {
    description: 'Something this server needs cannot be reached. After `outcome_unknown`, repeat with the same key.',
    codes: ['service_unavailable', 'outcome_unknown'],
    detail: 'Service temporarily unavailable. Nothing was changed. Please try again.',
    headers: ['Retry-After'],
  },
};
/** Refused before the guard, and so before anything is counted. */
const UNCOUNTED: ReadonlySet<string> = new Set(['413', '415', '431']);
const CHALLENGE = { description: 'Always `Bearer`.', schema: { type: 'string', enum: ['Bearer'] } };
const KEYED: readonly SmsCode[] = ['idempotency_key_in_use'];

/** Adds what is true of every route of this dialect: the ways it can fail, and the headers of each answer. */
export function describeSmsErrors(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, ...(SCHEMAS as object) };
  components.headers = { ...HEADERS, ...LIMIT_HEADERS, 'WWW-Authenticate': CHALLENGE } as never;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = methods[method];
      if (operation) {
        operation.responses = responsesOf(operation, path, method) as Operation['responses'];
        describeRole(operation);
      }
    }
  }
  return withoutUnused(document);
}

/** What no operation speaks of would be noise, and is refused by whoever checks the document. */
function withoutUnused(document: OpenAPIObject): OpenAPIObject {
  const { schemas = {}, headers = {}, securitySchemes = {}, ...rest } = document.components ?? {};
  const text = JSON.stringify([document.paths, schemas]);
  const used = <T>(kind: string, all: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)));
  const schemes = Object.entries(securitySchemes).filter(([name]) => text.includes(`"security":[{"${name}":`));
  return {
    ...document,
    components: {
      ...rest,
      schemas: used('schemas', schemas),
      headers: used('headers', headers),
      securitySchemes: Object.fromEntries(schemes),
    },
  };
}

/** Says in words, too, which role an operation needs: Swagger UI shows no extensions. */
function describeRole(operation: Operation & { [REQUIRED_ROLE]?: string }): void {
  const role = operation[REQUIRED_ROLE];
  if (role !== undefined) {
    operation.description = [operation.description, `Needs the role \`${role}\`.`].filter(Boolean).join('\n\n');
  }
}

function responsesOf(operation: Operation, path: string, method: string): Answers {
  const declared = operation.responses as Answers;
  const { [ERROR_CODES_OF]: own = [], ...rest } = operation as Operation & { [ERROR_CODES_OF]?: readonly SmsCode[] };
  delete (operation as { [ERROR_CODES_OF]?: unknown })[ERROR_CODES_OF];
  const isSecured = (rest.security ?? []).length > 0;
  operation.security ??= [];
  const isKeyed = parametersOf(operation).some(({ name }) => name === 'Idempotency-Key');
  const statuses = new Set([
    ...Object.keys(declared).filter((status) => status in ERRORS),
    ...['400', '403', '429', '431', '500', '503'],
    ...(isSecured ? ['401'] : []),
    ...(path.includes('{') ? ['404'] : []),
    ...(method === 'get' ? [] : ['413', '415']),
    ...(isKeyed ? ['409'] : []),
  ]);
  const replayed = isKeyed ? ['Idempotent-Replayed'] : [];
  const headers = headerReferences(['X-Request-Id', ...RATE_LIMIT, ...replayed]);
  const successes = Object.entries(declared).filter(([status]) => !(status in ERRORS));
  return Object.fromEntries([
    ...successes.map(([status, answer]) => [status, { ...answer, headers: { ...answer.headers, ...headers } }]),
    ...[...statuses].sort().map((status) => {
      const codes = [...own.filter((code) => String(statusOfCode(code)) === status), ...(isKeyed ? keyed(status) : [])];
      return [status, response(status, codes, isForUsers({ path }), replayed)];
    }),
  ]) as Answers;
}

function keyed(status: string): readonly SmsCode[] {
  return status === '409' ? KEYED : status === '400' ? ['idempotency_key_reused'] : [];
}

function response(status: string, own: readonly SmsCode[], showsFields: boolean, replayed: readonly string[]): object {
  const { description, codes, detail, headers = [] } = ERRORS[status]!;
  const all = [...codes, ...own];
  const counted = UNCOUNTED.has(status) ? [] : [...RATE_LIMIT, ...replayed];
  const schema = status === '400' && showsFields ? 'FieldError' : 'ApiError';
  return {
    description: `${description} ${all.map((code) => `\`${code}\``).join(', ')}.`,
    headers: headerReferences(['X-Request-Id', ...counted, ...headers]),
    content: { 'application/json': { schema: reference('schemas', schema), example: { error: all[0], detail } } },
  };
}

const LIMIT_HEADERS = {
  'X-RateLimit-Limit': {
    description: 'How many requests may be made a minute: by the user or the key, or else by the address.',
    schema: { type: 'integer', minimum: 1 },
  },
  'X-RateLimit-Remaining': {
    description: 'How many requests may be made at once now.',
    schema: { type: 'integer', minimum: 0 },
  },
};

const ERROR = {
  type: 'string',
  enum: [...CODES_BY_STATUS.values()].flat(),
  description: 'What went wrong, for programs to branch on. Codes do not change.',
};
/** As long as it takes. */
const DETAIL = { type: 'string', maxLength: 10_000, description: 'What went wrong, for people to read.' };

const SCHEMAS = {
  ApiError: {
    type: 'object',
    description: 'Why a request failed.',
    required: ['error', 'detail'],
    properties: { error: ERROR, detail: DETAIL },
  },
  FieldError: {
    type: 'object',
    description: 'Why a request cannot be accepted.',
    required: ['error', 'detail'],
    properties: {
      error: ERROR,
      detail: DETAIL,
      fields: {
        type: 'object',
        description: 'For `invalid_params`: what is wrong with each field, by field name.',
        additionalProperties: { type: 'string', maxLength: 1_000 },
        example: { name: 'The name field must be a string.' },
      },
    },
  },
} as never;
