import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { given as givenOn, must, type TestClient } from '../support/given.js';
import { expectInvalid } from '../support/refused.js';
import { useServer } from '../support/server.js';
import { age } from '../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

const newEmail = () => `${randomUUID()}@example.com`;

describe('GET /customers/active', () => {
  const active = async (acme: TestClient) => must(await acme.api.GET('/api/v1/customers/active'));

  it('lists only who has sent a message, whoever did last first, with the time of it', async () => {
    const acme = await given.client();
    const [john, jane, jim] = [await given.customer(acme), await given.customer(acme), await given.customer(acme)];
    const old = await given.channel(acme, [john, jane, jim], 'Old');
    const recent = await given.channel(acme, [john, jane], 'Recent');
    expect(await active(acme)).toEqual({ object: 'list', data: [], has_more: false, total_count: 0 });

    const first = await given.message(acme, old, john);
    await age(old, 7200);
    const second = await given.message(acme, recent, jane);
    await age(recent, 3600);
    expect(await active(acme)).toEqual({
      object: 'list',
      data: [
        { ...jane, latest_message_at: second.created - 3600 },
        { ...john, latest_message_at: first.created - 7200 },
      ],
      has_more: false,
      total_count: 2,
    });

    const third = await given.message(acme, old, john);
    expect((await active(acme)).data).toEqual([
      { ...john, latest_message_at: third.created },
      { ...jane, latest_message_at: second.created - 3600 },
    ]);
  });
});

describe('GET /customers/active-for-sender', () => {
  const activeFor = async (acme: TestClient, email: string | null) =>
    must(await acme.api.GET('/api/v1/customers/active-for-sender', { params: { query: { email: email! } } }));

  it('lists whoever shares a channel in which at least one of the two has written', async () => {
    const acme = await given.client();
    const [me, heard, wrote, silent, stranger] = await Promise.all(
      Array.from({ length: 5 }, () => given.customer(acme)),
    );
    const [mine, theirs] = [await given.channel(acme, [me!, heard!]), await given.channel(acme, [me!, wrote!])];
    await given.channel(acme, [me!, silent!]);
    // With `silent` in it, but neither of those two has written there.
    const group = await given.channel(acme, [me!, silent!, stranger!]);
    await given.message(acme, await given.channel(acme, [heard!, stranger!]), stranger!);
    const sent = await given.message(acme, mine, me!);
    await age(mine, 500);
    const received = await given.message(acme, theirs, wrote!);
    await age(theirs, 1000);
    const expected = [
      { ...heard, latest_message_at: sent.created - 500 },
      { ...wrote, latest_message_at: received.created - 1000 },
    ];
    const page = { object: 'list', has_more: false };
    expect(await activeFor(acme, me!.email)).toEqual({ ...page, data: expected, total_count: 2 });

    const said = await given.message(acme, group, stranger!);
    expect(await activeFor(acme, me!.email)).toEqual({
      ...page,
      data: [{ ...stranger, latest_message_at: said.created }, ...expected],
      total_count: 3,
    });
    const seenBySilent = await activeFor(acme, silent!.email);
    expect(seenBySilent.data).toEqual([{ ...stranger, latest_message_at: said.created }]);
  });

  it('says the newest message of either, in the channels they share', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const second = await given.channel(acme, [john, jane], 'Second');
    await given.message(acme, channel, john);
    await age(channel, 300);
    const newest = await given.message(acme, second, jane);
    await age(second, 200);
    // Newer, but the other of the two is not there.
    await given.message(acme, await given.channel(acme, [jane, await given.customer(acme)]), jane);
    const time = newest.created - 200;
    expect((await activeFor(acme, john.email)).data).toEqual([{ ...jane, latest_message_at: time }]);
    expect((await activeFor(acme, jane.email)).data[1]).toEqual({ ...john, latest_message_at: time });
  });

  it('trims and lower-cases the e-mail', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    await given.message(acme, channel, john);
    const page = await activeFor(acme, ` ${john.email!.toUpperCase()} `);
    expect(page.data.map(({ id }) => id)).toEqual([jane.id]);
  });

  it('is empty for an unknown sender and for one of another tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    await given.message(other, channel, john);
    for (const email of [newEmail(), john.email]) {
      expect(await activeFor(acme, email)).toEqual({ object: 'list', data: [], has_more: false, total_count: 0 });
    }
  });

  it.each(['', '?email=', '?email=nobody', '?email=a%40b.com&email=c%40d.com'])('refuses "%s"', async (query) => {
    const acme = await given.client();
    expectInvalid(await acme.send('GET', `/api/v1/customers/active-for-sender${query}`), 'email');
  });
});
