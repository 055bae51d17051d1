import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { sign } from '../../src/notify/webhooks/signature.js';
import { until } from './until.js';

/** What a gateway was asked to send. */
export interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly data: { readonly sid: string; readonly from: string; readonly to: string; readonly body: string };
}

type Answer = (asked: Asked, response: ServerResponse) => void;

/** A gateway of a client's own, on this machine, that is sent webhooks. */
export async function gateway() {
  const all: Asked[] = [];
  const takes: Answer = ({ data }, response) => void response.end(JSON.stringify({ id: `gw-${data.sid}` }));
  const self = { answer: takes };
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) {
        chunks.push(chunk);
      }
      const text = Buffer.concat(chunks).toString();
      const { data } = JSON.parse(text) as Pick<Asked, 'data'>;
      const asked = { headers: request.headers as Record<string, string>, text, data };
      all.push(asked);
      self.answer(asked, response);
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(self, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    all,
    /** What was asked about these. */
    of: (sid: string): Promise<Asked[]> =>
      until(() => {
        const found = all.filter(({ data }) => data.sid === sid);
        return found.length > 0 ? found : null;
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** Whether a webhook is signed with this secret, by the library that receivers use. */
export function isSigned({ text, headers }: Asked, secret: string): boolean {
  try {
    new Webhook(secret).verify(text, headers);
    return true;
  } catch {
    return false;
  }
}

/** What a gateway posts, with the headers that prove who it is. */
export function signedBy(secret: string, body: object, { at = new Date(), id = 'cb-1' } = {}) {
  const text = JSON.stringify(body);
  return { text, headers: { 'content-type': 'application/json', ...sign(id, at, text, [secret]) } };
}
