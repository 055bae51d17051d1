import { describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type Customer, type Reply } from '../../support/given.js';
import { asClient, Listener, session } from '../../support/pusher.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const AVATAR = 'https://example.com/john.png';

const server = useServer();
const given = givenOn(() => server);

/** Jane asks; John, whom she talks with, has an avatar. */
async function world() {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  await sql(
    `UPDATE customers SET profile = $2 WHERE id = $1`,
    parseId('customer', john.id),
    JSON.stringify({ avatar_url: AVATAR, phone_number: '+491234' }),
  );
  await given.message(acme, channel, john);
  return { acme, john, jane, channel, janes: await given.session(acme, jane) };
}

const basic = ({ id, name }: Customer, avatar_url: string | null) => ({ object: 'customer', id, name, avatar_url });
const reference = ({ object, id, name, email }: Customer) => ({ object, id, name, email });

describe('To a session other customers', () => {
  it('are id, name and avatar, in every answer', async () => {
    const { john, jane, channel, janes } = await world();
    const get = (path: string): Promise<Reply> => janes.send('GET', `/api/v1/${path}`);
    const both = [basic(john, AVATAR), basic(jane, null)];
    const [one, list, conversations] = [
      await get(`channels/${channel.id}`),
      await get(`channels/customer/${jane.id}`),
      await get(`channels/by-email?email=${encodeURIComponent(jane.email!)}`),
    ];
    expect(one.body.customers).toEqual(both);
    expect(list.body.data[0].customers).toEqual(both);
    expect(conversations.body.data.conversations[0].recipient).toEqual(both[0]);
    for (const { text } of [one, list, conversations]) {
      expect(text).not.toContain(john.email!);
      expect(text).not.toContain('+491234');
    }
    // Of itself a customer sees everything.
    expect((await get(`customers/${jane.id}`)).body.email).toBe(jane.email);
  });

  it('are the same in real time; the client itself is told e-mails', async () => {
    const { acme, john, jane, channel } = await world();
    const listen = async (ask: ReturnType<typeof asClient>, ...names: string[]): Promise<Listener> => {
      const listener = new Listener(server.url, acme.publicKey, ask);
      for (const name of names) {
        await listener.subscribe(name);
      }
      return listener;
    };
    const hers = await listen(
      (await session(server, acme, jane)).ask,
      `private-channel.${channel.id}`,
      `private-customer.${jane.id}`,
    );
    const clients = await listen(asClient(server.url, acme), 'private-client');
    const changed = await acme.send('PATCH', `/api/v1/channels/${channel.id}`, { name: 'Renamed' });
    expect(changed.status).toBe(200);
    const made = await given.channel(acme, [john, jane], 'Another');
    await hers.next('channel.updated', 2);
    await hers.next('channel.created');
    await clients.next('channel.created');
    const told = [...hers.of('channel.updated'), ...hers.of('channel.created')];
    expect(told.map(({ data }) => data.channel.id)).toEqual([channel.id, channel.id, made.id]);
    for (const { data } of told) {
      expect(data.channel.customers).toEqual([basic(john, AVATAR), basic(jane, null)]);
    }
    const known = [reference(john), reference(jane)];
    expect(clients.of('channel.updated')[0]!.data.channel.customers).toEqual(known);
    expect(clients.of('channel.created')[0]!.data.channel.customers).toEqual(known);
    hers.end();
    clients.end();
  });
});
