import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchMedia, type FetchedMedia } from './fetched-media.js';

/** A message that it took, as it was asked for. */
export interface TelnyxTaken {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly webhook_url?: string;
  readonly media_urls?: readonly string[];
  readonly media: readonly FetchedMedia[];
  status: string;
}

type Manner = 'takes' | 'takes and breaks' | { readonly status: number; readonly code: string };

/** Telnyx's API as far as it is called, for one account, on this machine. */
export async function fakeTelnyx(owned: readonly string[]) {
  const apiKey = `KEY${randomUUID()}`;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const taken: TelnyxTaken[] = [];
  const self = {
    manner: (): Manner => 'takes',
    /** Where an address of the server is, that others see. */
    reach: (url: string): string => url,
    numbers: [...owned],
    porting: [] as string[],
    /** Its messaging profiles, and which numbers are in one. */
    profiles: {} as Record<string, object>,
    profileOf: {} as Record<string, string>,
    /** Changes of numbers and profiles that it was asked for. */
    changes: 0,
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const { pathname, searchParams: query } = new URL(request.url!, 'http://telnyx');
    const [, profile = ''] = /^\/v2\/messaging_profiles\/(.+)$/.exec(pathname) ?? [];
    const [, digitsOf] = /^\/v2\/phone_numbers\/id-(\d+)\/messaging$/.exec(pathname) ?? [];
    const asked = (): object => JSON.parse(Buffer.concat(chunks).toString()) as object;
    const known = taken.find(({ id }) => pathname === `/v2/messages/${id}`);
    if (request.headers.authorization !== `Bearer ${apiKey}`) {
      reply(response, 401, { errors: [{ code: '10009', title: 'Authentication failed' }] });
    } else if (pathname === '/v2/messages' && request.method === 'POST') {
      const manner = self.manner();
      if (typeof manner === 'object') {
        return reply(response, manner.status, {
          errors: [{ code: manner.code, title: 'No', detail: 'It is refused.' }],
        });
      }
      const text = asked() as TelnyxTaken;
      const message = {
        ...{ ...text, media: await fetchMedia(text.media_urls ?? [], self.reach) },
        id: randomUUID(),
        status: 'queued',
      };
      taken.push(message);
      if (manner === 'takes and breaks') {
        response.socket!.resetAndDestroy();
      } else {
        reply(response, 200, { data: shown(message) });
      }
    } else if (known) {
      reply(response, 200, { data: shown(known) });
    } else if (pathname === '/v2/detail_records') {
      const found = taken.filter(({ to }) => to === query.get('filter[cld]'));
      const data = found.map(({ id: uuid, to: cld, from: cli, tags, status }) => ({
        ...{ record_type: 'message_detail_record', uuid, cld, cli, status, tags: tags.join(',') },
      }));
      reply(response, 200, { data });
    } else if (pathname === '/v2/phone_numbers') {
      const digits = query.get('filter[phone_number]') ?? '';
      const shownAs = (status: string) => (one: string) => ({
        ...{ id: `id-${one.slice(1)}`, phone_number: one, status },
        messaging_profile_id: self.profileOf[one] ?? null,
      });
      const all = [...self.numbers.map(shownAs('active')), ...self.porting.map(shownAs('port-pending'))];
      // Whatever size is asked for, it may have its own.
      const from = 2 * (Number(query.get('page[number]') ?? 1) - 1);
      const data = all.filter(({ phone_number: one }) => one.includes(digits)).slice(from, from + 2);
      reply(response, 200, { data, meta: { total_pages: Math.ceil(all.length / 2) } });
    } else if (self.profiles[profile]) {
      if (request.method === 'PATCH') {
        self.changes += 1;
        self.profiles[profile] = { ...self.profiles[profile], ...asked() };
      }
      reply(response, 200, { data: { id: profile, ...self.profiles[profile] } });
    } else if (digitsOf !== undefined && request.method === 'PATCH') {
      self.changes += 1;
      self.profileOf[`+${digitsOf}`] = (asked() as { messaging_profile_id: string }).messaging_profile_id;
      reply(response, 200, { data: { phone_number: `+${digitsOf}` } });
    } else {
      reply(response, 404, { errors: [{ code: '10005', title: 'Resource not found' }] });
    }
  };

  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(self, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    /** The 32 bytes at the end of its standard form. */
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
    taken,
    /** What is posted, and the headers that prove who it is. */
    signed: (event: object, { at = Date.now() } = {}) => {
      const text = JSON.stringify({ data: event });
      const timestamp = String(Math.floor(at / 1000));
      const signature = sign(null, Buffer.from(`${timestamp}|${text}`), privateKey).toString('base64');
      const headers = { 'content-type': 'application/json', 'telnyx-timestamp': timestamp };
      return { text, headers: { ...headers, 'telnyx-signature-ed25519': signature } };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function shown({ id, from, to, text, tags, status }: TelnyxTaken): object {
  return {
    ...{ record_type: 'message', direction: 'outbound', id, type: 'SMS', text, tags, parts: 1, errors: [] },
    ...{
      from: { phone_number: from },
      to: [{ phone_number: to, status }],
      cost: { amount: '0.0051', currency: 'USD' },
    },
  };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
