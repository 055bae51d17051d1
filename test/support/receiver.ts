import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect } from '@jest/globals';
import { faultOfWebhook } from './truth.js';

/** Every webhook that came is held against the document. */
const came: Received[] = [];
afterAll(() => {
  const faults = came.map(({ body, headers }) => faultOfWebhook((body as { type: string }).type, headers, body));
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
});

/** What a receiver was sent. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly id: string;
  // What a body holds is what the tests are about.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
  readonly path: string;
  readonly at: number;
}

type Answer = (received: Received, response: ServerResponse) => void;

/** A server that webhooks are sent to, on this machine. */
export interface Receiver {
  readonly url: string;
  readonly all: readonly Received[];
  /** Called for each request from now on; without one, they are answered 200. */
  answer: Answer;
  /** Waits until `ready` of all that it got so far. */
  until(ready: (all: readonly Received[]) => boolean): Promise<void>;
  /** Waits until it got `count` in all. */
  got(count: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

export const ok: Answer = (_, response) => void response.end('ok');
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end(`status ${code}`);

export async function receiver(answer: Answer = ok): Promise<Receiver> {
  const all: Received[] = [];
  const waiting = new Set<() => void>();
  const self = { answer };
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const headers = request.headers as Record<string, string>;
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const received = {
        ...{ headers, text, body, id: headers['webhook-id']! },
        ...{ path: request.url!, at: performance.now() },
      };
      all.push(received);
      if (received.id !== undefined) {
        came.push(received);
      }
      self.answer(received, response);
      waiting.forEach((look) => look());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const until = (ready: (list: readonly Received[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (ready(all)) {
          waiting.delete(look);
          resolve();
        }
      };
      waiting.add(look);
      look();
    });
  return Object.assign(self, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    all,
    until,
    got: async (count: number) => {
      await until((list) => list.length >= count);
      return all;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
