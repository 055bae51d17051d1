import type { OpenAPIObject } from '@nestjs/swagger';
import { fieldErrorOf, parametersOf } from '../../../platform/common/openapi/error-examples.js';
import { HEADERS, headerReferences, METHODS, RATE_LIMIT, reference } from '../../../platform/common/openapi/errors.js';
import { REQUIRED_ROLE, REQUIRED_SCOPE } from '../../../platform/common/tenancy/access.js';
import type { Role } from '../../../platform/common/tenancy/roles.js';
import { LIMITED_BY } from './allows.js';
import { FAILED, lackingBody, TOO_MANY, UNAUTHENTICATED } from './engagement-errors.js';
import { ERROR_SCHEMAS } from './error-schemas.js';
import { MISSING_SENTENCE } from './object-param.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & Partial<Record<string, unknown>>;
interface Answer {
  readonly description?: string;
  readonly headers?: object;
  readonly content?: object;
}
type Answers = Record<string, Answer>;

interface ErrorResponse {
  readonly description: string;
  readonly schemas: readonly (keyof typeof ERROR_SCHEMAS)[];
  readonly headers?: readonly string[];
}

/** Every status that is not a success. */
const ERRORS: Readonly<Record<string, ErrorResponse>> = {
  400: { description: 'The request cannot be read.', schemas: ['Problem'] },
  401: {
    description: 'The token is missing, wrong, revoked or expired.',
    schemas: ['Problem'],
    headers: ['WWW-Authenticate'],
  },
  403: {
    description:
      'There is no workspace, or the scope or the role is not enough, or the page or the address may not ask.',
    schemas: ['MissingScope', 'MissingRole', 'Problem'],
  },
  404: { description: 'There is no such object in this workspace.', schemas: ['Problem'] },
  409: {
    description: 'Something else is in the way.',
    schemas: ['Conflict'],
    headers: ['Retry-After'],
  },
  413: { description: 'The body is too large.', schemas: ['Problem'] },
  415: { description: 'The body is not JSON in UTF-8.', schemas: ['Problem'] },
  422: { description: 'Fields or query parameters are missing or wrong.', schemas: ['InvalidFields'] },
  429: { description: 'Too many requests.', schemas: ['Problem'], headers: ['Retry-After'] },
  431: { description: 'The request has too many headers.', schemas: ['Problem'] },
  500: { description: 'An error in the server. The request id names it in the server log.', schemas: ['Problem'] },
  503: {
    description: 'Something this server needs cannot be reached; the message says whether the outcome is known.',
    schemas: ['Problem'],
    headers: ['Retry-After'],
  },
};
const MESSAGES: Readonly<Record<string, string>> = {
  400: 'Malformed JSON.',
  401: UNAUTHENTICATED,
  404: 'Route not found.',
  409: 'A request with this Idempotency-Key is still running.',
  413: 'The body must not exceed 256 KB.',
  415: 'The body must be application/json in UTF-8.',
  429: TOO_MANY,
  431: 'More than 100 request headers.',
  500: FAILED,
  503: 'Service temporarily unavailable. Nothing was changed. Please try again.',
};
const CHALLENGE = { description: 'Always `Bearer`.', schema: { type: 'string', enum: ['Bearer'] } };
const LIMIT_HEADERS = {
  'X-RateLimit-Limit': {
    description:
      'How many requests may be made at once after a pause: by the user, the key or the session; or by the address, where nobody is known.',
    schema: { type: 'integer', minimum: 1 },
  },
  'X-RateLimit-Remaining': {
    description: 'How many requests may be made at once now.',
    schema: { type: 'integer', minimum: 0 },
  },
};

