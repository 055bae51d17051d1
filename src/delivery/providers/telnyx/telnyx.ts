import { formatSid } from '../../../platform/common/ids/sid.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { CallbackUrls } from '../callback-urls.js';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import type {
  MessageProvider,
  OutboundText,
  OwnedNumber,
  ProviderAccount,
  SendOutcome,
  StatusReport,
} from '../provider.js';
import { inTurns } from '../in-turns.js';
import { TelnyxClient, type TelnyxAnswer } from './telnyx-client.js';
import { failureOf, reportOf, type TelnyxMessage } from './telnyx-words.js';

const TELNYX = 'https://api.telnyx.com';
const TIMED_OUT = 408;
const THROTTLED = 429;
/** Detail records of one phone that are looked at for a message. */
const MAX_RECORDS = 50;
/** Numbers that are asked for at once. */
const PAGE_SIZE = 100;

/** A number, as Telnyx shows it. */
interface TelnyxNumber {
  readonly id: string;
  readonly phone_number: string;
  readonly messaging_profile_id: string | null;
  readonly status: string;
}

/** An account at Telnyx. */
export class Telnyx implements MessageProvider {
  readonly isIdempotent = false;
  readonly pollsAfterSeconds: readonly number[];
  private readonly client: TelnyxClient;

  constructor(
    private readonly account: ProviderAccount,
    private readonly urls: CallbackUrls,
    url = TELNYX,
  ) {
    this.client = new TelnyxClient(url, String(account.secret.apiKey));
    const hears = account.id !== null && urls.inbound(account.tenant, account.id) !== null;
    this.pollsAfterSeconds = hears ? [300, 3_600, 86_400] : [10, 60, 300, 3_600, 86_400];
  }

  async send(tenant: Tenant, { id, from, to, body, media }: OutboundText): Promise<SendOutcome> {
    const { messagingProfileId } = this.account.shown;
    const webhookUrl = this.account.id === null ? null : this.urls.status(tenant, this.account.id, id);
    const answer = await this.client.post('/messages', {
      ...{ from, to, tags: [formatSid(id, 'sms')], use_profile_webhooks: false },
      ...(media.length === 0 || body !== '' ? { text: body } : {}),
      ...(media.length === 0 ? {} : { media_urls: media.map(({ url }) => url) }),
      ...(webhookUrl === null ? {} : { webhook_url: webhookUrl }),
      ...(messagingProfileId === undefined ? {} : { messaging_profile_id: messagingProfileId }),
    });
    return outcomeOf(answer);
  }

  /** By our tag, which its records keep. */
  async find(_: Tenant, { id, to }: OutboundText): Promise<readonly string[]> {
    const filter = { record_type: 'messaging', direction: 'outbound', cld: to, date_range: 'last_2_days' };
    const query = new URLSearchParams({ sort: '-created_at', 'page[size]': String(MAX_RECORDS) });
    Object.entries(filter).forEach(([name, value]) => query.set(`filter[${name}]`, value));
    const records = dataOf(await this.client.get(`/detail_records?${query.toString()}`));
    const sid = formatSid(id, 'sms');
    return (Array.isArray(records) ? (records as Readonly<Record<string, unknown>>[]) : [])
      .filter(({ tags }) => tagsIn(tags).includes(sid))
      .map(({ uuid }) => uuid)
      .filter((uuid) => typeof uuid === 'string');
  }

  async status(_: Tenant, __: OutboundText, providerMessageId: string): Promise<StatusReport | null> {
    const answer = await this.client.get(`/messages/${encodeURIComponent(providerMessageId)}`);
    // It keeps messages for ten days.
    return answer.kind === 'answered' && isMessage(answer.data) ? reportOf(answer.data) : null;
  }

  async ownsNumber(number: string): Promise<'yes' | 'no'> {
    const digits = number.replace(/^\+/, '');
    const query = new URLSearchParams({ 'filter[phone_number]': digits });
    const numbers = dataOf(await this.client.get(`/phone_numbers?${query.toString()}`));
    const isThere = (numbers as Readonly<Record<string, unknown>>[]).some(
      ({ phone_number: one, status }) => one === number && status === 'active',
    );
    return isThere ? 'yes' : 'no';
  }

