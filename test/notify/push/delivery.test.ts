import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../../src/platform/common/ids/type-id.js';
import type { Customer } from '../../support/given.js';
import { connect } from '../../support/layer-socket.js';
import { PushWorld, uuid } from '../../support/push-world.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { accepted } from '../../support/given.js';

const world = new PushWorld();
const { given, kinds } = world;
const each = Object.values(kinds).map((kind, at) => [Object.keys(kinds)[at]!, kind] as const);
beforeAll(async () => {
  await ownDatabase();
  await world.start();
});
afterAll(() => world.stop());

describe('A notification of a message', () => {
  it.each(each)('reaches the device by %s, with what is unread', async (_, kind) => {
    const { acme, john, jane, channel, token } = await world.pair(kind);
    const elsewhere = await given.channel(acme, [john, jane], 'Elsewhere');
    await given.message(acme, elsewhere, john);
    const data = { deep: { link: 1 }, word: 'yes' };
    const note = { title: 'John', text: 'Hello', sound: 'chime.aiff', category: 'chat', data };
    const { id } = await world.say(acme, channel, john, note);
    await until(() => kind.provider().to(token).length > 0);
    await world.quiet(acme);
    const [sent, ...more] = kind.provider().to(token);
    expect(more).toEqual([]);
    const about = { channel_id: channel.id, message_id: formatId('message', id) };
    const aps = { alert: { title: 'John', body: 'Hello' }, badge: 2, sound: 'chime.aiff', category: 'chat' };
    if (kind === kinds.apns) {
      expect(sent!.body).toEqual({ aps, ...data, ...about });
      expect(sent!.headers).toMatchObject({
        ...{ 'apns-topic': 'com.example.chat', 'apns-push-type': 'alert', kid: 'KEY1234567' },
        'apns-id': expect.stringMatching(/^[\da-f-]{36}$/),
      });
    } else if (kind === kinds.fcm) {
      expect(sent!.body).toEqual({
        token,
        notification: { title: 'John', body: 'Hello' },
        data: { deep: '{"link":1}', word: 'yes', ...about },
        android: {
          ...{ priority: 'HIGH', ttl: expect.stringMatching(/^86\d{3}s$/) },
          notification: { notification_count: 2, sound: 'chime.aiff', click_action: 'chat' },
        },
        apns: { payload: { aps } },
      });
    } else {
      expect(sent!.body).toEqual({ ...note, badge: 2, ...about });
      expect(sent!.headers).toMatchObject({ urgency: 'high', 'content-encoding': 'aes128gcm' });
    }
  });

  it('says to some what it has for them alone, and to the sender nothing', async () => {
    const { acme, john, jane, token } = await world.pair(kinds.fcm);
    const jim = await given.customer(acme, 'Jim');
    const channel = await given.channel(acme, [john, jane, jim], 'Three');
    const [his, own] = [await kinds.fcm.register(acme, jim), await kinds.fcm.register(acme, john)];
    const recipients = { [uuid(jim)]: { text: 'Hello Jim', sound: null } };
    await world.say(acme, channel, john, { title: 'John', text: 'Hello all', recipients });
    await until(() => world.fcm.to(token).length > 0 && world.fcm.to(his).length > 0);
    await world.quiet(acme);
    expect(world.fcm.to(token)[0]!.body.notification).toEqual({ title: 'John', body: 'Hello all' });
    expect(world.fcm.to(his)[0]!.body.notification).toEqual({ title: 'John', body: 'Hello Jim' });
    expect(JSON.stringify([world.fcm.to(token), world.fcm.to(his)])).not.toContain('recipients');
    expect(world.fcm.to(own)).toEqual([]);
  });

  it('is not sent where the message has none, nor to whom has read it, joined later, or has a socket open', async () => {
    const { acme, john, jane, token } = await world.pair(kinds.fcm);
    const others = await Promise.all(['reads', 'listens', 'late'].map((name) => given.customer(acme, name)));
    const [reads, listens, late] = others as [Customer, Customer, Customer];
    const channel = await given.channel(acme, [john, jane, reads, listens], 'Many');
    const tokens = await Promise.all(others.map((one) => kinds.fcm.register(acme, one)));
    const [replica] = await sql<{ id: string }>('SELECT id FROM replicas LIMIT 1');
    await sql(
      'INSERT INTO open_sockets (client_id, customer_id, id, replica_id) VALUES ($1, $2, gen_random_uuid(), $3)',
      ...[acme.uuid, uuid(listens), replica!.id],
    );
    await world.say(acme, channel, john);
    // What is between the writing of a message and its notification's being taken, as one fact.
    const before = world.fcm.all.length;
    const { id } = await world.say(acme, channel, john);
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid: reads.id }));
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/customers`, { customer_uuids: [late.id] }));
    await sql(
      `INSERT INTO notifications (client_id, id, message_id, channel_id, content)
       VALUES ($1, gen_random_uuid(), $2, $3, '{"title":"Now"}')`,
      ...[acme.uuid, id, parseId('channel', channel.id)],
    );
    await until(() => world.fcm.to(token).length > 0);
    await world.quiet(acme);
    expect(tokens.flatMap((one) => world.fcm.to(one))).toEqual([]);
    expect(world.fcm.all.length - before).toBe(1);
  });

  it('is not sent while a socket is open, and is again when the last has closed', async () => {
    const { acme, john, jane, channel, token } = await world.pair(kinds.fcm);
    const open = async (): Promise<number> =>
      (await sql('SELECT FROM open_sockets WHERE client_id = $1 AND customer_id = $2', acme.uuid, uuid(jane))).length;
    const socket = await connect(world.server, acme, jane);
    await until(async () => (await open()) === 1);
    await world.say(acme, channel, john, { text: 'Hello' });
    await world.quiet(acme);
    socket.end();
    await until(async () => (await open()) === 0);
    await world.say(acme, channel, john, { text: 'Are you there?' });
    await until(() => world.fcm.to(token).length > 0);
    await world.quiet(acme);
    expect(world.fcm.to(token).map(({ body }) => body.notification.body)).toEqual(['Are you there?']);
  });

  it.each(each)('goes nowhere without credentials of %s, and nothing fails', async (_, { register: add, provider }) => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const token = await add(acme, jane);
    await world.say(acme, channel, john, { text: 'Hello' });
    await world.quiet(acme);
    expect(provider().to(token)).toEqual([]);
    expect(await world.devicesOf(acme, jane)).toBe(1);
  });

  it('is not sent any more where the credentials were deleted on the way', async () => {
    const kind = kinds.fcm;
    const first = await world.pair(kind);
    world.fcm.answer = () => ({ status: 503 });
    await world.say(first.acme, first.channel, first.john, { text: 'Hello' });
    await until(() => world.fcm.to(first.token).length === 1);
    world.fcm.answer = () => ({ status: 200 });
    accepted(await first.acme.send('DELETE', '/api/v1/push_credentials/fcm'));
    await world.hurry(first.acme);
    await world.quiet(first.acme);
    expect(world.fcm.to(first.token)).toHaveLength(1);
  });
});
