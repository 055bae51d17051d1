import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { now } from '../../../src/platform/common/clock.js';
import { parseSid } from '../../../src/platform/common/ids/sid.js';
import { signPath } from '../../../src/platform/common/signed-path.js';
import { dnsServer, type DnsServer } from '../../support/dns-server.js';
import { expectExactRows } from '../../support/exact.js';
import { startFileServer } from '../../support/files.js';
import { accepted, call, type Reply, type TestClient } from '../../support/given.js';
import { mediaSite, PNG, served, type MediaSite } from '../../support/media.js';
import { deliveriesOf, miscounted, OUR_NUMBER, phonesOn } from '../../support/phones.js';
import { useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { givenUsers, inWorkspace } from '../../support/users.js';

const PHONE = '+14155552671';
const MB = 1024 * 1024;

let dns: DnsServer;
let site: MediaSite;
beforeAll(async () => {
  await ownDatabase();
  dns = await dnsServer({ 'media.example': '127.0.0.1', 'inside.example': '10.0.0.1' });
  site = await mediaSite({
    '/photo.png': served('image/png', PNG),
    '/card': served('text/x-vcard; charset=utf-8', 'BEGIN:VCARD\r\nEND:VCARD\r\n'),
    '/page.png': served('image/png', '<html><script>alert(1)</script>'),
    '/image.svg': served('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    '/other.png': served('image/jpeg', PNG),
    '/large.png': served('image/png', Buffer.concat([PNG, Buffer.alloc(5 * MB - PNG.length)])),
    '/larger.png': served('image/png', Buffer.concat([PNG, Buffer.alloc(5 * MB - PNG.length + 1)])),
    '/away': (_, response) => void response.writeHead(302, { location: 'http://inside.example/' }).end(),
    '/silent.png': () => undefined,
  });
});
afterAll(() => {
  site.close();
  dns.close();
});
const server = useServer(() => startFileServer({ ROLE: 'all', DNS_SERVERS: dns.address }));
const given = phonesOn(() => server);
const users = givenUsers(() => server);

const error = ({ status, body }: Reply): unknown => [status, (body as { error?: string }).error];
const withKey =
  ({ secretKey }: Pick<TestClient, 'secretKey'>) =>
  (method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Reply> =>
    call(`${server.url}/api/messages${path}`, method, body, { authorization: `Bearer ${secretKey}`, ...more });

/** A signed address as this server has it, on the port that it happens to have here. */
const here = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${server.url}${pathname}${search}`;
};

async function withNumber() {
  const acme = await given.client();
  await given.address(acme);
  const ask = withKey(acme);
  return { acme, ask, send: (body: object, more?: Record<string, string>) => ask('POST', '', body, more) };
}

describe('A message with media', () => {
  it('is fetched, sent, and shown alike in every API', async () => {
    const { acme, ask, send } = await withNumber();
    await sql(`INSERT INTO listeners (client_id, id) VALUES ($1, gen_random_uuid())`, acme.uuid);
    const mediaUrls = [`http://media.example:${site.port}/photo.png`, `${site.url}/card`];
    const words = 'é'.repeat(1_500);
    const { body: sent } = accepted(await send({ to: PHONE, body: words, mediaUrls }));
    expect(sent).toEqual({ sid: expect.stringMatching(/^MM[\da-f]{32}$/), status: 'queued' });
    const shown = await until(async () => {
      const { body } = accepted(await ask('GET', `/${sent.sid}`));
      return body.status === 'delivered' ? body : null;
    });
    expect(shown).toMatchObject({ sid: sent.sid, medium: 'mms', body: words, segments: 1, deleted: false });
    expect(shown.media).toMatchObject([
      { contentType: 'image/png', size: PNG.length },
      { contentType: 'text/vcard', size: 24 },
    ]);
    const core = accepted(await acme.send('GET', `/api/v1/messages/${shown.id}`)).body;
    expect(core).toMatchObject({ type: 'text', content: words });
    const parts = core.parts as { mime_type: string; body?: string; size?: number }[];
    expect(parts.map(({ mime_type, size }) => [mime_type, size])).toEqual([
      ...[
        ['text/plain', undefined],
        ['text/plain', undefined],
      ],
      ...[
        ['image/png', PNG.length],
        ['text/vcard', 24],
      ],
    ]);
    expect(parts.map(({ body = '' }) => body).join('')).toBe(words);
    expect(parts.every(({ body = '' }) => Buffer.byteLength(body) <= 2_048)).toBe(true);
    const events = accepted(await acme.send('GET', '/api/v1/events?limit=100')).body.data as {
      type: string;
      data: { media: unknown };
    }[];
    const told = events.filter(({ type }) => type.startsWith('delivery.'));
    const { file_id } = (told[0]!.data.media as { file_id: string }[])[0]!;
    expect(told.length).toBeGreaterThan(3);
    for (const { data } of told) {
      expect(data.media).toMatchObject([{ file_id, content_type: 'image/png', size: PNG.length }, { size: 24 }]);
    }
    expect((await acme.send('GET', `/api/v1/files/${file_id}`)).body.name).toBe('photo.png');
    expect(site.asked.every(({ authorization }) => authorization === undefined)).toBe(true);
    expect(await deliveriesOf(acme)).toMatchObject([{ medium: 'mms', media_count: 2, segments: 1 }]);
    expect(await miscounted(acme)).toEqual([]);
    await expectExactRows(acme.uuid);
  });

  it('needs no words, and has none then', async () => {
    const { acme, ask, send } = await withNumber();
    for (const name of ['mediaUrls', 'media', 'media_urls', 'mediaUrl']) {
      const { sid } = accepted(await send({ to: PHONE, [name]: `${site.url}/photo.png` })).body;
      const shown = accepted(await ask('GET', `/${sid}`)).body;
      expect(shown).toMatchObject({ body: '', medium: 'mms', media: [{ contentType: 'image/png' }] });
      expect((await acme.send('GET', `/api/v1/messages/${shown.id}`)).body).toMatchObject({ type: 'image' });
    }
    accepted(await send({ to: PHONE, body: '', media: [`${site.url}/photo.png`] }));
    expect((await ask('GET', '?limit=2')).body.data).toMatchObject([{ media: [{}] }, { media: [{}] }]);
    expect((await send({ to: PHONE, body: 'x', media: [] })).body.sid).toMatch(/^SM/);
    expect(error(await send({ to: PHONE, media: [] }))).toEqual([400, 'missing_params']);
  });

  it.each<[string, object, string]>([
    ['11 media', { media: Array.from({ length: 11 }, () => 'https://example.com/') }, 'invalid_media'],
    ['two names', { media: 'https://example.com/', mediaUrls: ['https://example.com/'] }, 'invalid_params'],
    ['a number', { media: 5 }, 'invalid_params'],
    ['a number in the list', { media: [5] }, 'invalid_params'],
    ['none', { media: '' }, 'invalid_media'],
    ['a long URL', { media: `https://example.com/${'x'.repeat(2_048)}` }, 'invalid_media'],
    ['a file', { media: 'file:///etc/passwd' }, 'invalid_media'],
    ['data', { media: 'data:image/png;base64,aaaa' }, 'invalid_media'],
    ['a password', { media: 'https://user:pass@example.com/' }, 'invalid_media'],
    ['metadata of a cloud', { media: 'http://169.254.169.254/latest' }, 'invalid_media'],
    ['IPv4 in IPv6', { media: 'http://[::ffff:10.0.0.1]/' }, 'invalid_media'],
    ['a name that leads inside', { media: 'http://inside.example/' }, 'invalid_media'],
    ['a redirect inside', { media: '/away' }, 'invalid_media'],
    ['nothing there', { media: '/none' }, 'media_unreachable'],
    ['a byte too much', { media: '/larger.png' }, 'media_too_large'],
    ['a page as an image', { media: '/page.png' }, 'media_type_not_allowed'],
    ['SVG', { media: '/image.svg' }, 'media_type_not_allowed'],
    ['another type than it says', { media: '/other.png' }, 'media_type_not_allowed'],
    ['one good, one bad', { media: ['/photo.png', '/page.png'] }, 'media_type_not_allowed'],
    ['a wrong number, too', { to: 'x', media: 'file:///etc/passwd' }, 'invalid_number'],
    ['a foreign sender, too', { from: '+15005550100', media: 'file:///etc/passwd' }, 'invalid_from'],
  ])('with %s is refused', async (_, body, code) => {
    const { acme, send } = await withNumber();
    const at = (url: unknown): unknown => (typeof url === 'string' && url.startsWith('/') ? site.url + url : url);
    const urls = (value: unknown): unknown => (Array.isArray(value) ? value.map(at) : at(value));
    const given = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, urls(value)]));
    expect(error(await send({ to: PHONE, body: 'x', ...given }))).toEqual([400, code]);
    expect(await deliveriesOf(acme)).toEqual([]);
  });

  it('may have as much as is allowed, and tells opt-outs after media', async () => {
    const { acme, send } = await withNumber();
    accepted(await send({ to: PHONE, media: Array.from({ length: 2 }, () => `${site.url}/large.png`) }));
    const to = '+15005550014';
    accepted(await send({ to, body: 'x' }));
    await until(async () => (await sql(`SELECT FROM opt_outs WHERE client_id = $1`, acme.uuid)).length > 0);
    expect(error(await send({ to, media: `${site.url}/photo.png` }))).toEqual([400, 'recipient_opted_out']);
    expect(error(await send({ to, media: `${site.url}/page.png` }))).toEqual([400, 'media_type_not_allowed']);
  });

  it('is not sent from a number that has none', async () => {
    const acme = await given.client();
    await given.address(acme);
    await sql(`UPDATE addresses SET capabilities = '{sms}' WHERE client_id = $1`, acme.uuid);
    const message = { to: PHONE, media: 'http://127.0.0.1:1/' };
    expect(error(await withKey(acme)('POST', '', message))).toEqual([400, 'media_not_supported']);
  });

  it('under an Idempotency-Key is fetched once more at most, and sent once', async () => {
    const { acme, send } = await withNumber();
    const [path, headers] = [`/${randomUUID()}.png`, { 'idempotency-key': randomUUID() }];
    const message = { to: PHONE, media: [site.url + path] };
    expect(error(await send(message, headers))).toEqual([400, 'media_unreachable']);
    site.files[path] = served('image/png', PNG);
    const replies = await Promise.all([send(message, headers), send(message, headers)]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    const again = await send(message, headers);
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([replies[0].body, 'true']);
    expect(replies[1].body).toEqual(replies[0].body);
    expect(site.asked.filter((one) => one.path === path).length).toBeLessThanOrEqual(3);
    expect(await deliveriesOf(acme)).toHaveLength(1);
    const files = await sql(`SELECT FROM files WHERE client_id = $1 AND expires_at IS NULL`, acme.uuid);
    expect(files).toHaveLength(1);
    expect(error(await send({ ...message, body: 'x' }, headers))).toEqual([400, 'idempotency_key_reused']);
  });

  it('is said by a user, and in a conversation', async () => {
    const { owner, workspace } = await users.team();
    accepted(await owner.send('POST', inWorkspace(workspace, '/phone-numbers'), { number: OUR_NUMBER }));
    const message = { to: PHONE, media: `${site.url}/photo.png` };
    accepted(await owner.send('POST', inWorkspace(workspace, '/messages'), message));
    const { data } = accepted(await owner.send('GET', inWorkspace(workspace, '/conversations'))).body;
    expect(data[0].lastMessage).toMatchObject({ body: '', userId: owner.id, media: [{ size: PNG.length }] });
    const path = inWorkspace(workspace, `/conversations/${data[0].id}/messages`);
    const reply = accepted(await owner.send('POST', path, { mediaUrls: [`${site.url}/card`] })).body;
    expect(reply.sid).toMatch(/^MM/);
    const said = accepted(await owner.send('GET', path)).body.data;
    expect(said[0]).toMatchObject({ sid: reply.sid, media: [{ contentType: 'text/vcard' }] });
  });

  it('goes out from the core, too', async () => {
    const acme = await given.client();
    const { channel, from } = await given.thread(acme, PHONE);
    const file = accepted(await acme.send('POST', '/api/v1/files', { mime_type: 'text/html', size: 5 })).body;
    expect((await fetch(file.upload_url as string, { method: 'PUT', body: 'hello' })).status).toBe(204);
    const parts = [{ mime_type: 'text/html', file_uuid: file.id }];
    accepted(await acme.send('POST', '/api/v1/messages', { channel_uuid: channel.id, sender_uuid: from.id, parts }));
    const [shown] = accepted(await withKey(acme)('GET', '')).body.data;
    expect(shown).toMatchObject({ medium: 'mms', body: '', media: [{ contentType: 'text/html', size: 5 }] });
    const response = await fetch(here(shown.media[0].url as string));
    expect([response.status, await response.text()]).toEqual([200, 'hello']);
    expect(response.headers.get('content-disposition')).toBe('attachment');
  });
});

