import { expect } from '@jest/globals';
import type { Channel, Customer, TestClient } from './given.js';
import { asClient, Listener } from './pusher.js';

/** Members who write at once, and what each of them sends. */
export const WRITERS = 12;
export const EACH = 150;
export const everyPosition = Array.from({ length: WRITERS * EACH }, (_, at) => at + 1);

/** Each sends its messages as fast as they are answered, to each of these processes in turn. */
export function write(
  urls: readonly string[],
  acme: TestClient,
  channel: Channel,
  writers: readonly Customer[],
): Promise<unknown> {
  return Promise.all(
    writers.map(async ({ id }, writer) => {
      for (let at = 0; at < EACH; at += 1) {
        const message = { channel_uuid: channel.id, sender_uuid: id, type: 'text', content: `${id} ${at}` };
        await ask(acme, 'POST', `${urls[(writer + at) % urls.length]}/api/v1/messages`, message);
      }
    }),
  );
}

/** Without a look at the document, which is held to elsewhere: here it is speed that finds a fault. */
async function ask(acme: TestClient, method: string, url: string, body?: object): Promise<{ data: { id: string }[] }> {
  const headers = { ...acme.headers, 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as { data: { id: string }[] };
}

/** As a page does it: what is told while it catches up waits, and what it knows already it passes over. */
export class Reader {
  readonly ids: string[] = [];
  readonly listener: Listener;
  private readonly known = new Set<string>();
  private waiting: string[] | null = [];

  constructor(
    private readonly acme: TestClient,
    private readonly channel: Channel,
    socketsAt: string,
    private readonly pagesAt = socketsAt,
  ) {
    this.listener = new Listener(socketsAt, acme.publicKey, asClient(pagesAt, acme));
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
    return this.listener.until(() => this.ids.length >= count);
  }

  async page(after?: string): Promise<string[]> {
    const query = after === undefined ? '' : `&starting_after=${after}`;
    const path = `/api/v1/messages/channel/${this.channel.id}?limit=100${query}`;
    const { data } = await ask(this.acme, 'GET', this.pagesAt + path);
    return data.map(({ id }) => id);
  }

  /** All there are, page after page, whatever it knows. */
  async all(): Promise<string[]> {
    const all: string[] = [];
    for (let page = await this.page(); page.length > 0; page = await this.page(all.at(-1))) {
      all.push(...page);
    }
    return all;
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
