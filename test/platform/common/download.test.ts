import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { localhostCertificate } from '../../support/certificate.js';
import { download, type Download } from '../../../src/platform/common/outbound/download.js';
import type { Resolve } from '../../../src/platform/common/outbound/names.js';

const LOCAL = { http: true, loopback: true };
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** Answers by path; `seen` is what it was asked, and `gone` tells of the first connection that was closed on it. */
async function site(answers: Record<string, RequestListener>, tls = false) {
  const seen: { path: string; headers: Record<string, unknown> }[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push({ path: request.url!, headers: request.headers });
    answers[request.url!]!(request, response);
  };
  const server: Server = tls ? createTlsServer(localhostCertificate, listener) : createServer(listener);
  const gone = new Promise<void>((resolve) =>
    server.on('connection', (socket: Socket) => void socket.once('close', () => resolve())),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { port, url: `http${tls ? 's' : ''}://127.0.0.1:${port}`, seen, gone };
}

const to =
  (location: string): RequestListener =>
  (_, response) =>
    void response.writeHead(302, { location, 'set-cookie': 'a=b' }).end();
const nobody: Resolve = () => Promise.reject(new Error('No such name'));

async function fetched(url: string, more: Partial<Download> = {}, resolve: Resolve = nobody): Promise<string> {
  const order = { url, rules: LOCAL, maxBytes: 1_000, signal: AbortSignal.timeout(20_000), ...more };
  return download(resolve, order, async ({ contentType, bytes }) => {
    const chunks: Buffer[] = [];
    for await (const chunk of bytes) {
      chunks.push(chunk);
    }
    return `${contentType} ${Buffer.concat(chunks).toString()}`;
  }).catch((error: Error & { readonly problem?: string }) => error.problem ?? String(error));
}

describe('A download', () => {
  it('brings what there is, without cookies, and credentials only to the first address', async () => {
    const other = await site({
      '/c': (_, response) => void response.setHeader('content-type', 'Text/Plain; a=b').end('hi'),
    });
    const { url, seen } = await site({ '/a': to('/b'), '/b': to(`${other.url}/c`) });
    expect(await fetched(`${url}/a`, { headers: { authorization: 'Basic x' } })).toBe('text/plain hi');
    const all = [...seen, ...other.seen];
    expect(all.map(({ path, headers }) => [path, headers.authorization, headers.cookie])).toEqual([
      ['/a', 'Basic x', undefined],
      ['/b', undefined, undefined],
      ['/c', undefined, undefined],
    ]);
    expect(all[0]!.headers).toMatchObject({ 'accept-encoding': 'identity', connection: 'close' });
  });

  it('follows three redirects, and none to where it may not go', async () => {
    const answers: Record<string, RequestListener> = { '/0': (_, response) => void response.end('there') };
    for (const at of [1, 2, 3, 4]) {
      answers[`/${at}`] = to(`/${at - 1}`);
    }
    for (const [at, location] of [
      'http://10.0.0.1/',
      'file:///etc/passwd',
      'http://u:p@127.0.0.1/',
      'https://',
    ].entries()) {
      answers[`/bad${at}`] = to(location);
    }
    const { url, seen } = await site(answers);
    expect(await fetched(`${url}/3`)).toBe(' there');
    expect(await fetched(`${url}/4`)).toBe('forbidden');
    for (const at of [0, 1, 2, 3]) {
      expect(await fetched(`${url}/bad${at}`)).toBe('forbidden');
    }
    expect(seen.filter(({ path }) => path === '/0')).toHaveLength(1);
  });

  it.each([
    'file:///etc/passwd',
    'data:,x',
    'ftp://example.com/',
    'http://169.254.169.254/',
    'http://[::ffff:10.0.0.1]/',
    '',
  ])('does not begin at %s', async (url) => expect(await fetched(url)).toBe('forbidden'));

  it('goes to the address that it looked at, whatever a name leads to next time', async () => {
    const { url, port, seen } = await site({
      '/': to('/again'),
      '/again': (_, response) => void response.end('inside'),
    });
    const asked: string[] = [];
    const rebinding: Resolve = (host) => {
      asked.push(host);
      return Promise.resolve([{ address: asked.length === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    };
    expect(await fetched(`http://rebinds.example:${port}/`, {}, rebinding)).toBe('forbidden');
    expect([asked, seen.map(({ path }) => path)]).toEqual([['rebinds.example', 'rebinds.example'], ['/']]);
    const strict = { http: true, loopback: false };
    const inside: Resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    expect(await fetched(`http://inside.example:${port}/`, { rules: strict }, inside)).toBe('forbidden');
    expect(await fetched(url, { rules: strict })).toBe('forbidden');
    expect(seen).toHaveLength(1);
  });

  it('hangs up on what is too much, be its length said or not', async () => {
    const said = await site({ '/': (_, response) => void response.setHeader('content-length', 1_001).write('x') });
    expect(await fetched(`${said.url}/`)).toBe('too_large');
    await said.gone;
    const unsaid = await site({
      '/': (_, response) => {
        const flow = (): void =>
          void (response.write('x'.repeat(100)) ? setImmediate(flow) : response.once('drain', flow));
        flow();
      },
    });
    expect(await fetched(`${unsaid.url}/`)).toBe('too_large');
    await unsaid.gone;
    const exact = await site({ '/': (_, response) => void response.end('x'.repeat(1_000)) });
    expect(await fetched(`${exact.url}/`)).toBe(` ${'x'.repeat(1_000)}`);
  });

  it('takes nothing that is compressed, cut short, late or not there', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    const { url } = await site({
      '/gzip': (_, response) => void response.setHeader('content-encoding', 'gzip').end(bomb.subarray(0, 900)),
      '/short': (_, response) => {
        response.setHeader('content-length', 500).write('x');
        setImmediate(() => response.destroy());
      },
      '/drip': (_, response) => {
        const drip = setInterval(() => response.write('x'), 50);
        response.once('close', () => clearInterval(drip));
      },
      '/none': (_, response) => void response.writeHead(404).end('x'),
      '/part': (_, response) => void response.writeHead(206).end('x'),
    });
    for (const path of ['/gzip', '/short', '/none', '/part']) {
      expect(await fetched(url + path)).toBe('unreachable');
    }
    expect(await fetched(`${url}/drip`, { signal: AbortSignal.timeout(300) })).toBe('unreachable');
    expect(await fetched('http://no.example/')).toBe('unreachable');
    const selfSigned = await site({ '/': (_, response) => void response.end('x') }, true);
    expect(await fetched(`${selfSigned.url}/`)).toBe('unreachable');
    expect(selfSigned.seen).toEqual([]);
  });
});
