import { ERROR_CODES, type ErrorCode, type RefusalKind } from './error-codes.js';

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
  /** Whether it is no fault of this server, whatever its status: the log needs no stack. */
  readonly isExpected?: boolean;
}

/** A "no" in the language of the domain. `code` is stable: programs branch on it. */
export class Refusal extends Error {
  readonly kind: RefusalKind;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
    this.kind = ERROR_CODES[code].kind;
  }
}

const INVALID = 'The given data was invalid.';

/** The input is wrong whatever the stored data: seen before any work began, so no idempotency key remembers it. */
export class InvalidInput extends Refusal {
  constructor(errors: FieldErrors) {
    super('invalid', INVALID, { errors });
  }
}

const NAMES = {
  client: 'Client',
  workspace: 'Workspace',
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
  user: 'User',
  user_session: 'Session',
  invitation: 'Invitation',
  personal_token: 'Personal token',
  social_provider: 'Sign-in provider',
  phone_number: 'Phone number',
  opt_out: 'Opt-out',
  template: 'Template',
  audit_entry: 'Audit entry',
  conversation: 'Conversation',
  note: 'Note',
  messaging_provider: 'Provider',
  push_credential: 'Push credentials',
  contact: 'Contact',
  tag: 'Tag',
  segment: 'Segment',
  suppression: 'Suppression',
  campaign: 'Campaign',
  contact_import: 'Import',
  canned_response: 'Canned response',
  desk: 'Desk',
  rating: 'Rating',
  email_account: 'Email account',
  inbound_email: 'Email',
  document: 'Knowledge base document',
  workflow: 'Workflow',
  execution: 'Execution',
} as const;

/** What can be missing. */
export type Missing = keyof typeof NAMES;

export function notFound(what: Missing): Refusal {
  return new Refusal('not_found', `${NAMES[what]} not found`);
}

/** Such a thing is there already, and may be only once. */
export function alreadyExists(reason: string): Refusal {
  return new Refusal('already_exists', reason);
}

/** A client has as many of these as one may have. */
export function tooMany(what: string, most: number): Refusal {
  return new Refusal('limit_reached', `A client may not have more than ${most} ${what}`);
}

/** A field is well formed but does not fit the stored data. */
export function invalid(field: string, message: string): Refusal {
  return new Refusal('invalid', INVALID, { errors: { [field]: [message] } });
}

/** What is asked is well formed, and yet can't be done; no field is to blame. */
export function unfit(message: string): Refusal {
  return new Refusal('invalid', message);
}

export function unauthorized(reason: string): Refusal {
  return new Refusal('unauthorized', `Unauthorized - ${reason}`);
}

export function forbidden(reason: string): Refusal {
  return new Refusal('forbidden', `Forbidden - ${reason}`);
}
