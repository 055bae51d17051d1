import { randomUUID } from 'node:crypto';

/** What every generated client answers one way or another. */
export interface Outcome<T> {
  readonly data?: T;
  readonly error?: { readonly code: string; readonly errors?: Readonly<Record<string, readonly string[]>> };
}

/** The operations of the scenario; each client's own types must be these. */
export interface Chat {
  createCustomer(email: string): Promise<Outcome<{ readonly id: string }>>;
  createChannel(customerIds: string[]): Promise<Outcome<{ readonly id: string; readonly type: 'general' | 'custom' }>>;
  changeMetadata(
    id: string,
    metadata: { readonly [name: string]: unknown } | null,
  ): Promise<Outcome<{ readonly metadata: object | null }>>;
  listChannels(
    customerId: string,
  ): Promise<Outcome<{ readonly data: ReadonlyArray<{ readonly last_message: { readonly content: string } | null }> }>>;
  send(channelId: string, senderId: string, content: string): Promise<Outcome<{ readonly object: 'message' }>>;
  list(channelId: string, startingAfter?: string): Promise<Outcome<Page>>;
}

interface Page {
  readonly object: 'list';
  readonly data: ReadonlyArray<{ readonly id: string; readonly content: string }>;
  readonly has_more: boolean;
}

const [baseUrl, publicKey, secretKey] = process.argv.slice(2) as [string, string, string];
export const settings = { baseUrl, publicKey, secretKey, origin: 'https://example.com' };

/** Has two people talk, and prints what of it the client saw. */
export async function play(chat: Chat): Promise<void> {
  const [john, jane] = [
    must(await chat.createCustomer(`${randomUUID()}@example.com`)),
    must(await chat.createCustomer(`${randomUUID()}@example.com`)),
  ];
  const channel = must(await chat.createChannel([john.id, jane.id]));
  const [before] = must(await chat.listChannels(jane.id)).data;
  for (const content of ['one', 'two', 'three']) {
    must(await chat.send(channel.id, john.id, content));
  }
  const [after] = must(await chat.listChannels(jane.id)).data;

  const pages: Page[] = [];
  do {
    pages.push(must(await chat.list(channel.id, pages.at(-1)?.data.at(-1)?.id)));
  } while (pages.at(-1)!.has_more);

  const { error: invalid } = await chat.createCustomer('nobody');
  const { error: unknown } = await chat.list(randomUUID());
  process.stdout.write(
    JSON.stringify({
      lastMessages: [before!.last_message, after!.last_message?.content],
      metadata: [
        must(await chat.changeMetadata(channel.id, { topic: 'Lunch' })).metadata,
        must(await chat.changeMetadata(channel.id, null)).metadata,
      ],
      pages: pages.map(({ data }) => data.map(({ content }) => content)),
      errors: [invalid?.code, Object.keys(invalid?.errors ?? {}), unknown?.code],
    }),
  );
}

function must<T>({ data, error }: Outcome<T>): T {
  if (data === undefined) {
    throw new Error(JSON.stringify(error));
  }
  return data;
}
