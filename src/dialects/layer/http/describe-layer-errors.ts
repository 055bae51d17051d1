import type { OpenAPIObject } from '@nestjs/swagger';
import { HEADERS, headerReferences, METHODS, RATE_LIMIT, reference } from '../../../platform/common/openapi/errors.js';
import { LAYER_ERRORS, type LayerErrorId } from '../layer-refusal.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Answers = Record<string, { readonly headers?: object; readonly content?: object }>;

interface ErrorResponse {
  readonly name: string;
  readonly description: string;
  /** Which errors there are of this status; the first is the example. */
  readonly ids: readonly LayerErrorId[];
  readonly message: string;
  readonly data?: object;
  readonly headers?: readonly string[];
}

const NONCE = 'OYIX8XU4SBcZ2yxCgJL0eXTQoXJ1hqzk2SYEvkqXuXc';

/** Every status that is not a success. */
const ERRORS: Readonly<Record<string, ErrorResponse>> = {
  400: {
    name: 'InvalidRequest',
    description: 'The request cannot be read.',
    ids: ['invalid_request'],
    message: 'Malformed JSON',
  },
  401: {
    name: 'AuthenticationRequired',
    description: 'The session is missing or has ended. Put the nonce in an identity token to create a new one.',
    ids: ['authentication_required'],
    message: 'Authentication is required: this is no valid session token.',
    data: { nonce: NONCE },
    headers: ['WWW-Authenticate'],
  },
  403: {
    name: 'AccessDenied',
    description: 'The session is valid but may not do this.',
    ids: ['access_denied', 'invalid_app_id'],
    message: 'Sessions of this app are admitted from its own pages only.',
  },
  404: {
    name: 'NotFound',
    description: 'The object does not exist, or the user cannot see it.',
    ids: ['not_found'],
    message: 'There is no such identity.',
  },
  406: {
    name: 'InvalidHeader',
    description: 'A header is missing or wrong.',
    ids: ['invalid_header'],
    message: 'The Accept header must be application/vnd.layer+json; version=3.0, or 2.0.',
    data: { header: 'Accept' },
  },
  409: {
    name: 'Conflict',
    description: 'The object exists already; `data` holds it.',
    ids: ['conflict', 'id_in_use'],
    message: 'There is a conversation of these participants with other metadata.',
    data: { id: 'layer:///conversations/01890a5d-ac96-774b-bcce-b302099a8057' },
  },
  422: {
    name: 'InvalidProperty',
    description: 'A field is missing or wrong.',
    ids: ['invalid_property', 'missing_property', 'invalid_operation'],
    message: 'The page_size field must be a whole number from 1 to 100.',
    data: { property: 'page_size' },
  },
  429: {
    name: 'RateLimitExceeded',
    description: 'Too many requests by this session, or too many failed log-ins from this address.',
    ids: ['rate_limit_exceeded'],
    message: 'Too many requests',
    headers: ['Retry-After'],
  },
  500: {
    name: 'InternalServerError',
    description: 'An error in the server. The request id names it in the server log.',
    ids: ['internal_server_error'],
    message: 'Something went wrong. Please try again.',
  },
  503: {
    name: 'ServiceUnavailable',
    description: 'The database or the file storage cannot be reached.',
    ids: ['service_unavailable'],
    message: 'Service temporarily unavailable. Please try again.',
    headers: ['Retry-After'],
  },
};
/** Refused before it is known who asks, and so before its requests are counted. */
const UNCOUNTED: ReadonlySet<string> = new Set(['401', '406']);
const CHALLENGE = { description: 'Always `Layer`.', schema: { type: 'string', enum: ['Layer'] } };
const SCHEMA = 'ApiError';

/** Adds what is true of every route of this dialect: the ways it can fail, and the headers of each answer. */
export function describeLayerErrors(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, [SCHEMA]: LAYER_ERROR };
  const { 'Idempotent-Replayed': _, ...headers } = HEADERS;
  components.headers = { ...headers, 'WWW-Authenticate': CHALLENGE };
  components.responses = Object.fromEntries(
    Object.entries(ERRORS).map(([status, error]) => [error.name, response(status, error)]),
  ) as never;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = methods[method];
      if (operation) {
        operation.responses = responsesOf(operation, path) as Operation['responses'];
      }
    }
  }
  return document;
}

function responsesOf(operation: Operation, path: string): Answers {
  const declared = operation.responses as Answers;
  const needsSession = (operation.security ?? []).some((one) => 'layer_session' in one);
  const isCounted = needsSession && operation.security!.length === 1;
  operation.security ??= [];
  const statuses = new Set([...Object.keys(declared).filter((status) => status in ERRORS), '400', '500']);
  if (!path.endsWith('/ping')) {
    ['406', '429', '503'].forEach((status) => statuses.add(status));
  }
  if (needsSession) {
    ['401', '403'].forEach((status) => statuses.add(status));
  }
  if (isCounted) {
    statuses.add('422');
  }
  const headers = headerReferences(['X-Request-Id', ...(isCounted ? RATE_LIMIT : [])]);
  const successes = Object.entries(declared).filter(([status]) => !(status in ERRORS));
  return Object.fromEntries([
    ...successes.map(([status, answer]) => [status, { ...answer, headers: { ...answer.headers, ...headers } }]),
    ...[...statuses].sort().map((status) => [status, reference('responses', ERRORS[status]!.name)]),
  ]) as Answers;
}

function response(status: string, { description, ids, message, data, headers = [] }: ErrorResponse): object {
  const [id] = ids as [LayerErrorId];
  const example = { id, code: LAYER_ERRORS[id].code, message, url: 'https://example.com/docs', ...(data && { data }) };
  const counted = UNCOUNTED.has(status) ? [] : RATE_LIMIT;
  return {
    description: `${description} ${ids.map((one) => `\`${one}\` (${LAYER_ERRORS[one].code})`).join(', ')}.`,
    headers: headerReferences(['X-Request-Id', ...counted, ...headers]),
    content: { 'application/json': { schema: reference('schemas', SCHEMA), example } },
  };
}

const LAYER_ERROR = {
  type: 'object',
  description: 'Why a request failed.',
  required: ['id', 'code', 'message', 'url'],
  properties: {
    id: {
      type: 'string',
      enum: Object.keys(LAYER_ERRORS),
      description: 'What went wrong, for programs to branch on. Ids do not change.',
    },
    code: { type: 'integer', minimum: 1, description: 'The number of the same error.' },
    message: { type: 'string', description: 'What went wrong, for people to read.' },
    url: { type: 'string', format: 'uri', description: 'A page that describes the API.' },
    data: {
      type: 'object',
      additionalProperties: true,
      description:
        'More about the error: a nonce, the name of the property or header that is wrong, or the object that exists.',
    },
  },
} as never;