describe('The address of media', () => {
  it('gives the file to whoever has it, for a day, and nothing else', async () => {
    const { acme, ask, send } = await withNumber();
    const { sid } = accepted(await send({ to: PHONE, media: `${site.url}/photo.png` })).body;
    const { url } = accepted(await ask('GET', `/${sid}`)).body.media[0] as { url: string };
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(here(url), { method });
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/png',
        'content-length': String(PNG.length),
        'content-disposition': 'inline; filename="photo.png"',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      });
      expect(Buffer.from(await response.arrayBuffer())).toEqual(method === 'GET' ? PNG : Buffer.alloc(0));
    }
    const { pathname, search } = new URL(url);
    const refused = async (path: string): Promise<unknown> => error(await call(server.url + path, 'GET'));
    const other = await withNumber();
    const { sid: foreign } = accepted(await other.send({ to: PHONE, media: `${site.url}/photo.png` })).body;
    const later = search.replace(/expires=\d+/, (text) => `expires=${Number(text.slice(8)) + 1}`);
    for (const path of [
      ...[pathname, `${pathname}${later}`, `${pathname.replace(/0$/, '1')}${search}`, `${pathname}?expires=1`],
      ...[`${pathname.replace(sid as string, foreign as string)}${search}`, `${pathname.replace('MM', 'SM')}${search}`],
      ...[`${pathname.replace(acme.id, other.acme.id)}${search}`, `/api/media/x/y/z${search}`],
    ]) {
      expect([path, await refused(path)]).toEqual([path, [403, 'forbidden']]);
    }
    const [{ key }] = (await sql(`SELECT realtime_secret AS key FROM clients WHERE id = $1`, acme.uuid)) as [
      { key: Buffer },
    ];
    const signed = (path: string, at: number): string => signPath(key, 'GET', path, new Date(now().getTime() + at));
    expect(await refused(signed(pathname, -1))).toEqual([403, 'forbidden']);
    expect(await refused(signed(pathname.replace(/0$/, '1'), 60_000))).toEqual([404, 'not_found']);
    const id = parseSid(sid as string);
    expect((await acme.send('DELETE', `/api/v1/messages/${id}?mode=all_participants`)).status).toBe(204);
    expect(await refused(pathname + search)).toEqual([404, 'not_found']);
  });
});
