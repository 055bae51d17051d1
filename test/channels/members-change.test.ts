import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { MembersService } from '../../src/channels/members.service.js';
import type { Refusal } from '../../src/platform/common/errors/refusal.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, given as givenOn, must, type Channel, type Customer, type TestClient } from '../support/given.js';
import { atOnce, expectNoFaults, listen, pick, startRacedServer, together } from '../support/races.js';
import { expectInvalid } from '../support/refused.js';
import { sql } from '../support/sql.js';
import { isA, useServer } from '../support/server.js';

const server = useServer(startRacedServer);
const given = givenOn(() => server);

const tenantOf = ({ uuid }: TestClient) => ({ clientId: uuid, livemode: false });
const uuid = ({ id }: Customer) => parseId('customer', id)!;
const idsOf = (customers: ReadonlyArray<{ readonly id: string }>) => customers.map(({ id }) => id);
const team = (acme: TestClient, size: number) => atOnce(size, () => given.customer(acme));
const members = () => server.get<MembersService>('MembersService');
const change = (acme: TestClient, { id }: Channel, add: readonly Customer[], remove: readonly Customer[] = []) =>
  members().change(tenantOf(acme), parseId('channel', id)!, { add: add.map(uuid), remove: remove.map(uuid) });
const wasMember = (acme: TestClient, { id }: Channel, who: Customer) =>
  members().wasMember(tenantOf(acme), parseId('channel', id)!, uuid(who));
const general = async (acme: TestClient, people: readonly Customer[]): Promise<Channel> =>
  must(await acme.api.POST('/api/v1/channels', { body: { type: 'general', customer_uuids: idsOf(people) } }));
const get = async (acme: TestClient, { id }: Channel) => (await acme.send('GET', `/api/v1/channels/${id}`)).body;
const path = ({ id }: Channel) => `/api/v1/channels/${id}`;

describe('A general channel whose customers are changed', () => {
  it('becomes a custom one of its own, and the same set gets another', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const channel = await general(acme, [john, jane]);
    const said = await given.message(acme, channel, john);
    await change(acme, channel, [jim]);
    const now = await get(acme, channel);
    expect(now).toMatchObject({ type: 'custom', name: 'Conversation' });
    expect(idsOf(now.customers)).toEqual(idsOf([john, jane, jim]).sort());

    const next = await general(acme, [jane, john]);
    expect(next.id).not.toBe(channel.id);
    expect((await general(acme, [john, jane, jim])).id).not.toBe(channel.id);
    // Nor is it asked for by the name and set that it has now.
    const custom = { type: 'custom', name: 'Conversation', customer_uuids: idsOf([john, jane, jim]) };
    expect((await acme.send('POST', '/api/v1/channels', custom)).status).toBe(201);
    const direct = { sender_email: john.email, recipient_email: jane.email, type: 'text', content: 'Hello' };
    const { body } = await acme.send('POST', '/api/v1/messages/send-to-customer', direct);
    expect(body.channel_id).toBe(next.id);
    expect((await acme.send('GET', `/api/v1/messages/channel/${channel.id}`)).body.data).toEqual([said]);
    await expectExactRows(acme.uuid);
  });

  it('may be made anew by a message to a person', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const channel = await general(acme, [john, jane]);
    await change(acme, channel, [jim], [jane]);
    const direct = { sender_email: john.email, recipient_email: jane.email, type: 'text', content: 'Hello' };
    const { status, body } = await acme.send('POST', '/api/v1/messages/send-to-customer', direct);
    expect([status, body.channel_id === channel.id]).toEqual([201, false]);
    await expectExactRows(acme.uuid);
  });

  it('tells of it', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const channel = await general(acme, [john, jane]);
    await listen(acme);
    await change(acme, channel, [jim], [jane]);
    const raised = await sql('SELECT type, customer_id FROM events WHERE client_id = $1 ORDER BY seq', acme.uuid);
    expect(raised).toEqual([
      { type: 'channel.updated', customer_id: null },
      { type: 'member.left', customer_id: uuid(jane) },
      { type: 'member.joined', customer_id: uuid(jim) },
    ]);
  });

  it('stays one where nobody new is added and nobody is removed who is in it', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const channel = await general(acme, [john, jane]);
    await listen(acme);
    await change(acme, channel, [john, jane, john], [jim]);
    expect(await get(acme, channel)).toEqual(channel);
    expect((await general(acme, [john, jane])).id).toBe(channel.id);
    expect(await sql('SELECT type FROM events WHERE client_id = $1 ORDER BY seq', acme.uuid)).toEqual([]);
  });

  it('is only so where it is asked for: the core refuses it', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const channel = await general(acme, [john, jane]);
    const body = { customer_uuids: [jim.id] };
    expectInvalid(await acme.send('POST', `${path(channel)}/customers`, body), 'customer_uuids');
    expectInvalid(await acme.send('DELETE', `${path(channel)}/customers/${jane.id}`), 'id');
  });
});

