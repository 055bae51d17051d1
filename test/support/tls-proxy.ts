import { request as forward, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { localhostCertificate } from './certificate.js';

export interface TlsProxy {
  /** `https://localhost:…`, of the tests' own certificate. */
  readonly url: string;
  stop(): void;
}

/** What an operator puts before the server: ends TLS, and says so. Sockets are passed on as well. */
export async function startTlsProxy(port: number): Promise<TlsProxy> {
  const to = { host: '127.0.0.1', port };
  const proxy = createServer(localhostCertificate, (request, response) => {
    const { method, url: path, headers } = request;
    const passed = forward({ ...to, method, path, headers: { ...headers, 'x-forwarded-proto': 'https' } }, (answer) => {
      response.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  proxy.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const passed = connect(to, () => {
      passed.write(`${headOf(request)}x-forwarded-proto: wss\r\n\r\n`);
      passed.write(head);
      passed.pipe(socket).pipe(passed);
    });
    passed.on('error', () => socket.destroy());
    socket.on('error', () => passed.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(proxy.address() as AddressInfo).port}`,
    stop: () => {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}

/** The request line and the headers, as they came. */
function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  }
  return lines.map((line) => `${line}\r\n`).join('');
}
