import RequestClient from 'twilio/lib/base/RequestClient.js';
import twilio from 'twilio';
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { CallbackUrls } from '../callback-urls.js';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import type {
  KeptText,
  MessageProvider,
  OutboundText,
  OwnedNumber,
  ProviderAccount,
  SendOutcome,
  StatusReport,
} from '../provider.js';
import { inTurns } from '../in-turns.js';
import { SENDER, SERVICE } from '../senders.js';
import { outcomeOfError, rejectionOf } from './twilio-errors.js';
import { failureOf, statusOf, storable } from './twilio-words.js';

const TIMEOUT_MS = 15_000;
/** What was begun in these about the moment of a call may be what came of it. */
const FOUND_WITHIN_MS = 120_000;
/** The clocks need not agree to the second. */
const CLOCKS_MS = 5_000;
/** Messages to one number that are looked through. */
const MAX_LOOKED_AT = 200;
const SID = /^(SM|MM)[\da-f]{32}$/i;

/** Inbound messages of one number that are looked through for what was missed, and files of one of them. */
const MAX_RECEIVED = 1_000;
const MAX_MEDIA = 10;
const FILES = 'https://api.twilio.com';

/** Where its files are, in each of its regions: its own hosts, on which nobody else keeps anything. */
const FILES_AT = /^https:\/\/api\.(?:[a-z\d-]+\.){0,2}twilio\.com$/;

/** In seconds after it took a message: where callbacks can't reach us, asking is the only way to know. */
const POLLS = [300, 3_600, 86_400];
const POLLS_WITHOUT_CALLBACKS = [10, 60, 300, 3_600, 86_400];

export class TwilioProvider implements MessageProvider {
  readonly isIdempotent = false;
  readonly pollsAfterSeconds: readonly number[];
  private readonly client: twilio.Twilio;
  private readonly credentials: readonly [username: string, password: string];

  constructor(
    private readonly account: ProviderAccount,
    private readonly urls: CallbackUrls,
    private readonly twilioUrl: string | undefined,
  ) {
    const { apiKeySid, apiKeySecret } = { ...account.shown, ...account.secret };
    this.credentials = apiKeySid === undefined ? [this.sid, this.token] : [String(apiKeySid), String(apiKeySecret)];
    this.client = this.clientAs(...this.credentials);
    this.pollsAfterSeconds = urls.areReachable ? POLLS : POLLS_WITHOUT_CALLBACKS;
  }

  async send(tenant: Tenant, { id, from, to, body, media }: OutboundText): Promise<SendOutcome> {
    const statusCallback = this.account.id === null ? null : this.urls.status(tenant, this.account.id, id);
    try {
      const { sid } = await this.client.messages.create({
        to,
        ...(SERVICE.test(from) ? { messagingServiceSid: from } : { from }),
        ...(media.length === 0 || body !== '' ? { body } : {}),
        ...(media.length === 0 ? {} : { mediaUrl: media.map(({ url }) => url) }),
        ...(statusCallback === null ? {} : { statusCallback }),
      });
      return SID.test(String(sid))
        ? { kind: 'accepted', providerMessageId: sid, status: 'sending' }
        : { kind: 'unknown', why: 'Twilio’s answer can not be read' };
    } catch (error) {
      return outcomeOfError(error);
    }
  }

  async find(_: Tenant, { to, body }: OutboundText, since: Date): Promise<readonly string[]> {
    const messages = await this.client.messages.list({ to, limit: MAX_LOOKED_AT, pageSize: MAX_LOOKED_AT });
    const isIt = ({ direction, body: said, dateCreated }: MessageInstance): boolean => {
      const age = dateCreated.getTime() - since.getTime();
      return !direction.startsWith('inbound') && said === body && age > -CLOCKS_MS && age < FOUND_WITHIN_MS;
    };
    return messages
      .filter(isIt)
      .sort((one, other) => one.dateCreated.getTime() - other.dateCreated.getTime())
      .map(({ sid }) => sid);
  }

  async status(_: Tenant, __: OutboundText, providerMessageId: string): Promise<StatusReport | null> {
    const message = await this.client.messages(providerMessageId).fetch();
    const status = statusOf(message.status);
    const { numSegments, price, priceUnit, errorCode, errorMessage } = message;
    // Until a messaging service has picked a number there is none.
    const from = message.from as string | null;
    return (
      status && {
        status,
        ...(from !== null && SENDER.test(from) ? { from } : {}),
        ...(status === 'failed' || status === 'undelivered' ? failureOf(errorCode, errorMessage) : {}),
        ...(Number(numSegments) > 0 ? { segments: Number(numSegments) } : {}),
        // What it costs is told as what goes off the balance.
        ...(price ? { price: price.replace(/^-/, ''), currency: priceUnit } : {}),
      }
    );
  }

  async ownsNumber(number: string): Promise<'yes' | 'no'> {
    if (SERVICE.test(number)) {
      return (await this.hasService(number)) ? 'yes' : 'no';
    }
    const found = await this.client.incomingPhoneNumbers.list({ phoneNumber: number, limit: 1 });
    return found.some(({ phoneNumber }) => phoneNumber === number) ? 'yes' : 'no';
  }

