import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { signedForm } from './signed-form.js';
import { fetchMedia, type FetchedMedia } from './fetched-media.js';

/** A message that it took, as its API shows one. */
export interface TwilioMessage {
  readonly sid: string;
  readonly to: string;
  /** Of a messaging service, the number that it picked. */
  readonly from: string;
  /** The messaging service that it was sent through. */
  readonly service: string | null;
  readonly body: string;
  readonly statusCallback: string | null;
  readonly media: readonly FetchedMedia[];
  readonly createdAt: Date;
  status: string;
  price: string | null;
  errorCode: number | null;
}

/** A message of a phone, with the types of its files. */
export interface ReceivedByTwilio {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly media: readonly string[];
  readonly sentAt: Date;
}

/** What becomes of a request to send: whether it is taken, and what is answered. */
export interface Manner {
  readonly takes: boolean;
  readonly answers:
    'now' | 'late' | 'never' | 'reset' | { readonly status: number; readonly code: number; readonly message: string };
  /** Before it answers; what the network holds up. */
  readonly before?: (message: TwilioMessage) => Promise<unknown>;
}

export const WELL: Manner = { takes: true, answers: 'now' };
const LATE_MS = 300;
const MAX_MEDIA = 10;
const PAGE = {
  first_page_uri: '/',
  next_page_uri: null,
  previous_page_uri: null,
  page: 0,
  page_size: 200,
  start: 0,
  end: 0,
  uri: '/',
};

export const newSid = (prefix: string): string => `${prefix}${randomBytes(16).toString('hex')}`;

/** Of a number, always the same. */
const sidOf = (number: string): string => `PN${number.slice(1)}`;

