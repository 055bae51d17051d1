import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseId, type IdKind } from '../../../src/platform/common/ids/type-id.js';
import type { EventData } from '../../../src/platform/outbox/event-types.js';
import type { Database } from '../../../src/platform/database/database.js';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { listen } from '../../support/races.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer(startServer);
const given = givenOn(() => server);

const uuid = (kind: IdKind, { id }: { readonly id: string }): string => parseId(kind, id)!;

interface Raised {
  readonly type: string;
  readonly channel_id: string | null;
  readonly customer_id: string | null;
  readonly data: EventData[keyof EventData];
}

/** What was raised since it was last asked for, without what is told of contacts beside it. */
async function raisedIn(acme: TestClient): Promise<Raised[]> {
  const rows = await sql<Raised & Record<string, unknown>>(
    `SELECT type, channel_id, customer_id, data FROM events
     WHERE client_id = $1 AND type NOT LIKE 'contact.%' ORDER BY seq`,
    acme.uuid,
  );
  await sql('DELETE FROM events WHERE client_id = $1', acme.uuid);
  return rows;
}

/** A pair, two messages by John, and somebody who is not in their channel. */
async function world() {
  const acme = await given.client();
  const pair = await given.pair(acme);
  const [first, second] = [
    await given.message(acme, pair.channel, pair.john),
    await given.message(acme, pair.channel, pair.john),
  ];
  const jim = await given.customer(acme);
  const channel = uuid('channel', pair.channel);
  return { acme, ...pair, jim, first, second, channelId: channel, path: `/api/v1/channels/${pair.channel.id}` };
}
type World = Awaited<ReturnType<typeof world>>;

/** Each change: how it is asked for, and what it raises. */
const CHANGES: Record<
  string,
  readonly [ask: (of: World) => readonly [string, string, unknown?], (of: World) => Raised[]]
> = {
  'a deletion for all': [
    ({ second }) => ['DELETE', `/api/v1/messages/${second.id}?mode=all_participants`],
    ({ second, channelId }) => [
      {
        type: 'message.deleted',
        channel_id: channelId,
        customer_id: null,
        data: { id: uuid('message', second), channelId, mode: 'all_participants', customerId: null },
      },
    ],
  ],
  'a deletion from one’s devices': [
    ({ second, jane }) => ['DELETE', `/api/v1/messages/${second.id}?mode=my_devices&customer_uuid=${jane.id}`],
    ({ second, channelId, jane }) => [
      {
        type: 'message.deleted',
        channel_id: channelId,
        customer_id: uuid('customer', jane),
        data: {
          id: uuid('message', second),
          channelId,
          mode: 'my_devices',
          customerId: uuid('customer', jane),
        },
      },
    ],
  ],
  ...Object.fromEntries(
    (['read', 'delivered'] as const).map((kind) => [
      kind,
      [
        ({ path, jane, first }: World) => [
          'POST',
          `${path}/${kind}`,
          { customer_uuid: jane.id, message_uuid: first.id },
        ],
        ({ channelId, jane, first }: World) => [
          {
            type: `message.${kind}`,
            channel_id: channelId,
            customer_id: uuid('customer', jane),
            data: {
              channelId,
              customerId: uuid('customer', jane),
              position: 1,
              messageId: uuid('message', first),
            },
          },
        ],
      ] as const,
    ]),
  ),
  'a new name': [
    ({ path }) => ['PATCH', path, { name: 'New' }],
    ({ channelId }) => [{ type: 'channel.updated', channel_id: channelId, customer_id: null, data: { id: channelId } }],
  ],
  joining: [
    ({ path, jim }) => ['POST', `${path}/customers`, { customer_uuids: [jim.id] }],
    ({ channelId, jim }) => [membership('member.joined', channelId, uuid('customer', jim))],
  ],
  'a changed customer': [
    ({ jim }) => ['PATCH', `/api/v1/customers/${jim.id}`, { metadata: { a: 1 } }],
    ({ jim }) => [ofCustomer('customer.updated', uuid('customer', jim))],
  ],
  leaving: [
    ({ path, jane }) => ['DELETE', `${path}/customers/${jane.id}`],
    ({ channelId, jane }) => [membership('member.left', channelId, uuid('customer', jane))],
  ],
  erasure: [
    ({ john }) => ['DELETE', `/api/v1/customers/${john.id}`],
    ({ channelId, john }) => [
      membership('member.left', channelId, uuid('customer', john)),
      ofCustomer('customer.deleted', uuid('customer', john)),
    ],
  ],
};

function membership(type: string, channelId: string, customerId: string): Raised {
  return { type, channel_id: channelId, customer_id: customerId, data: { channelId, customerId } };
}

function ofCustomer(type: string, id: string): Raised {
  return { type, channel_id: null, customer_id: id, data: { id } };
}

describe('What is raised', () => {
  it.each(Object.entries(CHANGES))('by %s', async (_, [ask, expected]) => {
    const of = await world();
    await listen(of.acme);
    let rings = 0;
    const stop = server.get<Database>('Database').commits.onNotify(() => (rings += 1));
    const [method, path, body] = ask(of);
    expect((await of.acme.send(method, path, body)).status).toBeLessThan(300);
    stop();
    expect(await raisedIn(of.acme)).toEqual(expected(of));
    expect(rings).toBe(1);

    // Again, whatever is answered, it changes nothing more.
    await of.acme.send(method, path, body);
    expect(await raisedIn(of.acme)).toEqual([]);
  });

  it.each(Object.entries(CHANGES))('is nothing where nobody listens: %s', async (_, [ask]) => {
    const of = await world();
    const [method, path, body] = ask(of);
    expect((await of.acme.send(method, path, body)).status).toBeLessThan(300);
    expect(await raisedIn(of.acme)).toEqual([]);
  });

  it('is nothing where the change is refused, or undone', async () => {
    const { acme, path, jim, jane } = await world();
    await listen(acme);
    const key = { 'idempotency-key': randomUUID() };
    const replies = [
      await acme.send('POST', `${path}/customers`, { customer_uuids: [jim.id, randomUUID()] }, key),
      await acme.send('POST', `${path}/read`, { customer_uuid: jane.id, message_uuid: randomUUID() }),
      await acme.send('PATCH', `/api/v1/customers/${jim.id}`, { email: jane.email }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([422, 422, 422]);
    expect(await raisedIn(acme)).toEqual([]);
  });
});
