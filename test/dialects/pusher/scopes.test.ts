import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { call, given as givenOn, testClient, type TestClient } from '../../support/given.js';
import { asClient, Listener, RawSocket, session } from '../../support/pusher.js';
import { useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';

const server = useServer();
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

/** How a key of less reach asks. */
async function narrow(scopes: readonly string[]) {
  const operator = { authorization: `Bearer ${ADMIN_KEY}` };
  const made = await call(`${server.url}/admin/v1/clients/${acme.id}/keys`, 'POST', { name: 'n', scopes }, operator);
  expect(made.status).toBe(201);
  return asClient(server.url, testClient(server.url, acme.uuid, acme.publicKey, made.body.secret_key));
}

describe('A socket of a key without customers:read', () => {
  it('is told what happens, without the e-mail addresses', async () => {
    const { john, jane, channel } = await given.pair(acme);
    const listen = async (scopes: readonly string[]): Promise<Listener> => {
      const listener = new Listener(server.url, acme.publicKey, await narrow(scopes));
      await listener.subscribe('private-client');
      await listener.subscribe(`private-channel.${channel.id}`);
      return listener;
    };
    const [blind, seeing] = [await listen(['messages:read']), await listen(['messages:read', 'customers:read'])];
    const metadata = { note: randomUUID() };
    expect((await acme.send('PATCH', `/api/v1/customers/${john.id}`, { metadata })).status).toBe(200);
    expect((await acme.send('PATCH', `/api/v1/channels/${channel.id}`, { name: 'Other' })).status).toBe(200);
    await given.message(acme, channel, john, 'Last');
    for (const listener of [blind, seeing]) {
      await listener.next('message.sent', 2);
    }

    const told = JSON.stringify(blind.heard);
    for (const secret of [john.email!, jane.email!, metadata.note]) {
      expect(told).not.toContain(secret);
      expect(JSON.stringify(seeing.heard)).toContain(secret);
    }
    expect(blind.heard.map(({ event, channel: on }) => [event, on])).toEqual(
      seeing.heard.map(({ event, channel: on }) => [event, on]),
    );
    expect(blind.of('customer.updated')[0]!.data.customer).toEqual({
      ...{ object: 'customer', id: john.id, name: 'John' },
      ...{ created: expect.any(Number), livemode: false },
    });
    const { customers } = blind.of('channel.updated')[0]!.data.channel;
    expect(customers).toContainEqual(expect.objectContaining({ object: 'customer', id: jane.id, name: 'Jane' }));
    [blind, seeing].forEach((one) => one.end());
  });
});

describe('A socket of a key without messages:write', () => {
  it('says no client events', async () => {
    const { john, channel } = await given.pair(acme);
    const name = `private-channel.${channel.id}`;
    const asJohn = new Listener(server.url, acme.publicKey, (await session(server, acme, john)).ask);
    await asJohn.subscribe(name);
    const [reader, writer] = [0, 1].map(() => RawSocket.open(server.url, acme.publicKey)) as [RawSocket, RawSocket];
    await reader.subscribe(name, await narrow(['messages:read', 'customers:read']));
    await writer.subscribe(name, await narrow(['messages:read', 'messages:write']));
    reader.send({ event: 'client-wave', channel: name, data: { from: 'reader' } });
    const [refused] = await reader.next('pusher:error');
    expect(refused!.data).toMatchObject({ code: 4009, message: expect.stringContaining('messages:write') });
    writer.send({ event: 'client-wave', channel: name, data: { from: 'writer' } });
    expect((await asJohn.next('client-wave')).map(({ data }) => data)).toEqual([{ from: 'writer' }]);
    reader.end();
    writer.end();
    asJohn.end();
  });
});
