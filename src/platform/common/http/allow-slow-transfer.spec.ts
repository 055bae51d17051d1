import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isSlowTransfer, allowSlowTransfer } from './allow-slow-transfer.js';

/** Milliseconds. */
const SILENCE = 300;
const HALF = SILENCE / 2;

describe('An exchange that takes its time', () => {
  let server: Server;
  let leave: boolean[];
  beforeEach(async () => {
    leave = [];
    server = createServer((request, response) => {
      allowSlowTransfer(request, response, SILENCE);
      leave.push(isSlowTransfer(request.socket));
      // What is done with the body once it is there takes longer than the silence that is allowed.
      request.on('end', () => setTimeout(() => response.end('kept'), 2 * SILENCE)).resume();
      response.on('close', () => leave.push(isSlowTransfer(request.socket)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const begin = (): Socket => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\n');
    return socket;
  };

  it('may take as long as it is not silent, and as its end needs', async () => {
    const socket = begin();
    for (const byte of 'abcdef') {
      await sleep(HALF);
      socket.write(byte);
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
    expect(leave).toEqual([true, false]);
  });

  it('ends in silence', async () => {
    const socket = begin();
    socket.write('abc');
    const start = performance.now();
    await once(socket.resume(), 'close');
    expect(performance.now() - start).toBeGreaterThanOrEqual(SILENCE - 50);
  });
});
