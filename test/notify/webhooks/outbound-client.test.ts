import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { DestinationRules } from '../../../src/platform/common/outbound/outbound-policy.js';
import { OutboundClient, type PostResult } from '../../../src/platform/common/outbound/outbound-client.js';
import { certificate } from '../../support/certificate.js';

const LOCAL: DestinationRules = { http: true, loopback: true };
const PUBLIC: DestinationRules = { http: true, loopback: false };
const NEVER = new AbortController().signal;

const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.close()));

async function listening(server: Server | TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    close: () => {
      if ('closeAllConnections' in server) {
        server.closeAllConnections();
      }
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
}
const http = async (listener: RequestListener) =>
  `http://127.0.0.1:${await listening(createHttpServer(listener))}/hooks`;

/** A dialler for which every name leads to these addresses, one answer after the other. */
function dialler({ timeout = 5_000, leads = [['127.0.0.1']] }: { timeout?: number; leads?: string[][] } = {}) {
  let asked = 0;
  const dial = new OutboundClient(() => {
    const addresses = leads[Math.min(asked, leads.length - 1)]!;
    asked += 1;
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  }, timeout);
  opened.push(dial);
  return (url: string, allowance = LOCAL, stop = NEVER): Promise<PostResult> =>
    dial.post({ url, rules: allowance, headers: { 'webhook-id': 'evt_1' }, body: '{"a":1}' }, stop);
}

describe('The answer', () => {
  it('is its status, and the first KB of it as text', async () => {
    const url = await http((_, response) => response.writeHead(418).end(`${'é'.repeat(511)}a€${'x'.repeat(9_000)}`));
    const { status, body, error, latencyMs: latency } = await dialler()(url);
    expect({ status, body, error }).toEqual({ status: 418, body: `${'é'.repeat(511)}a`, error: null });
    expect(latency).toBeGreaterThanOrEqual(0);
  });

  it('may be anything: what is not text is replaced', async () => {
    const url = await http((_, response) => response.end(Buffer.from([0x61, 0x00, 0xff, 0xc3, 0x62])));
    expect((await dialler()(url)).body).toBe('a\ufffd\ufffdb');
  });

  it('that leads elsewhere is not followed', async () => {
    let inside = 0;
    const secret = await http((_, response) => {
      inside += 1;
      response.end('secret');
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await http((_, response) => response.writeHead(status, { location: secret }).end());
      expect(await dialler()(url)).toMatchObject({ status, error: null });
    }
    expect(inside).toBe(0);
  });

  it('of 100 MB is hung up on, and leaves no mark on our memory', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    let written = 0;
    const url = await http((_, response) => {
      const more = (): void => {
        while (written < 100 && !response.destroyed) {
          written += 1;
          if (!response.write(megabyte)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const before = process.memoryUsage().rss;
    const outcome = await dialler()(url);
    expect(outcome).toMatchObject({ status: 200, error: null, body: 'x'.repeat(1024) });
    expect(written).toBeLessThan(100);
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
  });

  it.each<[string, RequestListener]>([
    ['never begins', () => undefined],
    ['never ends', (_, response) => void response.write('a')],
    [
      'drips for ever',
      (_, response) => {
        const timer = setInterval(() => response.write('a'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('that %s is given up in time', async (_, listener) => {
    const url = await http(listener);
    const started = performance.now();
    const outcome = await dialler({ timeout: 300 })(url);
    expect(outcome.error).toBe('No answer within 0.3 seconds');
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('that is none tells why', async () => {
    const refused = await http(() => undefined);
    opened.splice(0).forEach((one) => one.close());
    expect(await dialler()(refused)).toMatchObject({ status: null, error: expect.stringContaining('ECONNREFUSED') });
    // It reads, or the hello of TLS would keep it open for ever.
    const broken = await listening(createTcpServer((socket) => socket.resume().end('nonsense\r\n\r\n')));
    expect(await dialler()(`http://127.0.0.1:${broken}/`)).toMatchObject({ status: null, error: expect.any(String) });
    const silent = await listening(createTcpServer((socket) => socket.destroy()));
    expect(await dialler()(`http://127.0.0.1:${silent}/`)).toMatchObject({ status: null, error: expect.any(String) });
    const tls = await listening(createTlsServer(certificate, (_, response) => response.end('ok')));
    expect(await dialler()(`https://127.0.0.1:${tls}/`)).toMatchObject({
      ...{ status: null, error: expect.stringMatching(/self-signed certificate/) },
    });
    expect(await dialler()(`https://127.0.0.1:${broken}/`)).toMatchObject({ status: null, error: expect.any(String) });
  });

  it('is not waited for once the process must end', async () => {
    const end = new AbortController();
    const url = await http(() => end.abort(new Error('The end')));
    await expect(dialler()(url, LOCAL, end.signal)).rejects.toThrow('The end');
  });
});

describe('A connection', () => {
  const counting = async (): Promise<{ url: (host: string) => string; count: () => number }> => {
    let connections = 0;
    const server = createHttpServer((_, response) => response.end('ok'));
    server.on('connection', () => {
      connections += 1;
    });
    const port = await listening(server);
    return { url: (host) => `http://${host}:${port}/`, count: () => connections };
  };

  it.each(['127.0.0.1', '127.1', '2130706433', 'localhost', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'to %s is never made',
    async (host) => {
      const { url, count } = await counting();
      expect(await dialler()(url(host), PUBLIC)).toMatchObject({
        ...{ status: null, error: 'The URL must lead to a public address.' },
      });
      expect(count()).toBe(0);
    },
  );

  it.each([[['127.0.0.1']], [['1.1.1.1', '127.0.0.1']], [['::1']], [['::ffff:7f00:1']], [['10.0.0.1']], [[]]])(
    'to a name that leads to %j is never made',
    async (addresses) => {
      const { url, count } = await counting();
      expect(await dialler({ leads: [addresses] })(url('a.example'), PUBLIC)).toMatchObject({
        ...{ status: null, error: 'The name does not lead to a public address' },
      });
      expect(count()).toBe(0);
    },
  );

  it('is made to the address that was checked: a name that turns private is asked for once', async () => {
    const { url, count } = await counting();
    const dial = dialler({ leads: [['127.0.0.1'], ['10.0.0.1']] });
    expect(await dial(url('a.example'))).toMatchObject({ status: 200 });
    expect(count()).toBe(1);
  });

  it('is kept for the next request', async () => {
    const { url, count } = await counting();
    const dial = dialler();
    for (let at = 0; at < 5; at += 1) {
      expect(await dial(url('127.0.0.1'))).toMatchObject({ status: 200 });
    }
    expect(count()).toBe(1);
  });

  it('that the server closed meanwhile is made again, without a failure', async () => {
    const sockets: Socket[] = [];
    let reset = false;
    const port = await listening(
      createTcpServer((socket) => {
        sockets.push(socket);
        socket
          .on('error', () => undefined)
          .on('data', () => {
            if (reset && socket === sockets[0]) {
              socket.resetAndDestroy();
            } else {
              socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
            }
          });
      }),
    );
    const dial = dialler();
    expect(await dial(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 });
    reset = true;
    expect(await dial(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200, error: null });
    expect(sockets).toHaveLength(2);
    sockets.forEach((socket) => socket.destroy());
  });
});