/** Adds what is true of every route of this dialect: the ways it can fail, and the headers of each answer. */
export function describeEngagementErrors(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, ...(ERROR_SCHEMAS as object) };
  components.headers = { ...HEADERS, ...LIMIT_HEADERS, 'WWW-Authenticate': CHALLENGE } as never;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = methods[method] as Operation | undefined;
      if (operation) {
        operation.responses = responsesOf(operation, path, method, components.schemas) as Operation['responses'];
        describeNeeds(operation);
      }
    }
  }
  return document;
}

/** Says in words, too, what an operation needs: Swagger UI shows no extensions. */
function describeNeeds(operation: Operation): void {
  const [scope, role, limit] = [operation[REQUIRED_SCOPE], operation[REQUIRED_ROLE], operation[LIMITED_BY]];
  const needs = [
    typeof scope === 'string' ? `Needs the scope \`${scope}\`` : role ? 'Needs no scope' : undefined,
    typeof role === 'string' ? ` and the role \`${role}\`.` : undefined,
    typeof limit === 'string' ? ` Counted as \`${limit}\`, too: see \`GET /api/v1/limits\`.` : undefined,
  ].join('');
  if (needs !== '') {
    operation.description = [operation.description, needs].filter(Boolean).join('\n\n');
  }
}

function responsesOf(operation: Operation, path: string, method: string, schemas: object): Answers {
  const declared = operation.responses as Answers;
  const isSecured = (operation.security ?? []).length > 0;
  operation.security ??= [];
  const isKeyed = parametersOf(operation).some(({ name }) => name === 'Idempotency-Key');
  const statuses = new Set([
    ...Object.keys(declared).filter((status) => status in ERRORS),
    ...['400', '422', '429', '431', '500', '503'],
    ...(isSecured ? ['401', '403'] : ['403']),
    ...(path.includes('{') ? ['404'] : []),
    ...(method === 'get' ? [] : ['413', '415']),
    ...(isKeyed ? ['409'] : []),
  ]);
  const replayed = isKeyed ? ['Idempotent-Replayed'] : [];
  const always = ['X-Request-Id', ...RATE_LIMIT];
  const successes = Object.entries(declared).filter(([status]) => !(status in ERRORS));
  const answers = Object.fromEntries([
    ...successes.map(([status, answer]) => [
      status,
      { ...answer, headers: { ...answer.headers, ...headerReferences([...always, ...replayed]) } },
    ]),
    ...[...statuses].sort().map((status) => {
      const { description, headers = [], schemas: kinds } = ERRORS[status]!;
      const said = declared[status]?.description;
      // What is refused in words of its own is told without fields.
      const all = status === '422' && said ? [...kinds, 'Problem' as const] : kinds;
      return [
        status,
        {
          description: said ? `${description} Or: ${said}` : description,
          headers: headerReferences([...always, ...headers, ...replayed]),
          content: { 'application/json': { schema: oneOf(all), example: exampleOf(status, operation, said, schemas) } },
        },
      ];
    }),
  ]) as Answers;
  delete operation[MISSING_SENTENCE];
  return answers;
}

function oneOf(kinds: readonly string[]): object {
  const all = kinds.map((kind) => reference('schemas', kind));
  return all.length === 1 ? all[0]! : { anyOf: all };
}

function exampleOf(status: string, operation: Operation, said: string | undefined, schemas: object): object {
  if (status === '422') {
    return { errors: fieldErrorOf(operation, schemas as Readonly<Record<string, object>>) };
  }
  if (status === '403') {
    const [scope, role] = [operation[REQUIRED_SCOPE], operation[REQUIRED_ROLE]];
    return typeof scope === 'string'
      ? lackingBody({ scope })
      : typeof role === 'string'
        ? lackingBody({ role: role as Role })
        : { message: 'Origin not allowed.' };
  }
  if (status === '409') {
    return { message: MESSAGES[409], code: 'idempotency_key_in_use' };
  }
  return {
    message: status === '404' ? [said, operation[MISSING_SENTENCE], MESSAGES[404]].find(Boolean) : MESSAGES[status],
  };
}
