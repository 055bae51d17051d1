import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { layerApp } from '../../support/layer.js';
import { wire, type HeaderLine } from '../../support/raw-http.js';
import { connectionsOf, startServer, useServer } from '../../support/server.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

const UPGRADE: readonly HeaderLine[] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
];
const layer: HeaderLine = ['Sec-WebSocket-Protocol', 'layer-3.0'];
const PEERS = 40;

/** Of both ends, in this process. */
const handles = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

/** A peer that never hangs up: it sends its request, reads the answer, and goes on sending. */
async function stubborn(request: Buffer): Promise<{ readonly status: number; readonly socket: Socket }> {
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(request);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.resume();
  const timer = setInterval(() => socket.write('more'), 50);
  socket.once('close', () => clearInterval(timer));
  return { status: Number(answer.toString('latin1').split(' ')[1]), socket };
}

describe('An upgrade that is refused', () => {
  const requests: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
    '400 by the protocol': () => wire('GET', '/layer/?session_token=x', UPGRADE),
    '400 by the handshake': () => wire('GET', `/app/${acme.publicKey}?protocol=7`, UPGRADE.slice(0, 3)),
    '401': () => wire('GET', '/layer/?session_token=x', [...UPGRADE, layer]),
    '403': async () => {
      const { token } = await (await layerApp(() => server, acme)).session('jane');
      const origin: HeaderLine = ['Origin', 'https://evil.example'];
      return wire('GET', `/layer/?session_token=${token}`, [...UPGRADE, layer, origin]);
    },
    '404': () => wire('GET', '/nowhere', UPGRADE),
    '404 with a body': () => wire('POST', '/nowhere', [...UPGRADE, ['Content-Type', 'application/json']], '{}'),
  };

  it.each(Object.keys(requests))('with %s leaves nothing behind, whatever the peer goes on sending', async (name) => {
    const request = await requests[name]!();
    const [heldBefore, handlesBefore] = [await connectionsOf(server), handles()];
    const peers = await Promise.all(Array.from({ length: PEERS }, () => stubborn(request)));
    expect(new Set(peers.map(({ status }) => status))).toEqual(new Set([Number(name.slice(0, 3))]));
    await until(async () => (await connectionsOf(server)) <= heldBefore);
    peers.forEach(({ socket }) => socket.destroy());
    await until(() => handles() <= handlesBefore);
  });
});
