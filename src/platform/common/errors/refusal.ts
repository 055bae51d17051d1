/** What a request can be refused for; the status of each is the error filter's business. */
export type RefusalKind =
  | 'malformed'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'precondition_failed'
  | 'too_large'
  | 'unsupported_media_type'
  | 'range_not_satisfiable'
  | 'invalid'
  | 'upgrade_required'
  | 'rate_limited'
  | 'headers_too_large'
  | 'unavailable';

/** Field names (nested ones joined by dots), each with what is wrong with it. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

export interface RefusalDetails {
  readonly errors?: FieldErrors;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
  /** The methods a path does answer. */
  readonly allow?: readonly string[];
  /** What to do about a 401, for its `WWW-Authenticate`: plain ASCII without quotes. */
  readonly advice?: string;
  /** What is in the way, as it is shown. */
  readonly data?: object;
}

/** A "no" in the language of the domain. `code` is stable: programs branch on it. */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    readonly code: string,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }
}

const INVALID = 'The given data was invalid.';

/** The input is wrong whatever the stored data: seen before any work began, so no idempotency key remembers it. */
export class InvalidInput extends Refusal {
  constructor(errors: FieldErrors) {
    super('invalid', 'invalid', INVALID, { errors });
  }
}

const NAMES = {
  client: 'Client',
  customer: 'Customer',
  channel: 'Channel',
  message: 'Message',
  file: 'File',
  api_key: 'API key',
  customer_session: 'Customer session',
  event: 'Event',
  webhook_endpoint: 'Webhook endpoint',
  webhook_delivery: 'Webhook delivery',
  identity_key: 'Identity key',
  device: 'Device',
  announcement: 'Announcement',
  push_credential: 'Push credentials',
} as const;

export function notFound(what: keyof typeof NAMES): Refusal {
  return new Refusal('not_found', 'not_found', `${NAMES[what]} not found`);
}

/** A client has as many of these as one may have. */
export function tooMany(what: string, most: number): Refusal {
  return new Refusal('conflict', 'limit_reached', `A client may not have more than ${most} ${what}`);
}

/** A field is well formed but does not fit the stored data. */
export function invalid(field: string, message: string): Refusal {
  return new Refusal('invalid', 'invalid', INVALID, { errors: { [field]: [message] } });
}

export function unauthorized(reason: string): Refusal {
  return new Refusal('unauthorized', 'unauthorized', `Unauthorized - ${reason}`);
}

export function forbidden(reason: string): Refusal {
  return new Refusal('forbidden', 'forbidden', `Forbidden - ${reason}`);
}