  async ownedNumbers(serviceSid: string | null, most: number): Promise<readonly OwnedNumber[]> {
    const numbers =
      serviceSid === null
        ? await this.client.incomingPhoneNumbers.list({ limit: most })
        : await this.client.messaging.v1.services(serviceSid).phoneNumbers.list({ limit: most }).catch(noService);
    return numbers
      .map((one) => ({
        ...{ number: one.phoneNumber, id: one.sid, capabilities: capabilitiesIn(one.capabilities) },
        callsUs: 'smsUrl' in one && one.smsUrl === this.inboundUrl && one.smsApplicationSid === '',
      }))
      .filter(({ capabilities }) => capabilities.includes('sms'));
  }

  async callFor(serviceSid: string | null, numbers: readonly OwnedNumber[]): Promise<void> {
    const url = this.inboundUrl!;
    if (serviceSid !== null) {
      const service = { inboundRequestUrl: url, inboundMethod: 'POST', useInboundWebhookOnNumber: false };
      await this.client.messaging.v1.services(serviceSid).update(service);
      return;
    }
    // With an application of the account it would call that one.
    const webhook = { smsUrl: url, smsMethod: 'POST', smsApplicationSid: '' };
    await inTurns(numbers, ({ id }) => this.client.incomingPhoneNumbers(id).update(webhook));
  }

  /** It says once what a phone sent, whether or not anybody hears it. */
  async received(number: string, since: Date): Promise<readonly KeptText[]> {
    const query = { to: number, dateSentAfter: since, limit: MAX_RECEIVED, pageSize: MAX_RECEIVED };
    const messages = await this.client.messages.list(query);
    return messages
      .filter(({ direction, dateSent }) => direction === 'inbound' && dateSent >= since)
      .map(({ sid, from, to, body, dateSent: sentAt, numMedia }) => ({
        ...{ providerMessageId: sid, from, to, body: storable(body), sentAt },
        media: () => (Number(numMedia) > 0 ? this.mediaOf(sid) : Promise.resolve([])),
      }))
      .reverse();
  }

  /** Whose URL a callback names may be anybody: only Twilio is told who asks. */
  mediaRequest(url: string): ReturnType<NonNullable<MessageProvider['mediaRequest']>> {
    const at = URL.canParse(url) ? new URL(url) : null;
    if (!at || !FILES_AT.test(at.origin)) {
      return {};
    }
    const headers = { authorization: `Basic ${Buffer.from(this.credentials.join(':')).toString('base64')}` };
    return this.twilioUrl === undefined
      ? { headers }
      : { headers, url: this.twilioUrl + at.pathname + at.search, rules: { http: true, loopback: true } };
  }

  /** The auth token signs callbacks, so it is tried even where a key sends. */
  async verify(): Promise<string | null> {
    try {
      const { status } = await this.clientAs(this.sid, this.token).api.v2010.accounts(this.sid).fetch();
      if (status !== 'active') {
        return `Twilio says that the account is ${status}`;
      }
      const service = this.account.shown.messagingServiceSid;
      if (service !== undefined && !(await this.hasService(String(service)))) {
        return 'The account has no such messaging service';
      }
      await this.client.messages.list({ limit: 1, pageSize: 1 });
      return null;
    } catch (error) {
      return rejectionOf(error);
    }
  }

  private async hasService(sid: string): Promise<boolean> {
    try {
      await this.client.messaging.v1.services(sid).fetch();
      return true;
    } catch (error) {
      if ((error as { readonly status?: number }).status === 404) {
        return false;
      }
      throw error;
    }
  }

  private async mediaOf(sid: string) {
    const all = await this.client.messages(sid).media.list({ limit: MAX_MEDIA });
    return all.map(({ uri, contentType }) => ({ url: FILES + uri.replace(/\.json$/, ''), contentType }));
  }

  private get inboundUrl(): string | null {
    return this.account.id === null ? null : this.urls.inbound(this.account.tenant, this.account.id);
  }

  private get sid(): string {
    return String(this.account.shown.accountSid);
  }

  private get token(): string {
    return String(this.account.secret.authToken);
  }

  private clientAs(username: string, password: string): twilio.Twilio {
    return twilio(username, password, { accountSid: this.sid, httpClient: new Caller(this.twilioUrl) });
  }
}

/** @throws InvalidInput, or the error where it is another */
function noService(error: unknown): never {
  throw (error as { readonly status?: number }).status === 404
    ? new InvalidInput({ serviceSid: ['The serviceSid field must be a messaging service of the account.'] })
    : error;
}

/** Of a number, by name; of one of a service, a list of names. */
function capabilitiesIn(shown: object | readonly string[]): OwnedNumber['capabilities'] {
  const names = Array.isArray(shown)
    ? (shown as readonly string[])
    : Object.entries(shown).flatMap(([name, has]) => (has === true ? [name] : []));
  return (['sms', 'mms'] as const).filter((one) => names.some((name) => name.toLowerCase() === one));
}

/** Calls once. All of Twilio's hosts are behind one address where the operator says so, for tests and proxies. */
class Caller extends RequestClient {
  constructor(private readonly site: string | undefined) {
    super({ timeout: TIMEOUT_MS });
  }

  override request<TData>(options: RequestClient.RequestOptions<TData>) {
    const uri = this.site === undefined ? options.uri : options.uri.replace(/^https:\/\/[^/]+/, this.site);
    return super.request<TData>({ ...options, uri });
  }
}
