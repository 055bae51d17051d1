import { now } from '../../../platform/common/clock.js';
import { SECOND_MS } from '../../../platform/common/durations.js';
import { formatSid } from '../../../platform/common/ids/sid.js';
import type { OutboundClient, PostResult } from '../../../platform/common/outbound/outbound-client.js';
import type { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { sign } from '../../../notify/webhooks/signature.js';
import type { MessageProvider, OutboundText, ProviderAccount, SendOutcome } from '../provider.js';

/** What a gateway is sent. */
interface MessageSend {
  readonly type: 'message.send';
  readonly timestamp: string;
  readonly data: {
    readonly sid: string;
    readonly from: string;
    readonly to: string;
    readonly body: string;
    readonly media: readonly { readonly url: string; readonly contentType: string; readonly size: number }[];
  };
}

/**
 * A gateway of the client's own, asked by a webhook (Standard Webhooks 1.0). Its id is the message's at each attempt, by which
 * the gateway knows what it has already: so a call of which nothing is known is made again.
 */
export class HttpGateway implements MessageProvider {
  readonly pollsAfterSeconds = [];
  readonly isIdempotent = true;

  constructor(
    private readonly account: ProviderAccount,
    private readonly outbound: OutboundClient,
    private readonly policy: OutboundPolicy,
  ) {}

  async send(tenant: Tenant, message: OutboundText): Promise<SendOutcome> {
    const { id, from, to, body } = message;
    const media = message.media.map(({ url, contentType, size }) => ({ url, contentType, size }));
    const at = now();
    const sid = formatSid(id, media.length > 0 ? 'mms' : 'sms');
    const content: MessageSend = {
      type: 'message.send',
      timestamp: at.toISOString(),
      data: { sid, from, to, body, media },
    };
    const text = JSON.stringify(content);
    const post = {
      url: String(this.account.shown.url),
      rules: this.policy.rulesFor(tenant),
      headers: sign(sid, at, text, [String(this.account.secret.secret)]),
      body: text,
    };
    return outcomeOf(await this.outbound.post(post, new AbortController().signal));
  }

  /** It tells, and is asked nothing. */
  find(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  status(): Promise<null> {
    return Promise.resolve(null);
  }

  ownsNumber(): Promise<'unknown'> {
    return Promise.resolve('unknown');
  }

  verify(): Promise<null> {
    return Promise.resolve(null);
  }
}

function outcomeOf({ status, error, body, retryAfterMs }: PostResult): SendOutcome {
  if (status === null || status >= 500 || status === 408 || status === 429) {
    const retryAfter = retryAfterMs === null ? null : retryAfterMs / SECOND_MS;
    const errorCode = status === 429 ? 'throttled' : 'outcome_unknown';
    return { kind: 'later', retryAfter, errorCode, ...answered(status), errorText: error ?? `HTTP ${status}` };
  }
  if (status < 200 || status > 299) {
    return { kind: 'refused', errorCode: 'provider_error', ...answered(status), errorText: `HTTP ${status}` };
  }
  const providerMessageId = idIn(body);
  return providerMessageId === null
    ? {
        kind: 'later',
        retryAfter: null,
        errorCode: 'outcome_unknown',
        ...answered(status),
        errorText: 'No id in the answer',
      }
    : { kind: 'accepted', providerMessageId, status: 'sent' };
}

function answered(status: number | null): { readonly providerCode?: string } {
  return status === null ? {} : { providerCode: String(status) };
}

function idIn(body: string | null): string | null {
  try {
    const { id } = JSON.parse(body ?? '') as { readonly id?: unknown };
    return typeof id === 'string' && id.length > 0 && id.length <= 255 ? id : null;
  } catch {
    return null;
  }
}
