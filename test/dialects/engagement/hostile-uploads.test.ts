import type { Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { givenTeams, type TestCaller } from '../../support/engagement.js';
import { onDisk, startFileServer } from '../../support/files.js';
import { accepted, type Reply } from '../../support/given.js';
import { givenInboxes, post, show, told } from '../../support/inbox.js';
import { answersOn, exchange, exchangeOne, open, wire, type HeaderLine } from '../../support/raw-http.js';
import { useServer } from '../../support/server.js';
import { until } from '../../support/until.js';

const MB = 1024 * 1024;
let dataDir: string;
const server = useServer(async () => {
  const started = await startFileServer();
  ({ dataDir } = started);
  return started;
});
const given = givenTeams(() => server);
const inboxes = givenInboxes(() => server);

let key: TestCaller;
beforeAll(async () => {
  key = await (await given.team()).key();
});

const HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n';
const END = '\r\n--b--\r\n';
const linesWith = (...more: HeaderLine[]): HeaderLine[] => [
  ...([
    ['Authorization', `Bearer ${key.token}`],
    ['Content-Type', 'multipart/form-data; boundary=b'],
  ] as const),
  ...more,
];
const PATH = '/api/v1/contacts/import';
const send = (body: Buffer | string, ...more: HeaderLine[]): Promise<Reply> =>
  exchangeOne(server.port, wire('POST', PATH, linesWith(...more), body));
const packed = (body: Buffer | string): Promise<Reply> => send(gzipSync(body), ['Content-Encoding', 'gzip']);
const contacts = async (): Promise<number> => accepted(await key.send('GET', '/contacts')).body.meta.total as number;

describe('A form with a file', () => {
  it('may be compressed, and is refused by what it comes to', async () => {
    expect(await packed(`${HEAD}email\nanna@example.com${END}`)).toMatchObject({ status: 200 });
    expect(await contacts()).toBe(1);
    for (const bomb of [
      Buffer.concat([Buffer.from(`${HEAD}email\n`), Buffer.alloc(40 * MB, 'x'), Buffer.from(END)]),
      // All of it before the form begins.
      Buffer.alloc(40 * MB, 'x'),
    ]) {
      const small = gzipSync(bomb);
      expect(small.length).toBeLessThan(MB);
      expect(told(await send(small, ['Content-Encoding', 'gzip']))[0]).toBe(413);
      expect(onDisk({ dataDir })).toEqual([]);
    }
    const broken = await send(gzipSync(`${HEAD}email\n`).subarray(0, -9), ['Content-Encoding', 'gzip']);
    expect(told(broken)).toEqual([400, { message: 'Malformed form.' }]);
    expect((await send('x', ['Content-Encoding', 'zstd'])).status).toBe(415);
    expect(await contacts()).toBe(1);
  });

  it('of two files is refused, and neither is kept', async () => {
    const twice = `${HEAD}email\nanna@example.com\r\n${HEAD}email\nben@example.com${END}`;
    const many = [422, { errors: { file: ['The file field was given more than once.'] } }];
    expect(told(await send(twice))).toEqual(many);
    await until(() => onDisk({ dataDir }).length === 0);
  });

  it('that says less than it brings is refused where that ends', async () => {
    const lying = wire('POST', PATH, linesWith(['Content-Length', '1024']), `${HEAD}${'x'.repeat(20 * MB)}`);
    // What follows the end is no request: for that the server may hang up before the answer is out.
    const replies = await exchange(server.port, lying);
    expect(replies.filter(({ status }) => status !== 400)).toEqual([]);
    await until(() => onDisk({ dataDir }).length === 0);
    const endless = `${(20 * MB).toString(16)}\r\n${HEAD}${'x'.repeat(20 * MB - HEAD.length)}\r\n`;
    const chunked = wire('POST', PATH, linesWith(['Transfer-Encoding', 'chunked']), endless);
    const tooLarge = [413, { message: 'The file must not exceed 10 MB.' }];
    expect(told(await exchangeOne(server.port, chunked))).toEqual(tooLarge);
    await until(() => onDisk({ dataDir }).length === 0);
  });

  it('that trickles is told 408, and its draft is gone', async () => {
    const http: Server = server.app.getHttpServer();
    const { headersTimeout, requestTimeout } = http;
    expect(requestTimeout).toBe(30_000);
    // Node takes the shorter of the two for that of the headers.
    [http.headersTimeout, http.requestTimeout] = [1_500, 1_500];
    try {
      const socket = await open(server.port);
      socket.write(wire('POST', PATH, linesWith(['Content-Length', '1000000']), HEAD));
      const trickle = setInterval(() => socket.write('x'), 100);
      await until(() => onDisk({ dataDir }).length === 1);
      const replies = await answersOn(socket, 2).finally(() => clearInterval(trickle));
      expect(replies.map(told)).toEqual([[408, { message: 'Request timed out.' }]]);
      await until(() => onDisk({ dataDir }).length === 0);
    } finally {
      Object.assign(http, { headersTimeout, requestTimeout });
    }
  });
});

describe('What a reply brings', () => {
  const page = '<!doctype html><script>alert(1)</script>';
  it.each([
    ['a page', 'text/html', page],
    ['a drawing that runs', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['an archive', 'application/zip', `PK\u0003\u0004${'x'.repeat(60)}`],
    ['an image that is a page', 'image/png', page, 'text/html'],
    ['an image that is an archive', 'image/gif', `PK\u0003\u0004${'x'.repeat(60)}`, 'application/zip'],
  ])(
    'is kept and given back as it came, to be saved as what it is: %s',
    async (_, mime_type, content, type = mime_type) => {
      const { owner, hear } = await inboxes.inbox();
      await hear('Hi');
      const file = await post(owner, 'uploads', { name: '../a\u202e.html', mime_type, size: content.length });
      expect((await fetch(file.upload_url as string, { method: 'PUT', body: content })).status).toBe(204);
      await post(owner, '1/reply', { body: 'Look', attachment_ids: [file.uuid] });
      const { messages } = await show(owner, 1);
      const [shown] = messages.at(-1)!.attachments;
      expect(shown!.mime_type).toBe(type);
      const { pathname, search } = new URL(shown!.url);
      const got = await fetch(server.url + pathname + search);
      expect([got.status, await got.text()]).toEqual([200, content]);
      expect(Object.fromEntries(got.headers)).toMatchObject({
        'content-type': expect.stringContaining(type),
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("default-src 'none'; sandbox"),
        'content-disposition': expect.stringMatching(/^attachment; filename="[\w.]+"/),
      });
    },
  );
});
