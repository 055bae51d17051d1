import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutboundPolicy } from '../../src/platform/common/outbound/outbound-policy.js';
import type { Resolve } from '../../src/platform/common/outbound/names.js';
import type { TestServer } from './server.js';

/** A DNS server that says of every name that it has no address, after a while. */
export interface SlowNameServer {
  /** How many questions it was asked. */
  asked: number;
  readonly resolve: Resolve;
  stop(): Promise<void>;
}

export async function startSlowNameServer(delayMs: number): Promise<SlowNameServer> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 2 * delayMs, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  const server: SlowNameServer = {
    asked: 0,
    resolve: async (host) => (await resolver.resolve4(host)).map((address) => ({ address, family: 4 })),
    stop: async () => {
      resolver.cancel();
      socket.close();
      await once(socket, 'close');
    },
  };
  socket.on('message', (question, { address, port }) => {
    server.asked += 1;
    const answer = Buffer.from(question);
    // It is an answer (QR), and there is no such name (RCODE 3).
    answer[2]! |= 0x80;
    answer[3] = (answer[3]! & 0xf0) | 3;
    void sleep(delayMs, undefined, { ref: false }).then(() => {
      try {
        socket.send(answer, port, address);
      } catch {
        // It was stopped in the meantime.
      }
    });
  });
  return server;
}

/** From here on the application asks this server for names. */
export function askForNames(server: TestServer, { resolve }: SlowNameServer): void {
  for (const destinations of server.all<OutboundPolicy>('OutboundPolicy')) {
    Object.assign(destinations, { resolve });
  }
}
