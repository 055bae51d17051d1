import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  given as givenOn,
  must,
  type Channel,
  type Customer,
  type Message,
  type TestClient,
} from '../../support/given.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { age, sql } from '../../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

const byEmail = async (acme: TestClient, email: string | null) =>
  must(await acme.api.GET('/api/v1/channels/by-email', { params: { query: { email: email! } } }));
const recipient = ({ object, id, name, email }: Customer) => ({ object, id, name, email });
const updated = (
  { object, id, type, name }: Channel,
  updated_at: number,
  last_message: Message | null = null,
  unread_count = 0,
) => ({ object, id, type, name, updated_at, unread_count, last_message });

describe('GET /channels/by-email', () => {
  it('groups the channels by the other participant, the newest activity first', async () => {
    const acme = await given.client();
    const { john: me, jane, channel: first } = await given.pair(acme);
    const jim = await given.customer(acme);
    const second = await given.channel(acme, [me, jane], 'Second');
    const group = await given.channel(acme, [me, jane, jim], 'Group');
    await given.channel(acme, [jane, jim], 'Without me');

    // Second was made 100 s ago and is empty; what was last said in First was 50 s ago, in Group 200 s ago.
    await age(second, 100);
    const said = await given.message(acme, first, jane);
    await age(first, 50);
    const earlier = await given.message(acme, group, jim);
    await age(group, 200);
    const [inFirst, inSecond, inGroup] = [
      updated(first, said.created - 50, { ...said, created: said.created - 50 }, 1),
      updated(second, second.created - 100),
      updated(group, earlier.created - 200, { ...earlier, created: earlier.created - 200 }, 1),
    ];
    expect(await byEmail(acme, me.email)).toEqual({
      object: 'list',
      data: {
        conversations: [
          {
            recipient: recipient(jane),
            channels: [inFirst, inSecond, inGroup],
            channels_count: 3,
            latest_message_at: said.created - 50,
          },
          {
            recipient: recipient(jim),
            channels: [inGroup],
            channels_count: 1,
            latest_message_at: earlier.created - 200,
          },
        ],
      },
      has_more: false,
      total_count: 2,
    });

    const now = await given.message(acme, group, me);
    const { conversations } = (await byEmail(acme, me.email)).data;
    expect(conversations.map(({ latest_message_at }) => latest_message_at)).toEqual([now.created, now.created]);
    const ofJane = conversations.find(({ recipient: { id } }) => id === jane.id);
    expect(ofJane!.channels).toEqual([updated(group, now.created, now, 1), inFirst, inSecond]);
  });

  it('lists the twenty newest channels of each conversation, and says how many there are', async () => {
    const acme = await given.client();
    const { john: me, jane } = await given.pair(acme);
    const jim = await given.customer(acme);
    const alone = await given.channel(acme, [me, jim], 'Alone');
    await given.message(acme, alone, jim);
    // Three thousand more with Jane, a second apart, the last of them newest; each ends with a long message of hers.
    const [mine, hers] = [parseId('customer', me.id), parseId('customer', jane.id)];
    await sql(
      `WITH made AS (
         INSERT INTO channels (client_id, id, type, name, reuse_key, created_at, last_message_at, last_position, message_count)
         SELECT $1, gen_random_uuid(), 'custom', 'Channel ' || n, sha256(n::text::bytea), now() - interval '1 day',
                now() + make_interval(secs => n), 1, 1
         FROM generate_series(1, 3000) n
         RETURNING id, last_message_at
       ), joined AS (
         INSERT INTO channel_members (client_id, channel_id, customer_id, message_count)
         SELECT $1, id, customer_id, CASE WHEN customer_id = $3 THEN 1 ELSE 0 END
         FROM made, unnest(ARRAY[$2::uuid, $3::uuid]) AS customer_id
       )
       INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at)
       SELECT $1, id, 1, gen_random_uuid(), $3, 'text', repeat('x', 4000), last_message_at FROM made`,
      ...[acme.uuid, mine, hers],
    );
    const many = await acme.send('GET', `/api/v1/channels/by-email?email=${encodeURIComponent(me.email!)}`);
    expect(many.status).toBe(200);
    const [withJane, withJim] = many.body.data.conversations;
    expect([withJane.channels_count, withJim.channels_count]).toEqual([3001, 1]);
    expect(withJane.channels.map(({ name }: Channel) => name)).toEqual(
      Array.from({ length: 20 }, (_, at) => `Channel ${3000 - at}`),
    );
    expect(withJane.channels.map(({ unread_count }: { unread_count: number }) => unread_count)).toEqual(
      Array(20).fill(1),
    );
    expect(withJane.latest_message_at).toBe(withJane.channels[0].updated_at);
    expect(withJim.channels.map(({ id }: Channel) => id)).toEqual([alone.id]);
    expect(many.text.length).toBeLessThan(200_000);
  });

  it('is empty for a customer in no channel', async () => {
    const acme = await given.client();
    const { email } = await given.customer(acme);
    const empty = { object: 'list', data: { conversations: [] }, has_more: false, total_count: 0 };
    expect(await byEmail(acme, email)).toEqual(empty);
  });

  it('trims and lower-cases the e-mail', async () => {
    const acme = await given.client();
    const { john, jane } = await given.pair(acme);
    const page = await byEmail(acme, `\t${john.email!.toUpperCase()} `);
    expect(page.data.conversations.map((one) => one.recipient)).toEqual([recipient(jane)]);
  });

  it('answers everything up to 100 without limit, and takes limit and starting_after', async () => {
    const acme = await given.client();
    const me = await given.customer(acme);
    const others = await Promise.all(Array.from({ length: 99 }, () => given.customer(acme)));
    await given.channel(acme, [me, ...others]);
    const everything = await byEmail(acme, me.email);
    expect(everything).toMatchObject({ has_more: false, total_count: 99 });
    const ids = everything.data.conversations.map((one) => one.recipient.id);
    expect(ids.toSorted()).toEqual(others.map(({ id }) => id).sort());

    await given.channel(acme, [me, await given.customer(acme), await given.customer(acme)], 'Two more');
    const hundred = await byEmail(acme, me.email);
    expect(hundred).toMatchObject({ has_more: true, total_count: 101 });
    expect(hundred.data.conversations).toHaveLength(100);
    const query = { email: me.email!, limit: 2, starting_after: hundred.data.conversations[99]!.recipient.id };
    const rest = must(await acme.api.GET('/api/v1/channels/by-email', { params: { query } }));
    expect(rest).toMatchObject({ has_more: false, total_count: 101 });
    expect(rest.data.conversations.map((one) => one.recipient.id)).toEqual([ids.at(-1)]);
  });

  it('answers 404 for an e-mail that is nobody here', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john } = await given.pair(other);
    for (const email of [`${randomUUID()}@example.com`, john.email!]) {
      const path = `/api/v1/channels/by-email?email=${encodeURIComponent(email)}`;
      expectMissing(await acme.send('GET', path), 'Customer not found');
    }
  });

  it.each(['', '?email=', '?email=nobody', '?email=a%40b.com&email=c%40d.com'])('refuses "%s"', async (query) => {
    const acme = await given.client();
    expectInvalid(await acme.send('GET', `/api/v1/channels/by-email${query}`), 'email');
  });
});