/** Twilio's REST API as far as it is called, for one account, on this machine. */
export async function fakeTwilio(owned: readonly string[]) {
  const accountSid = newSid('AC');
  const authToken = randomBytes(16).toString('hex');
  const messages: TwilioMessage[] = [];
  /** Every request to send, taken or not. */
  const calls: { readonly to: string; readonly body: string }[] = [];
  /** What phones sent, the first first, whether or not anybody was told of it. */
  const received: ReceivedByTwilio[] = [];
  /** Where each file of a message is, by its path here. */
  const files: Record<string, string> = {};
  const self = {
    manner: (_: { readonly to: string; readonly body: string }): Manner => WELL,
    /** Where an address of the server is, that others see. */
    reach: (url: string): string => url,
    /** The numbers of the account, those that can't send texts, and those of its messaging services. */
    numbers: [...owned],
    voiceOnly: [] as string[],
    services: {} as Record<string, readonly string[]>,
    /** Where each of its numbers, and each service, says what phones sent: by the SID of a service, or the number. */
    webhooks: {} as Record<string, Record<string, string>>,
    /** Changes of numbers and services that it was asked for. */
    changes: 0,
  };
  const root = `/2010-04-01/Accounts/${accountSid}`;

  /** Of the numbers of a service, always the same for a phone. */
  const pick = (service: string, to: string): string => {
    const pool = self.services[service]!;
    return pool[Number(to.at(-1)) % pool.length]!;
  };

  const take = async (form: URLSearchParams): Promise<TwilioMessage> => {
    const urls = form.getAll('MediaUrl');
    const media = await fetchMedia(urls, self.reach);
    const [to, service] = [form.get('To')!, form.get('MessagingServiceSid')];
    const message: TwilioMessage = {
      ...{ sid: newSid(urls.length > 0 ? 'MM' : 'SM'), to, from: form.get('From') ?? pick(service!, to), service },
      ...{ body: form.get('Body') ?? '', media },
      ...{ statusCallback: form.get('StatusCallback'), createdAt: new Date() },
      ...{ status: 'queued', price: null, errorCode: null },
    };
    messages.push(message);
    return message;
  };

  const send = async (form: URLSearchParams, response: ServerResponse): Promise<void> => {
    const asked = { to: form.get('To')!, body: form.get('Body') ?? '' };
    calls.push(asked);
    const media = form.getAll('MediaUrl');
    if (asked.body === '' && media.length === 0) {
      reply(response, 400, { status: 400, code: 21602, message: 'Message body is required' });
      return;
    }
    if (media.length > MAX_MEDIA) {
      reply(response, 400, { status: 400, code: 21623, message: 'Number of media files exceeds allowed limit' });
      return;
    }
    if (!form.has('From') && !self.services[form.get('MessagingServiceSid') ?? '']?.length) {
      reply(response, 400, { status: 400, code: 21703, message: 'The Messaging Service contains no phone numbers' });
      return;
    }
    const { takes, answers, before } = self.manner(asked);
    const message = takes ? await take(form) : null;
    if (message) {
      await before?.(message);
    }
    if (answers === 'never') {
      return;
    }
    if (answers === 'reset') {
      response.socket!.resetAndDestroy();
      return;
    }
    if (typeof answers === 'object') {
      reply(response, answers.status, { ...answers, more_info: `https://www.twilio.com/docs/errors/${answers.code}` });
      return;
    }
    if (answers === 'late') {
      await sleep(LATE_MS);
    }
    // What a service picks is told later.
    reply(response, 201, { ...shown(message!), ...(message!.service ? { from: null, num_segments: '0' } : {}) });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const credentials = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    const { pathname, searchParams: query } = new URL(request.url!, 'http://twilio');
    const one = new RegExp(`^${root}/Messages/((?:SM|MM)[0-9a-f]{32})\\.json$`).exec(pathname);
    const [, service = '', ofIt = ''] = /^\/v1\/Services\/(MG[0-9a-f]{32})(\/PhoneNumbers)?$/.exec(pathname) ?? [];
    const [, ofNumber] = new RegExp(`^${root}/IncomingPhoneNumbers/(PN\\d+)\\.json$`).exec(pathname) ?? [];
    const change = (name: string): void => {
      self.changes += 1;
      self.webhooks[name] = { ...self.webhooks[name], ...Object.fromEntries(new URLSearchParams(text())) };
    };
    const text = (): string => Buffer.concat(chunks).toString();
    const found = one && messages.find(({ sid }) => sid === one[1]);
    const mediaOf = received.find(({ sid }) => pathname === `${root}/Messages/${sid}/Media.json`);
    if (request.headers.authorization !== credentials) {
      reply(response, 401, {
        status: 401,
        code: 20003,
        message: 'Authenticate',
        more_info: 'https://www.twilio.com/docs/errors/20003',
      });
    } else if (pathname === `${root}.json`) {
      reply(response, 200, { sid: accountSid, status: 'active', friendly_name: 'Acme' });
    } else if (pathname === `${root}/Messages.json` && request.method === 'POST') {
      await send(new URLSearchParams(Buffer.concat(chunks).toString()), response);
    } else if (pathname === `${root}/Messages.json`) {
      const to = query.get('To');
      const after = Date.parse(query.get('DateSent>') ?? '') || 0;
      const all = messages.filter((message) => to === null || message.to === to).reverse();
      const heard = received.filter((one) => one.to === to && one.sentAt.getTime() >= after).reverse();
      reply(response, 200, { ...PAGE, messages: [...heard.map(shownReceived), ...all.map(shown)] });
    } else if (mediaOf) {
      const media_list = mediaOf.media.map((type, at) => ({
        ...{ sid: `ME${at}`, content_type: type, parent_sid: mediaOf.sid },
        uri: `${root}/Messages/${mediaOf.sid}/Media/ME${at}.json`,
      }));
      reply(response, 200, { ...PAGE, media_list });
    } else if (files[pathname]) {
      response.writeHead(307, { location: files[pathname] }).end();
    } else if (found) {
      reply(response, 200, shown(found));
    } else if (pathname === `${root}/IncomingPhoneNumbers.json`) {
      const asked = query.get('PhoneNumber');
      const shownOf = (phone_number: string) => {
        const sms = !self.voiceOnly.includes(phone_number);
        const { SmsUrl: sms_url = '', SmsApplicationSid: sms_application_sid = '' } = self.webhooks[phone_number] ?? {};
        const capabilities = { voice: true, sms, mms: false, fax: false };
        return { phone_number, sid: sidOf(phone_number), capabilities, sms_url, sms_application_sid };
      };
      const all = [...self.numbers, ...self.voiceOnly].filter((number) => asked === null || number === asked);
      reply(response, 200, { ...PAGE, incoming_phone_numbers: all.map(shownOf) });
    } else if (ofNumber !== undefined && request.method === 'POST') {
      const phone_number = `+${ofNumber.slice(2)}`;
      change(phone_number);
      reply(response, 200, { phone_number, sid: ofNumber });
    } else if (self.services[service] && ofIt === '') {
      if (request.method === 'POST') {
        change(service);
      }
      reply(response, 200, { sid: service, account_sid: accountSid, friendly_name: 'Pool' });
    } else if (self.services[service]) {
      const phone_numbers = self.services[service].map((phone_number) => ({
        ...{ phone_number, sid: sidOf(phone_number), capabilities: ['SMS', 'MMS', 'Voice'] },
      }));
      reply(response, 200, {
        phone_numbers,
        meta: { key: 'phone_numbers', page: 0, page_size: 50, next_page_url: null },
      });
    } else {
      reply(response, 404, { status: 404, code: 20404, message: 'The requested resource was not found' });
    }
  };

  function shownReceived({ sid, from, to, body, media, sentAt }: ReceivedByTwilio): object {
    const date = sentAt.toUTCString();
    return {
      ...{ sid, from, to, body, num_media: String(media.length), num_segments: '1', status: 'received' },
      ...{ direction: 'inbound', account_sid: accountSid, price: null, price_unit: 'USD', error_code: null },
      ...{ date_created: date, date_updated: date, date_sent: date },
    };
  }

  function shown(message: TwilioMessage): object {
    const { sid, to, from, service, body, status, price, errorCode, createdAt, media } = message;
    return {
      ...{
        sid,
        to,
        from,
        body,
        status,
        price,
        price_unit: 'USD',
        num_segments: '1',
        num_media: String(media.length),
        account_sid: accountSid,
        messaging_service_sid: service,
      },
      ...{ direction: 'outbound-api', error_code: errorCode, error_message: null, api_version: '2010-04-01' },
      ...{ date_created: createdAt.toUTCString(), date_updated: createdAt.toUTCString(), date_sent: null },
    };
  }

  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** Tells a status of a message where it was asked to; `publicUrl` leads to `serverUrl`. */
  const tell = async (
    message: TwilioMessage,
    status: string,
    {
      publicUrl,
      serverUrl,
      errorCode,
    }: { readonly publicUrl: string; readonly serverUrl: string; readonly errorCode?: string },
  ) => {
    const params = {
      ...{ MessageSid: message.sid, SmsSid: message.sid, MessageStatus: status, SmsStatus: status, To: message.to },
      ...{ From: message.from, AccountSid: accountSid, ApiVersion: '2010-04-01', RawDlrDoneDate: '2611221200' },
      ...(message.service ? { MessagingServiceSid: message.service } : {}),
      ...(errorCode ? { ErrorCode: errorCode } : {}),
    };
    const { text, headers } = signedForm(authToken, message.statusCallback!, params);
    return (await fetch(message.statusCallback!.replace(publicUrl, serverUrl), { method: 'POST', headers, body: text }))
      .status;
  };

  return Object.assign(self, {
    ...{ url, accountSid, authToken, messages, received, calls, files, tell },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