describe('A custom channel whose customers are changed', () => {
  it('keeps its name, and is found by the set that it has now', async () => {
    const acme = await given.client();
    const [john, jane, jim] = (await team(acme, 3)) as [Customer, Customer, Customer];
    const channel = await given.channel(acme, [john, jane], 'Team');
    await change(acme, channel, [jim], [john]);
    const found = await given.channel(acme, [jim, jane], 'Team');
    expect(found).toEqual(await get(acme, channel));
    expect(found.id).toBe(channel.id);
    await expectExactRows(acme.uuid);
  });

  it('stays as it was where somebody is unknown, there are too many, or it is another’s', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const [john, jane, foreign] = [await given.customer(acme), await given.customer(acme), await given.customer(other)];
    for (const channel of [await general(acme, [john, jane]), await given.channel(acme, [john, jane])]) {
      const refused = expect.objectContaining({ kind: 'invalid' });
      await expect(change(acme, channel, [foreign], [john])).rejects.toEqual(refused);
      await expect(change(acme, channel, await team(acme, 99), [])).rejects.toEqual(refused);
      await expect(change(other, channel, [foreign])).rejects.toMatchObject({ kind: 'not_found' });
      expect(await get(acme, channel)).toEqual(channel);
    }
    await expectExactRows(acme.uuid);
  });

  it('may lose everybody', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    await given.message(acme, channel, john);
    await change(acme, channel, [], [john, jane]);
    expect((await get(acme, channel)).customers).toEqual([]);
    await change(acme, channel, [jane]);
    expect(idsOf((await get(acme, channel)).customers)).toEqual([jane.id]);
    await expectExactRows(acme.uuid);
  });
});

describe('Who was in a channel', () => {
  it('is remembered until it returns', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, jane, channel } = await given.pair(acme);
    const stranger = await given.customer(acme);
    const all = () => Promise.all([john, jane, stranger].map((who) => wasMember(acme, channel, who)));
    expect(await all()).toEqual([false, false, false]);
    accepted(await acme.send('DELETE', `${path(channel)}/customers/${john.id}`));
    await change(acme, channel, [], [jane]);
    expect(await all()).toEqual([true, true, false]);
    expect(await wasMember(other, channel, john)).toBe(false);
    accepted(await acme.send('POST', `${path(channel)}/customers`, { customer_uuids: [john.id] }));
    await change(acme, channel, [jane, stranger]);
    expect(await all()).toEqual([false, false, false]);
    await change(acme, channel, [], [john]);
    await change(acme, channel, [john]);
    await change(acme, channel, [], [john]);
    expect(await all()).toEqual([true, false, false]);
  });

  it('is forgotten with its person', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    await change(acme, channel, [], [john]);
    for (const { id } of [john, jane]) {
      expect((await acme.send('DELETE', `/api/v1/customers/${id}`)).status).toBe(204);
    }
    expect(await sql('SELECT customer_id FROM former_members WHERE client_id = $1', acme.uuid)).toEqual([]);
  });
});

describe('All at once', () => {
  it('people are added and removed, write, are erased, and ask for their general channel', async () => {
    const acme = await given.client();
    await listen(acme);
    const people = await team(acme, 8);
    const [john, jane] = people as [Customer, Customer];
    const channels = [
      await general(acme, [john, jane]),
      await general(acme, people.slice(0, 3)),
      await given.channel(acme, people.slice(0, 3)),
    ];
    const said = await atOnce(20, (at) => given.message(acme, pick(channels, at), pick([john, jane], at)));
    const replies = await together(240, async (at) => {
      const [channel, person] = [pick(channels, at / 8), pick(people, at)];
      switch (at % 8) {
        case 0:
        case 1: {
          const [add, remove] = [[person, pick(people, at + 2)], [pick(people, at + 1)]];
          return change(acme, channel, add, remove).then(
            () => ({ status: 204, text: '' }),
            (error: Error) => ({ status: isA<Refusal>(error, 'Refusal') ? 422 : 500, text: String(error) }),
          );
        }
        case 2:
          return acme.send('POST', '/api/v1/channels', { type: 'general', customer_uuids: idsOf([john, jane]) });
        case 3: {
          const body = { sender_email: john.email, recipient_email: jane.email, type: 'text', content: 'Hello' };
          return acme.send('POST', '/api/v1/messages/send-to-customer', body, { 'idempotency-key': randomUUID() });
        }
        case 4:
          return acme.send('POST', `${path(channel)}/read`, { customer_uuid: person.id });
        case 5:
          return acme.send('DELETE', `/api/v1/messages/${pick(said, at).id}?mode=all_participants`);
        case 6:
          return at < 160
            ? acme.send('POST', `${path(channel)}/customers`, { customer_uuids: [person.id] })
            : acme.send('DELETE', `/api/v1/customers/${people[7]!.id}`);
        default: {
          const body = { channel_uuid: channel.id, sender_uuid: person.id, type: 'text', content: 'Hello' };
          return acme.send('POST', '/api/v1/messages', body);
        }
      }
    });
    expectNoFaults(replies, 200, 201, 204, 404, 422);
    await expectExactRows(acme.uuid);
    // Nobody both is in a channel and was in it.
    const both = `
      SELECT customer_id FROM channel_members JOIN former_members USING (client_id, channel_id, customer_id)
      WHERE client_id = $1 ORDER BY customer_id`;
    expect(await sql(both, acme.uuid)).toEqual([]);
  });
});
