import { once } from 'node:events';
import { afterAll } from '@jest/globals';
import WebSocket from 'ws';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { CustomerSessionsService } from '../../src/customers/sessions/customer-sessions.service.js';
import { holdAgainstAsyncApi } from './asyncapi.js';
import { given, type Customer, type TestClient } from './given.js';
import type { TestServer } from './server.js';
import { until } from './until.js';

/** A packet as it came. */
export interface Packet {
  readonly type: string;
  readonly timestamp: string;
  readonly counter: number;
  // What it holds is what the tests are about.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** One that is still open keeps the whole run from ending, so a test that failed must not leave one behind. */
const open = new Set<LayerSocket>();
afterAll(() => open.forEach((one) => one.end()));

/** Layer's WebSocket by hand. */
export class LayerSocket {
  readonly packets: Packet[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private asked = 0;

  constructor(readonly wire: WebSocket) {
    wire.on('message', (data: Buffer) => {
      const packet = JSON.parse(data.toString()) as Packet;
      this.packets.push(packet);
      holdAgainstAsyncApi('sendLayerPacket', packet);
    });
    wire.on('error', () => undefined);
    open.add(this);
    this.closed = once(wire, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  }

  /** Resolves once it is open. */
  static async open(
    url: string,
    token: string,
    protocols: string | string[] = 'layer-3.0',
    options: WebSocket.ClientOptions = {},
  ): Promise<LayerSocket> {
    const address = `${url.replace('http', 'ws')}/layer/?session_token=${token}&client-id=tab`;
    const socket = new LayerSocket(new WebSocket(address, protocols, options));
    await once(socket.wire, 'open');
    return socket;
  }

  send(frame: unknown): void {
    this.wire.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** The body of the answer. */
  async request(method: string, data?: unknown, object_id?: string): Promise<Packet['body']> {
    const request_id = `r${(this.asked += 1)}`;
    this.send({ type: 'request', body: { method, request_id, object_id, data } });
    const answer = (): Packet['body'] => this.packets.find(({ body }) => body.request_id === request_id)?.body;
    return until(async () => {
      if (!answer() && this.wire.readyState === WebSocket.CLOSED) {
        throw new Error(`${method} is not answered: ${JSON.stringify(await this.closed)}`);
      }
      return answer();
    });
  }

  changes(operation: string, type: string): Packet['body'][] {
    return this.packets
      .filter((packet) => packet.type === 'change')
      .map(({ body }) => body)
      .filter((body) => body.operation === operation && body.object.type === type);
  }

  /** The first so many of these changes, as soon as they are there. */
  async next(operation: string, type: string, count = 1): Promise<Packet['body'][]> {
    await until(() => this.changes(operation, type).length >= count);
    return this.changes(operation, type).slice(0, count);
  }

  end(): void {
    this.wire.terminate();
  }
}

export const text = (body: string) => ({ parts: [{ mime_type: 'text/plain', body }] });
export const identityOf = ({ id }: Customer): string => `layer:///identities/${id}`;
export const conversationOf = ({ id }: { id: string }): string => `layer:///conversations/${parseId('channel', id)!}`;

/** The token of a session as Layer's flow makes them, for a customer of the core. */
export async function layerToken(server: TestServer, client: TestClient, customer: Customer): Promise<string> {
  const tenant = { clientId: client.uuid, livemode: false };
  const id = parseId('customer', customer.id)!;
  return (await server.get<CustomerSessionsService>('CustomerSessionsService').create(tenant, id, null, 'layer')).token;
}

/** A customer's socket, which has said its first word; and the token it came in by. */
export async function connect(server: TestServer, client: TestClient, customer: Customer) {
  const token = await layerToken(server, client, customer);
  const socket = await LayerSocket.open(server.url, token);
  await socket.request('Presence.subscribe');
  return Object.assign(socket, { token });
}

/** Two customers in a channel, with a socket each. */
export async function connectPair(server: TestServer, client: TestClient) {
  const { john, jane, channel } = await given(() => server).pair(client);
  const [johns, janes] = await Promise.all([connect(server, client, john), connect(server, client, jane)]);
  return { john, jane, channel, johns, janes, conversation: conversationOf(channel) };
}