  /** It says of each what it is used for elsewhere: which of them carry files is known once they do. */
  async ownedNumbers(serviceSid: string | null, most: number): Promise<readonly OwnedNumber[]> {
    if (serviceSid !== null) {
      throw new InvalidInput({ serviceSid: ['The serviceSid field names a service of Twilio’s, and this is Telnyx.'] });
    }
    const found: OwnedNumber[] = [];
    // As many on a page as it likes: what comes after the last is empty.
    for (let page = 1; found.length < most; page += 1) {
      const query = new URLSearchParams({ 'page[number]': String(page), 'page[size]': String(PAGE_SIZE) });
      const numbers = dataOf(await this.client.get(`/phone_numbers?${query.toString()}`)) as readonly TelnyxNumber[];
      if (numbers.length === 0) {
        break;
      }
      const active = numbers.filter(({ status }) => status === 'active');
      found.push(...active.map((one) => this.owned(one)));
    }
    return found.slice(0, most);
  }

  /** It calls for all numbers of a profile. */
  async callFor(_: string | null, numbers: readonly OwnedNumber[]): Promise<void> {
    const { messagingProfileId } = this.account.shown;
    if (messagingProfileId === undefined) {
      const why = 'The configure field needs the messagingProfileId of the provider: Telnyx calls for a profile.';
      throw new InvalidInput({ configure: [why] });
    }
    const profile = `/messaging_profiles/${encodeURIComponent(String(messagingProfileId))}`;
    const url = this.urls.inbound(this.account.tenant, this.account.id!);
    dataOf(await this.client.patch(profile, { webhook_url: url, webhook_api_version: '2' }));
    await inTurns(numbers, async ({ id }) =>
      dataOf(
        await this.client.patch(`/phone_numbers/${encodeURIComponent(id)}/messaging`, {
          messaging_profile_id: messagingProfileId,
        }),
      ),
    );
  }

  async verify(): Promise<string | null> {
    const { messagingProfileId } = this.account.shown;
    const path =
      messagingProfileId === undefined
        ? '/phone_numbers?page[size]=1'
        : `/messaging_profiles/${encodeURIComponent(String(messagingProfileId))}`;
    const answer = await this.client.get(path);
    if (answer.kind === 'failed' && answer.status < 500 && answer.status !== TIMED_OUT && answer.status !== THROTTLED) {
      return answer.status === 404 ? 'Telnyx has no such messaging profile' : 'Telnyx refuses the API key';
    }
    dataOf(answer);
    return null;
  }

  private owned({ id, phone_number: number, messaging_profile_id: profile }: TelnyxNumber): OwnedNumber {
    return { number, id, capabilities: ['sms', 'mms'], callsUs: profile === this.account.shown.messagingProfileId };
  }
}

function outcomeOf(answer: TelnyxAnswer): SendOutcome {
  switch (answer.kind) {
    case 'answered': {
      if (!isMessage(answer.data)) {
        return { kind: 'unknown', why: 'the answer names no message' };
      }
      return { kind: 'accepted', providerMessageId: answer.data.id, status: 'sending' };
    }
    case 'failed': {
      const { status, errors, retryAfter } = answer;
      if (status === THROTTLED) {
        return { kind: 'later', retryAfter, ...failureOf(errors, 'throttled') };
      }
      return status >= 500 || status === TIMED_OUT
        ? { kind: 'unknown', why: `HTTP ${status}` }
        : { kind: 'refused', ...failureOf(errors, status === 401 ? 'provider_auth' : 'provider_error') };
    }
    case 'not_sent':
      return { kind: 'later', retryAfter: null, errorCode: 'provider_unreachable', errorText: answer.why };
    case 'unknown':
      return answer;
  }
}

/** @throws Error where there is none */
function dataOf(answer: TelnyxAnswer): unknown {
  if (answer.kind === 'answered') {
    return answer.data;
  }
  throw new Error(answer.kind === 'failed' ? `HTTP ${answer.status}` : answer.why);
}

function isMessage(data: unknown): data is TelnyxMessage {
  return typeof data === 'object' && data !== null && typeof (data as TelnyxMessage).id === 'string';
}

/** A list, or words between commas. */
function tagsIn(tags: unknown): readonly unknown[] {
  return Array.isArray(tags) ? tags : typeof tags === 'string' ? tags.split(',').map((tag) => tag.trim()) : [];
}
