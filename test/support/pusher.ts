import { EventEmitter, once } from 'node:events';
import { afterAll } from '@jest/globals';
import pusherModule, { type ChannelAuthorizationCallback, type ChannelAuthorizationHandler } from 'pusher-js';
import WebSocket from 'ws';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { holdAgainstAsyncApi } from './asyncapi.js';
import { given, truthfulFetch, type Customer, type TestClient } from './given.js';
import type { ServerAddress } from './server.js';

/** Its types are those of an ES module; what it is, is CommonJS. */
export const Pusher = pusherModule as unknown as typeof pusherModule.default;
type Pusher = InstanceType<typeof Pusher>;

/** Milliseconds after which what has not come is not coming, on a machine that is busy with something else, too. */
const PATIENCE = 120_000;

export interface Heard {
  readonly channel: string;
  readonly event: string;
  // What it holds is what the tests are about.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
}

export interface Answer {
  readonly auth: string;
  readonly channel_data?: string;
}

/** Asks for leave to subscribe, as somebody. @throws Error that says why it is refused */
export type Asker = (socketId: string, channel: string) => Promise<Answer>;

/** As whoever these headers name, in the form that pusher-js sends. */
export function asClient(url: string, { headers }: Pick<TestClient, 'headers'>): Asker {
  return async (socket_id, channel_name) => {
    const body = new URLSearchParams({ socket_id, channel_name });
    const response = await truthfulFetch(`${url}/broadcasting/auth`, { method: 'POST', headers, body });
    if (!response.ok) {
      throw new Error(((await response.json()) as { error: string }).error);
    }
    return (await response.json()) as Answer;
  };
}

/** A session of a customer: its id as the rows have it, and the customer's own way to ask. */
export async function session(
  server: ServerAddress,
  client: TestClient,
  customer: Customer,
): Promise<{ readonly id: string; readonly ask: Asker }> {
  const { id, headers } = await given(() => server).session(client, customer);
  return { id: parseId('customer_session', id)!, ask: asClient(server.url, { headers }) };
}

/** A connection that is still open keeps the whole run from ending, so a test that failed must not leave one behind. */
const open = new Set<{ end(): void }>();
afterAll(() => open.forEach((one) => one.end()));

/** Whoever waits for something to happen; there may be several. */
class Waiting {
  private readonly happenings = new EventEmitter().setMaxListeners(0);

  wake(): void {
    this.happenings.emit('one');
  }

  /** The next time that something happens, or so many milliseconds later. */
  async until(milliseconds: number): Promise<void> {
    const signal = AbortSignal.timeout(Math.max(0, Math.ceil(milliseconds)));
    await once(this.happenings, 'one', { signal }).catch(() => undefined);
  }
}

/** pusher-js, with all that it hears written down. */
export class Listener {
  readonly heard: Heard[] = [];
  readonly closings: number[] = [];
  readonly errors: unknown[] = [];
  readonly pusher: Pusher;
  private readonly waiting = new Waiting();

  constructor(url: string, publicKey: string, ask: Asker) {
    this.pusher = new Pusher(publicKey, {
      ...({ wsHost: new URL(url).hostname, wsPort: Number(new URL(url).port), cluster: '' } as const),
      ...{ forceTLS: false, enabledTransports: ['ws'], enableStats: false },
      channelAuthorization: { customHandler: handlerOf(ask) },
    });
    this.pusher.connection.bind('error', (error: { error?: { data?: { code?: number } } }) => {
      this.errors.push(error);
      const code = error.error?.data?.code;
      if (code !== undefined) {
        this.closings.push(code);
      }
      this.waiting.wake();
    });
    this.pusher.connection.bind('state_change', () => this.waiting.wake());
    open.add(this);
  }

  get socketId(): string {
    return this.pusher.connection.socket_id;
  }

  /** Resolves once the subscription is made; what it was told then. @throws Error where it is refused */
  async subscribe(name: string): Promise<Heard['data']> {
    const channel = this.pusher.subscribe(name);
    let outcome: { data: unknown; ok: boolean } | undefined;
    channel.bind_global((event: string, data: unknown) => {
      if (event === 'pusher:subscription_succeeded' || event === 'pusher:subscription_error') {
        outcome ??= { data, ok: event.endsWith('succeeded') };
      } else {
        this.heard.push({ channel: name, event, data });
      }
      this.waiting.wake();
    });
    await this.until(() => outcome !== undefined);
    if (!outcome!.ok) {
      throw Object.assign(new Error('The subscription was refused.'), { data: outcome!.data });
    }
    return outcome!.data;
  }

  of(event: string, channel?: string): Heard[] {
    return this.heard.filter((one) => one.event === event && (channel ?? one.channel) === one.channel);
  }

  /** The first so many of this event, as soon as they are there. */
  async next(event: string, count = 1, channel?: string): Promise<Heard[]> {
    await this.until(() => this.of(event, channel).length >= count);
    return this.of(event, channel);
  }

  async until(isSo: () => boolean, patience = PATIENCE): Promise<void> {
    const end = performance.now() + patience;
    while (!isSo()) {
      const left = end - performance.now();
      if (left <= 0) {
        throw new Error(`It did not come. Heard: ${JSON.stringify(this.heard)}, closed: ${String(this.closings)}`);
      }
      await this.waiting.until(left);
    }
  }

  end(): void {
    this.pusher.disconnect();
  }
}

function handlerOf(ask: Asker): ChannelAuthorizationHandler {
  return ({ socketId, channelName }, callback: ChannelAuthorizationCallback) => {
    ask(socketId, channelName).then(
      (answer) => callback(null, answer),
      (error: Error) => callback(error, null),
    );
  };
}

/** A socket by hand, for what no library would send. */
export class RawSocket {
  readonly frames: Array<{ event: string; channel?: string; data: unknown }> = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting = new Waiting();

  constructor(readonly wire: WebSocket) {
    wire.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as (typeof this.frames)[number];
      this.frames.push(frame);
      holdAgainstAsyncApi('sendPusherFrame', frame);
      this.waiting.wake();
    });
    wire.on('error', () => undefined);
    open.add(this);
    this.closed = once(wire, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  }

  static open(url: string, publicKey: string, query = '?protocol=7', options: WebSocket.ClientOptions = {}): RawSocket {
    return new RawSocket(new WebSocket(`${url.replace('http', 'ws')}/app/${publicKey}${query}`, options));
  }

  get id(): string {
    return (JSON.parse(this.frames[0]!.data as string) as { socket_id: string }).socket_id;
  }

  send(frame: unknown): void {
    this.wire.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  async subscribe(channel: string, ask: Asker): Promise<void> {
    await this.next('pusher:connection_established');
    this.send({ event: 'pusher:subscribe', data: { channel, ...(await ask(this.id, channel)) } });
    await this.next('pusher_internal:subscription_succeeded');
  }

  async next(event: string, count = 1) {
    const of = () => this.frames.filter((frame) => frame.event === event);
    for (const end = performance.now() + PATIENCE; of().length < count;) {
      if (performance.now() > end) {
        throw new Error(`${event} did not come: ${JSON.stringify(this.frames)}`);
      }
      await this.waiting.until(end - performance.now());
    }
    return of();
  }

  end(): void {
    this.wire.terminate();
  }
}
