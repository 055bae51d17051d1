import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { makeKey } from '../../src/clients/key-format.js';
import { startProcess } from '../support/process.js';
import { wire } from '../support/raw-http.js';

const PEERS = 300;
const peers: Socket[] = [];
afterEach(() => peers.splice(0).forEach((peer) => peer.destroy()));

/** Asks for a socket, and never closes its side; resolves with the status it is told. */
async function ask(url: string, path: string): Promise<number> {
  const peer = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  peers.push(peer.on('error', () => undefined));
  peer.write(
    wire('GET', path, [
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
      ['Sec-WebSocket-Protocol', 'layer-3.0'],
    ]),
  );
  const [answer] = (await once(peer, 'data')) as [Buffer];
  const timer = setInterval(() => peer.write('more'), 100);
  peer.once('close', () => clearInterval(timer));
  return Number(answer.toString('latin1').split(' ')[1]);
}

describe('Peers that are refused a socket and stay', () => {
  it('do not keep the process from ending', async () => {
    const server = await startProcess({ DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web' });
    const statuses = await Promise.all(
      Array.from({ length: PEERS }, (_, at) => ask(server.url, at % 2 ? '/nowhere' : '/layer/?session_token=x')),
    );
    expect(new Set(statuses)).toEqual(new Set([404, 401]));
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('are told 503 where nobody can say who they are, and let go of', async () => {
    const database = new pg.Client(process.env.TEST_DATABASE_URL);
    await database.connect();
    const server = await startProcess({ DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'web' });
    await database.query('BEGIN; LOCK TABLE clients IN ACCESS EXCLUSIVE MODE');
    const paths = Array.from({ length: 30 }, () => `/app/${makeKey('pk', false)}?protocol=7`);
    const statuses = await Promise.all(paths.map((path) => ask(server.url, path)));
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(await server.end('SIGTERM')).toBe(0);
    await database.end();
  });
});
