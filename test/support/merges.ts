import { formatId } from '../../src/platform/common/ids/type-id.js';
import type { TestCaller } from './engagement.js';
import { accepted, truthfulFetch } from './given.js';
import { list, show, type Conversation, type givenInboxes } from './inbox.js';
import type { ServerAddress } from './server.js';
import { sql } from './sql.js';

/** What a GET is answered that is not followed where it leads: its status, and the path it leads to. */
export async function led(
  server: Pick<ServerAddress, 'url'>,
  by: TestCaller,
  path: string,
): Promise<[number, string | null]> {
  const headers: Record<string, string> = { authorization: `Bearer ${by.token}` };
  const response = await truthfulFetch(`${server.url}/api/v1${path}`, { headers, redirect: 'manual' });
  const there = response.headers.get('location');
  return [response.status, there && there.replace(/^https?:\/\/[^/]+/, '')];
}

/** The contact that another is part of now. */
export const mergeContacts = async (by: TestCaller, id: number | string, other: number | string, keep?: object) =>
  accepted(await by.send('POST', `/contacts/${id}/merge`, { other_id: other, ...(keep ? { keep } : {}) })).body.data;

export const mergeConversations = async (by: TestCaller, id: number, other: number) =>
  accepted(await by.send('POST', `/conversations/${id}/merge`, { other_id: other })).body.data;

/** What all items of a conversation say. */
export const bodies = async (by: Pick<TestCaller, 'send'>, id: number): Promise<string[]> =>
  (await show(by, id)).messages.map(({ body_text }) => body_text);

type Inbox = Awaited<ReturnType<ReturnType<typeof givenInboxes>['inbox']>>;
export interface Pair extends Inbox {
  readonly channels: readonly [string, string];
  readonly person: string;
  /** Says something in the channel of conversation 1 or 2. */
  readonly say: (conversation: 1 | 2, by: 'contact' | 'team', content: string) => Promise<void>;
}

/** Two conversations between one phone and the team's number: the general one of the two, and another. */
export async function pairOf(begin: () => Promise<Inbox>): Promise<Pair> {
  const inbox = await begin();
  const { owner, hear, uuid } = inbox;
  await hear('First');
  const [{ uuid: first }] = (await list(owner)) as [Conversation];
  const [{ address, person }] = (await sql<{ address: string; person: string }>(
    `SELECT address_id AS address, contact_id AS person FROM conversations WHERE client_id = $1`,
    uuid,
  )) as [{ address: string; person: string }];
  const idOf = (customer: string): string => formatId('customer', customer);
  const body = { type: 'custom', name: 'Other', customer_uuids: [idOf(address), idOf(person)] };
  const second = accepted(await owner.send('POST', '/channels', body)).body as { id: string };
  const { uuid: other } = (await list(owner)).find(({ id }) => id === 2)!;
  return {
    ...{ ...inbox, channels: [first, other], person },
    say: async (conversation, by, content) => {
      const channel_uuid = conversation === 1 ? formatId('channel', first) : second.id;
      const sender_uuid = idOf(by === 'team' ? address : person);
      accepted(await owner.send('POST', '/messages', { channel_uuid, sender_uuid, type: 'text', content }));
    },
  };
}
