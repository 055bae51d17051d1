import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ChannelDeletionsService } from '../../../src/messages/deletion/channel-deletions.service.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { atOnce, pick } from '../../support/races.js';
import { sendInOne, textFrom, upTo } from '../../support/sending.js';
import { startServer, useServer } from '../../support/server.js';
import { beside, somebodyWaits, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

const server = useServer(startServer);
const given = givenOn(() => server);

const RICH = {
  content: 'Hé 🙂 "quoted" \\ {braces}, and a line\nmore',
  metadata: { z: 1, a: [1.0, 1e3, { y: null, b: 'ü"' }], é: '\\' },
};
const post = (acme: TestClient, key: string, body: object, path = 'messages'): Promise<Reply> =>
  acme.send('POST', `/api/v1/${path}`, body, { 'idempotency-key': key });
const replayed = ({ headers }: Reply) => headers.get('idempotent-replayed');
const postInOne = (acme: TestClient, asked: ReadonlyArray<readonly [key: string, body: object]>): Promise<Reply[]> =>
  sendInOne(server.port, acme, ...([asked.map(([, body]) => body), asked.map(([key]) => key)] as const));

async function commitsOf({ uuid }: TestClient): Promise<number> {
  const [row] = await sql<{ count: number }>(
    `SELECT count(DISTINCT message.xmin::text)::int FROM messages message
     JOIN idempotency_keys key ON key.client_id = $1 AND key.xmin = message.xmin
     WHERE message.client_id = $1`,
    uuid,
  );
  return row!.count;
}

describe('Messages with an Idempotency-Key that are sent at once', () => {
  it('share commits with their keys, and are answered again byte for byte', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const asked = upTo(40).map((at) => {
      const body = { ...textFrom(channel, pick([john, jane], at)), ...RICH, content: `${RICH.content} ${at}` };
      return [randomUUID(), body] as const;
    });
    const first = await postInOne(acme, asked);
    expect(first.map(({ status }) => status)).toEqual(Array(40).fill(201));
    expect(first.map(({ body }) => body.position as number).sort((a, b) => a - b)).toEqual(upTo(40));
    const commits = await commitsOf(acme);
    expect(commits).toBeGreaterThan(0);
    expect(commits).toBeLessThan(15);
    const again = await postInOne(acme, asked);
    expect(again.map(({ text }) => text)).toEqual(first.map(({ text }) => text));
    expect(again.map(replayed)).toEqual(Array(40).fill('true'));
    expect(first.map(replayed)).toEqual(Array(40).fill(null));
    await expectExactRows(acme.uuid);
  });

  it('are answered so even when nothing is left of them', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const parts = [
      { mime_type: 'text/plain', body: RICH.content },
      { mime_type: 'image/png', body: 'iVBORw0KGgo=', encoding: 'base64' },
    ];
    const bodies = [
      { ...textFrom(channel, john), ...RICH },
      { channel_uuid: channel.id, sender_uuid: john.id, parts },
    ];
    const direct = { sender_email: john.email, recipient_email: jane.email, type: 'text', ...RICH };
    const send = async () => [
      await post(acme, 'one', bodies[0]!),
      await post(acme, 'two', bodies[1]!),
      await post(acme, 'three', direct, 'messages/send-to-customer'),
      await post(acme, 'four', direct, 'messages/send-to-customer'),
    ];
    const first = (await send()).map(accepted);
    const tenant = { clientId: acme.uuid, livemode: false };
    accepted(await acme.send('DELETE', `/api/v1/messages/${first[1]!.body.id}?mode=all_participants`));
    await server
      .get<ChannelDeletionsService>('ChannelDeletionsService')
      .deleteForAll(tenant, parseId('channel', channel.id)!);
    accepted(await acme.send('DELETE', `/api/v1/customers/${john.id}`));
    const again = await send();
    expect(again.map(({ text }) => text)).toEqual(first.map(({ text }) => text));
    expect(again.map(replayed)).toEqual(Array(4).fill('true'));
  });

  it('under one key are one, or refused where they are others', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const bodies = [textFrom(channel, john), textFrom(channel, jane)];
    const asked = upTo(30).map((at) => ['the same', pick(bodies, at)] as const);
    const replies = await postInOne(acme, asked);
    const sent = replies.filter(({ status }) => status === 201);
    expect(sent).toHaveLength(15);
    expect(new Set(sent.map(({ text }) => text)).size).toBe(1);
    expect(sent.filter((reply) => replayed(reply) === null)).toHaveLength(1);
    const others = replies.filter(({ status }) => status !== 201).map(({ status, body }) => [status, body.code]);
    expect(others).toEqual(Array(15).fill([422, 'idempotency_key_reused']));
    await expectExactRows(acme.uuid);
  });

  it('are refused by themselves, and so again', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const jim = await given.customer(acme);
    const asked = upTo(20).map((at) => [randomUUID(), textFrom(channel, at % 4 === 0 ? jim : john)] as const);
    const first = await postInOne(acme, asked);
    expect(first.map(({ status }) => status)).toEqual(upTo(20).map((at) => (at % 4 === 0 ? 422 : 201)));
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/customers`, { customer_uuids: [jim.id] }));
    const again = await postInOne(acme, asked);
    expect(again.map(({ text }) => text)).toEqual(first.map(({ text }) => text));
    expect(again.map(replayed)).toEqual(Array(20).fill('true'));
    await expectExactRows(acme.uuid);
  });

  it('do not wait for a key that a transaction is taking', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const stalled = await given.channel(acme, [john, jane], 'Stalled');
    await atOnce(2, (at) => post(acme, randomUUID(), textFrom(channel, pick([john, jane], at))));
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query('SELECT FROM channels WHERE id = $1 FOR UPDATE', [parseId('channel', stalled.id)]);
      // What is to be told to devices is a transaction: it has the key, and waits for the channel.
      const told = { ...textFrom(stalled, john), notification: { title: 'Hello', text: 'Hello' } };
      const first = post(acme, 'taken', told);
      await until(somebodyWaits);
      const other = post(acme, 'taken', textFrom(channel, jane));
      const moving = await atOnce(20, () => post(acme, randomUUID(), textFrom(channel, jane)));
      expect(moving.map(({ status }) => status)).toEqual(Array(20).fill(201));
      await connection.query('COMMIT');
      expect((await first).status).toBe(201);
      expect((await other).body.code).toBe('idempotency_key_reused');
    });
    await expectExactRows(acme.uuid);
  });

  it('of which another process takes the key in between is left to it', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const other = await startServer();
    try {
      const keys = upTo(20).map(() => randomUUID());
      const ask = (url: string, key: string) =>
        fetch(`${url}/api/v1/messages`, {
          method: 'POST',
          headers: { ...acme.headers, 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(textFrom(channel, john)),
        }).then(async (answer) => [answer.status, await answer.text()] as const);
      const pairs = await Promise.all(
        keys.map((key) => Promise.all([ask(server.url, key), ask(other.url, key), ask(server.url, key)])),
      );
      for (const [one, ...others] of pairs) {
        expect(one[0]).toBe(201);
        expect(others).toEqual([one, one]);
      }
    } finally {
      await other.stop();
    }
    const [row] = await sql<{ count: number }>('SELECT count(*)::int FROM messages WHERE client_id = $1', acme.uuid);
    expect(row!.count).toBe(20);
    await expectExactRows(acme.uuid);
  });
});
