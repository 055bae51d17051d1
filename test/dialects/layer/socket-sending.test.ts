import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../../support/exact.js';
import { given as givenOn, type Channel, type TestClient } from '../../support/given.js';
import { ACCEPT } from '../../support/layer.js';
import { connect, conversationOf, text } from '../../support/layer-socket.js';
import { startServer, useServer } from '../../support/server.js';
import { beside, sql } from '../../support/sql.js';

const server = useServer(startServer);
const given = givenOn(() => server);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});

/** How many commits the client's messages took. */
async function commits(): Promise<number> {
  const [row] = await sql<{ count: number }>(
    'SELECT count(DISTINCT xmin::text)::int FROM messages WHERE client_id = $1',
    acme.uuid,
  );
  return row!.count;
}

describe('Messages that sockets send at once', () => {
  it('share commits, and each is answered with its own, as everybody sees it', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => given.customer(acme)));
    const channel = await given.channel(acme, people, 'All');
    const others = await given.channel(acme, people.slice(0, 9), 'All but one');
    const sockets = await Promise.all(people.map((one) => connect(server, acme, one)));
    const channels = [channel, others, channel];
    const answers = await Promise.all(
      sockets.map((socket) =>
        Promise.all(
          channels.map((into, at) => socket.request('Message.create', text(`Words ${at}`), conversationOf(into))),
        ),
      ),
    );
    const [last] = answers.splice(9);
    expect(last!.map(({ success }) => success)).toEqual([true, false, true]);
    expect(last![1].data.code).toBe(102);
    for (const each of answers) {
      expect(each.map(({ data }) => data.parts[0].body)).toEqual(['Words 0', 'Words 1', 'Words 2']);
    }
    expect(await commits()).toBeLessThan(20);
    await expectExactRows(acme.uuid);

    const [socket] = sockets;
    const headers = { accept: ACCEPT, authorization: `Layer session-token="${socket!.token}"` };
    const told = new Map((await socket!.next('create', 'Message', 29)).map(({ data }) => [data.id, data]));
    for (const { data } of answers[0]!) {
      expect(told.get(data.id)).toEqual(data);
      expect(await (await fetch(data.url, { headers })).json()).toEqual(data);
    }
    sockets.forEach((one) => one.end());
  });

  it('in a channel that is deleted meanwhile are refused, and the others are not', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => given.customer(acme)));
    const doomed = await given.channel(acme, people, 'Doomed');
    const channel = await given.channel(acme, people, 'Kept');
    const sockets = await Promise.all(people.map((one) => connect(server, acme, one)));
    const say = (at: number, into: Channel) =>
      sockets[at]!.request('Message.create', text('Hello'), conversationOf(into));
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query(`DELETE FROM channels WHERE client_id = $1 AND name = 'Doomed'`, [acme.uuid]);
      const lost = [say(0, doomed), say(1, doomed), say(2, doomed)];
      const kept = await Promise.all([say(3, channel), say(4, channel), say(5, channel)]);
      expect(kept.map(({ success }) => success)).toEqual([true, true, true]);
      await connection.query('COMMIT');
      expect((await Promise.all(lost)).map(({ data }) => data.code)).toEqual([102, 102, 102]);
    });
    sockets.forEach((one) => one.end());
  });
});
