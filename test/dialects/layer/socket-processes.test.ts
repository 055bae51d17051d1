import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { connect, conversationOf, identityOf, text } from '../../support/layer-socket.js';
import { startServer, type TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

let here: TestServer;
let there: TestServer;
let acme: TestClient;
beforeAll(async () => {
  const env = { DATABASE_URL: process.env.TEST_DATABASE_URL! };
  [here, there] = await Promise.all([startServer(env), startServer(env)]);
  acme = await givenOn(() => here).client();
});
afterAll(() => Promise.all([here.stop(), there.stop()]));

it('Sockets of two processes hear one another: what changes, who types, who is there', async () => {
  const { john, jane, channel } = await givenOn(() => here).pair(acme);
  const [johns, janes] = [await connect(here, acme, john), await connect(there, acme, jane)];
  const conversation = conversationOf(channel);
  const [sent, answer] = [
    await johns.request('Message.create', text('Hello'), conversation),
    await janes.request('Message.create', text('Hello yourself'), conversation),
  ];
  for (const [socket, server] of [
    [johns, here],
    [janes, there],
  ] as const) {
    const messages = await socket.next('create', 'Message', 2);
    expect(messages.map(({ data }) => data.id)).toEqual([sent.data.id, answer.data.id]);
    // Each sees the links under the name it knows this server by.
    expect(messages.every(({ data }) => data.url.startsWith(`${server.url}/layer/messages/`))).toBe(true);
  }
  const type = { type: 'typing_indicator', object: { id: conversation }, data: { action: 'started' } };
  johns.send({ type: 'signal', body: type });
  await until(() => janes.packets.find((packet) => packet.type === 'signal' && packet.body.object.id === conversation));
  const statuses = (): unknown[] =>
    janes
      .changes('update', 'Identity')
      .filter(({ object }) => object.id === identityOf(john))
      .flatMap(({ data }) => data.map(({ value }: { value: unknown }) => value));
  await johns.request('Presence.update', [{ operation: 'set', property: 'status', value: 'away' }]);
  await until(() => statuses().includes('away'));
  johns.end();
  await until(() => statuses().includes('offline'));
  janes.end();
});
