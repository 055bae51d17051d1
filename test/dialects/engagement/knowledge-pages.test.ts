import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refused } from '../../support/contacts.js';
import { givenTeams, type TestCaller } from '../../support/engagement.js';
import { accepted } from '../../support/given.js';
import { readDocument, titlesFound, type ShownDocument } from '../../support/knowledge.js';
import { pdfOf } from '../../support/made-files.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';

const MEGABYTE = 1024 * 1024;
const PATH = '/knowledge-base';
const UNLIMITED = { UI_RATE_LIMIT: 'off', LIMIT_API: 'off', LIMIT_KB_SCRAPE: 'off', RATE_LIMIT: 'off' };

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', ...UNLIMITED }));
const given = givenTeams(() => server);
let ann: TestCaller;
beforeAll(async () => {
  ann = await (await given.team()).token('admin', ['knowledge-base']);
});

describe('A page', () => {
  const pages = new Map<string, RequestListener>();
  const asked: string[] = [];
  let web: Server;
  let site: string;
  const ROBOTS = 'User-agent: *\nDisallow: /private\n';
  const html =
    (body: string, type = 'text/html; charset=utf-8'): RequestListener =>
    (_, response) =>
      void response.setHeader('content-type', type).end(body);
  beforeAll(async () => {
    web = createServer((request, response) => {
      asked.push(request.url!);
      const page = pages.get(request.url!);
      return page ? page(request, response) : void response.writeHead(404).end();
    });
    await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
    site = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    pages.set('/robots.txt', html(ROBOTS, 'text/plain'));
  });
  afterAll(() => {
    web.closeAllConnections();
    web.close();
  });
  const scrape = (path: string, body: object = {}) =>
    ann.send('POST', `${PATH}/scrape`, { url: `${site}${path}`, ...body });
  const article = `<h1>Returns</h1><p>${'Boots may be sent back to the numbat shop. '.repeat(12)}</p>`;

  it('is read as somebody would read it, and nothing in it runs', async () => {
    pages.set(
      '/returns',
      html(`<html lang="en"><head><title>Our returns</title></head><body>
      <nav><a href="/x">Menu</a></nav><script>document.title = 'ran'; fetch('/ran')</script>
      <article>${article}<img src="/image.png" onerror="fetch('/ran')"></article><footer>Imprint</footer></body></html>`),
    );
    asked.length = 0;
    const shown = accepted(await scrape('/returns', { category: 'web' })).body.data;
    expect(shown).toMatchObject({
      ...{ type: 'url', status: 'ready', title: 'Our returns', source_url: `${site}/returns`, language: 'en' },
      ...{ category: 'web', chunks_count: 1, content: expect.stringContaining('sent back to the numbat shop') },
    });
    expect(shown.content).not.toMatch(/Menu|ran/);
    expect(asked).toEqual(['/robots.txt', '/returns']);
    expect(await titlesFound(ann, 'numbats')).toEqual(['Our returns']);
  });

  it('of text, or in another character set, is read too', async () => {
    pages.set('/plain', html('Just a quoll.', 'text/plain'));
    pages.set(
      '/latin',
      (_, response) =>
        void response
          .setHeader('content-type', 'text/html; charset=iso-8859-1')
          .end(Buffer.from(`<p>${'Käse für alle. '.repeat(9)}</p>`, 'latin1')),
    );
    expect(accepted(await scrape('/plain')).body.data).toMatchObject({
      content: 'Just a quoll.',
      title: `${site}/plain`,
    });
    expect(accepted(await scrape('/latin')).body.data.content).toContain('Käse für alle.');
  });

  it('is read by a worker where a document is made of it, and told where it fails', async () => {
    pages.set('/later', html(article));
    const body = { type: 'url', title: 'Later', source_url: `${site}/later` };
    const begun = accepted(await ann.send('POST', PATH, body)).body.data as ShownDocument;
    expect(begun.status).toBe('extracting');
    expect(await readDocument(ann, begun)).toMatchObject({ status: 'ready', chunks_count: 1 });
    const gone = accepted(await ann.send('POST', PATH, { ...body, source_url: `${site}/gone` })).body.data;
    expect(await readDocument(ann, gone)).toMatchObject({ status: 'failed', error: 'Could not fetch the page: 404.' });
    const known = accepted(await ann.send('POST', PATH, { ...body, content: 'Known already.' })).body.data;
    expect(known).toMatchObject({ status: 'ready', source_url: `${site}/later`, content: 'Known already.' });
  });

  it.each([
    ['file:///etc/passwd', 'Only HTTP and HTTPS URLs are allowed.'],
    ['gopher://example.com/', 'Only HTTP and HTTPS URLs are allowed.'],
    ['javascript:alert(1)', 'Only HTTP and HTTPS URLs are allowed.'],
    ['http://user:pw@example.com/', 'Only HTTP and HTTPS URLs are allowed.'],
    ['not a url', 'Only HTTP and HTTPS URLs are allowed.'],
    ['http://169.254.169.254/latest/meta-data', 'URL points to a private/internal network address.'],
    ['http://[::ffff:10.0.0.1]/', 'URL points to a private/internal network address.'],
    ['http://10.0.0.1/', 'URL points to a private/internal network address.'],
    ['http://0x7f.1.2.3.4.5/', 'Only HTTP and HTTPS URLs are allowed.'],
    ['http://nobody.invalid/', 'Could not resolve hostname.'],
  ])('at %s is not fetched', async (url, says) => {
    const { status, body } = await ann.send('POST', `${PATH}/scrape`, { url });
    expect([status, body]).toEqual([422, { errors: { url: [says] } }]);
  });

  it('inside is nobody’s in live mode, and neither is an odd port', async () => {
    const live = await given.team();
    await sql('UPDATE clients SET livemode = true WHERE id = $1', live.uuid);
    for (const [url, says] of [
      ['http://127.0.0.1/', 'URL points to a private/internal network address.'],
      ['http://localhost/', 'URL points to a private/internal network address.'],
      ['http://93.184.216.34:22/', 'Only HTTP and HTTPS URLs are allowed.'],
    ]) {
      const by = await live.key(['knowledge-base']);
      const { status, body } = await by.send('POST', `${PATH}/scrape`, { url });
      expect([status, body]).toEqual([422, { errors: { url: [says] } }]);
    }
  });

  it('is not one that robots.txt keeps to itself, nor one that leads to such or inside', async () => {
    pages.set('/private/page', html(article));
    const to =
      (target: string): RequestListener =>
      (_, response) =>
        void response.writeHead(302, { location: target }).end();
    pages.set('/inside', to('http://169.254.169.254/latest'));
    pages.set('/away', to('file:///etc/passwd'));
    pages.set('/loop', to('/loop'));
    const kept = await scrape('/private/page');
    expect([kept.status, kept.body]).toEqual([
      422,
      { message: 'Could not fetch the page: its robots.txt does not allow it.' },
    ]);
    for (const path of ['/inside', '/away']) {
      const { status, body } = await scrape(path);
      expect([status, body]).toEqual([422, { errors: { url: ['URL points to a private/internal network address.'] } }]);
    }
    asked.length = 0;
    expect((await scrape('/loop')).body.message).toMatch(/redirects more than 5 times/);
    expect(asked.filter((one) => one === '/loop')).toHaveLength(6);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['/404', (_, response) => void response.writeHead(404).end('no'), /^Could not fetch the page: 404\.$/],
    ['/500', (_, response) => void response.writeHead(500).end('secret'), /^Could not fetch the page: 500\.$/],
    ['/pdf', html(pdfOf(['x']).toString('latin1')), /neither HTML nor text/],
    ['/image', html('x', 'image/png'), /neither HTML nor text/],
    ['/empty', html('<html><body><script>x</script></body></html>'), /no text/],
    [
      '/gzip',
      (_, response) =>
        void response
          .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(20 * MEGABYTE))),
      /compressed/,
    ],
    [
      '/large',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
        more();
      },
      /more than 5242880 bytes/,
    ],
    [
      '/cut',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html', 'content-length': '999' });
        response.write('x', () => response.destroy());
      },
      /can not be reached/,
    ],
  ])('at %s that can not be read is told so', async (path, answer, says) => {
    pages.set(path, answer);
    const { status, body } = await scrape(path);
    expect([status, Object.keys(body as object)]).toEqual([422, ['message']]);
    expect(body.message).toMatch(says);
    expect(body.message).not.toContain('secret');
  });

  it('is asked for by a URL, and only so', async () => {
    expect(await ann.send('POST', `${PATH}/scrape`, {})).toEqual(refused('url'));
    expect(await ann.send('POST', `${PATH}/scrape`, { url: `${site}/${'x'.repeat(2_048)}` })).toEqual(refused('url'));
  });
});
