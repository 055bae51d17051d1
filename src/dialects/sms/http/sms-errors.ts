import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ErrorDialect, type ErrorAnswer } from '../../../platform/common/errors/error-dialect.js';
import { failureOf } from '../../../platform/common/errors/failure-text.js';
import { ReasonedRefusal } from '../../../platform/common/errors/reasons.js';
import type { FieldErrors, Refusal } from '../../../platform/common/errors/refusal.js';
import { isForKeys, isForSms, isForUsers, UI } from './is-for-sms.js';
import { CORE_CODES, statusOf, type SmsCode } from './sms-codes.js';

/** All that an error says here; `fields` where users' pages show them. */
export interface SmsError {
  readonly error: SmsCode;
  readonly detail: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Whatever goes wrong under this dialect's paths leaves as this, also where no route was found or nothing was read. */
@Injectable()
export class SmsErrors extends ErrorDialect {
  speaks(request: Request): boolean {
    return isForSms(request);
  }

  answer(refusal: Refusal | null, request: Request): ErrorAnswer {
    return refusal === null
      ? { status: 500, body: failure(request) }
      : {
          status: statusOf(refusal.code),
          body: smsErrorOf(refusal, request),
          headers: refusal.kind === 'unauthorized' ? { 'WWW-Authenticate': 'Bearer' } : upgradeOf(refusal),
        };
  }
}

/** The same refusal in this dialect's words. */
export function smsErrorOf(refusal: Refusal, request: Request): SmsError {
  if (refusal instanceof ReasonedRefusal) {
    return { error: refusal.reason, detail: refusal.message };
  }
  const { errors } = refusal.details;
  const error = CORE_CODES[refusal.code];
  if (errors && error === 'invalid_params') {
    return fieldError(errors, isForUsers(request));
  }
  return { error, detail: errors ? Object.values(errors).flat().join(' ') : refusal.message };
}

/** What is missing is said first: the rest may be wrong because of it. */
function fieldError(errors: FieldErrors, showsFields: boolean): SmsError {
  const wrong = Object.entries(errors).map(([name, [sentence = 'It is invalid.']]) => inCamelCase(name, sentence));
  const missing = wrong.filter(([, sentence]) => sentence.endsWith(' is required.')).map(([name]) => name);
  if (missing.length > 0) {
    return { error: 'missing_params', detail: `Missing: ${missing.join(', ')}` };
  }
  const detail = wrong.map(([, sentence]) => sentence).join(' ');
  return { error: 'invalid_params', detail, ...(showsFields ? { fields: Object.fromEntries(wrong) } : {}) };
}

/** The core's services name their fields as the core does; what nobody knows is shown as it came. */
function inCamelCase(name: string, sentence: string): readonly [name: string, sentence: string] {
  if (sentence.endsWith(' is not known.')) {
    return [name, sentence];
  }
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [camel, sentence.replace(name, camel)];
}

/** A fault of ours, which shows nothing of itself. */
function failure(request: Request): SmsError {
  const sends = request.method === 'POST' && (isForKeys(request) || isSendingInUi(request));
  return { error: sends ? 'send_failed' : 'internal_error', detail: failureOf(request.purpose) };
}

function isSendingInUi({ path }: Request): boolean {
  return path.startsWith(`${UI}/`) && path.endsWith('/messages');
}

function upgradeOf({ kind }: Refusal): Readonly<Record<string, string>> {
  return kind === 'upgrade_required' ? { Upgrade: 'websocket' } : {};
}
