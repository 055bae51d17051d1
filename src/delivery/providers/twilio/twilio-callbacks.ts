// Not the whole SDK, which takes a second and 20 MB.
import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks.js';
import { forbidden, InvalidInput } from '../../../platform/common/errors/refusal.js';
import type { Keyword } from '../../opt-outs/keywords.js';
import type { CallbackAccount, CallbackReader, CallbackRequest, MediaLink } from '../callback.js';
import { SENDER, SERVICE } from '../senders.js';
import { failureOf, statusOf, storable } from './twilio-words.js';

type Form = Readonly<Record<string, string | string[]>>;

const SID = /^(SM|MM)[\da-f]{32}$/i;
const MAX_MEDIA = 10;

/** Twilio's webhooks. Their signature has no time in it: what is said again has to do nothing again. */
export const twilioCallbacks: CallbackReader = {
  inboundAnswer: { type: 'text/xml; charset=utf-8', text: '<Response></Response>' },

  isGenuine: ({ secrets }, request) => secrets.some(({ authToken }) => isSigned(request, String(authToken))),

  readInbound: (account, request) => {
    const form = formOf(account, request);
    return {
      providerMessageId: sidIn(form),
      from: senderIn(form, 'From'),
      to: senderIn(form, 'To'),
      service: serviceIn(form),
      body: storable(optional(form, 'Body') ?? ''),
      media: mediaIn(form),
      isAnswered: account.shown.replies !== 'ours',
      ...keywordIn(form),
    };
  },

  readStatus: (account, request) => {
    const form = formOf(account, request);
    const word = optional(form, 'MessageStatus') ?? optional(form, 'SmsStatus') ?? '';
    const status = statusOf(word);
    const failed = status === 'failed' || status === 'undelivered';
    const from = optional(form, 'From') ?? '';
    const report = status && {
      status,
      ...(SENDER.test(from) ? { from } : {}),
      ...(failed ? failureOf(optional(form, 'ErrorCode')) : {}),
    };
    return { providerMessageId: sidIn(form), report };
  },
};

function isSigned({ url, headers, body }: CallbackRequest, authToken: string): boolean {
  const signature = headers['x-twilio-signature'];
  if (url === null || typeof signature !== 'string') {
    return false;
  }
  return isJson(headers)
    ? validateRequestWithBody(authToken, signature, url, body.toString('utf8'))
    : validateRequest(authToken, signature, url, paramsOf(body));
}

function isJson(headers: CallbackRequest['headers']): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '');
}

/** A name that is given twice has all its values, as they are signed. */
function paramsOf(body: Buffer): Form {
  const params = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const before = params.get(name);
    params.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(params);
}

/** @throws Refusal 403 where it is about another account: subaccounts share nothing */
function formOf({ shown }: CallbackAccount, { headers, body }: CallbackRequest): Form {
  if (isJson(headers)) {
    throw new InvalidInput({ body: ['The body must be a form.'] });
  }
  const form = paramsOf(body);
  if (form.AccountSid !== shown.accountSid) {
    throw forbidden('The callback is about another account');
  }
  return form;
}

function optional(form: Form, name: string): string | null {
  const value = form[name] ?? null;
  if (Array.isArray(value)) {
    throw new InvalidInput({ [name]: [`The ${name} field was given more than once.`] });
  }
  return value;
}

function sidIn(form: Form): string {
  const sid = optional(form, 'MessageSid') ?? optional(form, 'SmsSid') ?? '';
  if (!SID.test(sid)) {
    throw new InvalidInput({ MessageSid: ['The MessageSid field must be the SID of a message.'] });
  }
  return sid;
}

function senderIn(form: Form, name: string): string {
  const sender = optional(form, name) ?? '';
  if (!SENDER.test(sender)) {
    throw new InvalidInput({ [name]: [`The ${name} field must be a phone number or the name of a sender.`] });
  }
  return sender;
}

function serviceIn(form: Form): string | null {
  const service = optional(form, 'MessagingServiceSid') ?? '';
  return SERVICE.test(service) ? service : null;
}

function mediaIn(form: Form): MediaLink[] {
  const count = Math.min(Number(optional(form, 'NumMedia') ?? 0) || 0, MAX_MEDIA);
  return Array.from({ length: count }, (_, at) => ({
    url: optional(form, `MediaUrl${at}`) ?? '',
    contentType: optional(form, `MediaContentType${at}`),
  })).filter(({ url }) => url !== '');
}

function keywordIn(form: Form): { readonly keyword?: Keyword } {
  const type = (optional(form, 'OptOutType') ?? '').toLowerCase();
  return type === 'stop' || type === 'start' || type === 'help' ? { keyword: type } : {};
}
