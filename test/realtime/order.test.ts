import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type Channel, type Customer, type TestClient } from '../support/given.js';
import { asClient, Listener, session } from '../support/pusher.js';
import { startServer, type TestServer } from '../support/server.js';

const WRITERS = 12;
const EACH = 150;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
const given = givenOn(() => server);

/** Twelve members who each send 150 messages, as fast as they are answered. */
function write(acme: TestClient, channel: Channel, writers: readonly Customer[]): Promise<unknown> {
  return Promise.all(
    writers.map(async ({ id }) => {
      for (let at = 0; at < EACH; at += 1) {
        const message = { channel_uuid: channel.id, sender_uuid: id, type: 'text', content: `${id} ${at}` };
        await ask(acme, 'POST', '/api/v1/messages', message);
      }
    }),
  );
}

/** Without a look at the document, which is held to elsewhere: here it is speed that finds a fault. */
async function ask(acme: TestClient, method: string, path: string, body?: object): Promise<{ data: { id: string }[] }> {
  const headers = { ...acme.headers, 'content-type': 'application/json' };
  const answer = await fetch(server.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as { data: { id: string }[] };
}

const everyPosition = Array.from({ length: WRITERS * EACH }, (_, at) => at + 1);

describe('Twelve writers in one channel', () => {
  it('are heard in the order of the channel, each message once', async () => {
    const acme = await given.client();
    const writers = await Promise.all(Array.from({ length: WRITERS }, () => given.customer(acme)));
    const channel = await given.channel(acme, writers, 'Busy');
    const name = `private-channel.${channel.id}`;
    const own = `private-customer.${writers[0]!.id}`;
    const listeners = [
      new Listener(server.url, acme.publicKey, asClient(server.url, acme)),
      new Listener(server.url, acme.publicKey, (await session(server, acme, writers[0]!)).ask),
    ];
    await listeners[0]!.subscribe(name);
    await listeners[1]!.subscribe(own);
    await write(acme, channel, writers);
    for (const listener of listeners) {
      await listener.next('message.sent', everyPosition.length);
      expect(listener.of('message.sent').map(({ data }) => data.message.position)).toEqual(everyPosition);
    }
    const [last] = listeners[1]!.of('unread.changed').slice(-1);
    expect(last!.data).toMatchObject({ unread_count: (WRITERS - 1) * EACH, total_unread: (WRITERS - 1) * EACH });
    listeners.forEach((listener) => listener.end());
  }, 120_000);

  it('are heard whole by who loses its connection again and again, and catches up', async () => {
    const acme = await given.client();
    const writers = await Promise.all(Array.from({ length: WRITERS }, () => given.customer(acme)));
    const channel = await given.channel(acme, writers, 'Busy');
    const reader = new Reader(acme, channel);
    await reader.connect();
    const writing = write(acme, channel, writers);
    for (let told = 200; told <= 1_400; told += 300) {
      await reader.until(told);
      await reader.reconnect();
    }
    await writing;
    await reader.reconnect();
    expect(reader.ids.length).toBe(everyPosition.length);
    const all: string[] = [];
    for (let page = await reader.page(); page.length > 0; page = await reader.page(all.at(-1))) {
      all.push(...page);
    }
    expect(reader.ids).toEqual(all);
    reader.listener.end();
  }, 120_000);
});

/** As a page does it: what is told while it catches up waits, and what it knows already it passes over. */
class Reader {
  readonly ids: string[] = [];
  readonly listener: Listener;
  private readonly known = new Set<string>();
  private waiting: string[] | null = [];

  constructor(
    private readonly acme: TestClient,
    private readonly channel: Channel,
  ) {
    this.listener = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
  }

  async connect(): Promise<void> {
    const name = `private-channel.${this.channel.id}`;
    this.listener.pusher.bind('message.sent', ({ message }: { message: { id: string } }) =>
      this.waiting ? this.waiting.push(message.id) : this.take(message.id),
    );
    await this.listener.subscribe(name);
    await this.catchUp();
  }

  async reconnect(): Promise<void> {
    this.waiting = [];
    const { pusher } = this.listener;
    const subscribed = new Promise((resolve) =>
      pusher.channel(`private-channel.${this.channel.id}`).bind('pusher:subscription_succeeded', resolve),
    );
    pusher.disconnect();
    pusher.connect();
    await subscribed;
    await this.catchUp();
  }

  /** Until it knows so many. */
  until(count: number): Promise<void> {
    return this.listener.until(() => this.ids.length >= count, 60_000);
  }

  async page(after?: string): Promise<string[]> {
    const query = after === undefined ? '' : `&starting_after=${after}`;
    const { data } = await ask(this.acme, 'GET', `/api/v1/messages/channel/${this.channel.id}?limit=100${query}`);
    return data.map(({ id }) => id);
  }

  private async catchUp(): Promise<void> {
    for (let page = await this.page(this.ids.at(-1)); page.length > 0; page = await this.page(this.ids.at(-1))) {
      page.forEach((id) => this.take(id));
    }
    const told = this.waiting ?? [];
    this.waiting = null;
    told.forEach((id) => this.take(id));
  }

  private take(id: string): void {
    if (!this.known.has(id)) {
      this.known.add(id);
      this.ids.push(id);
    }
  }
}
