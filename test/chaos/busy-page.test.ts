import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../support/given.js';
import { asClient, Listener } from '../support/pusher.js';
import { useServer } from '../support/server.js';

const server = useServer();
const given = givenOn(() => server);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});

const customerRooms = async (count: number): Promise<string[]> => {
  const customers = await Promise.all(Array.from({ length: count }, () => given.customer(acme)));
  return customers.map(({ id }) => `private-customer.${id}`);
};

describe('A busy page', () => {
  it('that leaves 150 channels and enters 180 at once is in all of them, on the same socket', async () => {
    const [before, after] = [await customerRooms(150), await customerRooms(180)];
    const page = new Listener(server.url, acme.publicKey, asClient(server.url, acme));
    await Promise.all(before.map((name) => page.subscribe(name)));
    const { socketId } = page;
    before.forEach((name) => page.pusher.unsubscribe(name));
    await Promise.all(after.map((name) => page.subscribe(name)));
    expect([page.socketId, page.errors]).toEqual([socketId, []]);
    page.end();
  });
});
