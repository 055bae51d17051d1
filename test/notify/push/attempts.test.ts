import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PushWorld } from '../../support/push-world.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { accepted } from '../../support/given.js';

const world = new PushWorld();
const { kinds } = world;
const each = Object.values(kinds).map((kind, at) => [Object.keys(kinds)[at]!, kind] as const);
beforeAll(async () => {
  await ownDatabase();
  await world.start();
});
afterAll(() => world.stop());

type Name = keyof typeof kinds;

describe('A device', () => {
  const dead: [Name, string, number, object][] = [
    ['apns', '410', 410, { reason: 'Unregistered' }],
    ['apns', 'BadDeviceToken', 400, { reason: 'BadDeviceToken' }],
    ['fcm', 'UNREGISTERED', 404, { error: { status: 'NOT_FOUND', details: [{ errorCode: 'UNREGISTERED' }] } }],
    ['webpush', '404', 404, {}],
    ['webpush', '410', 410, {}],
  ];
  it.each(dead)('of %s that is no more (%s) is forgotten', async (name, _, status, body) => {
    const kind = kinds[name];
    const { acme, john, jane, channel, token } = await world.pair(kind);
    kind.provider().answer = () => ({ status, body });
    await world.say(acme, channel, john, { text: 'Hello' });
    await until(async () => (await world.devicesOf(acme, jane)) === 0);
    kind.provider().answer = () => ({ status: 200 });
    await world.quiet(acme);
    expect(kind.provider().to(token)).toHaveLength(1);
  });

  const refused: [Name, number, object][] = [
    ['apns', 400, { reason: 'PayloadEmpty' }],
    ['apns', 403, { reason: 'InvalidProviderToken' }],
    ['fcm', 400, { error: { status: 'INVALID_ARGUMENT' } }],
    ['webpush', 413, {}],
  ];
  it.each(refused)(
    'of %s stays where the push is refused (%i), which is not tried again',
    async (name, status, body) => {
      const kind = kinds[name];
      const { acme, john, jane, channel, token } = await world.pair(kind);
      kind.provider().answer = () => ({ status, body });
      await world.say(acme, channel, john, { text: 'Hello' });
      await until(() => kind.provider().to(token).length > 0);
      await world.quiet(acme);
      kind.provider().answer = () => ({ status: 200 });
      expect(kind.provider().to(token)).toHaveLength(1);
      expect(await world.devicesOf(acme, jane)).toBe(1);
    },
  );

  it.each(each)('is tried again by %s after a 503 and after silence, as the same push', async (name, kind) => {
    const { acme, john, jane, channel, token } = await world.pair(kind);
    kind.provider().answer = () => ({ status: 503, headers: { 'retry-after': '120' } });
    await world.say(acme, channel, john, { text: 'Hello' });
    const wait = await world.nextAttempt(acme);
    const [row] = await world.pending(acme);
    // Apple's library does not pass on how long to wait.
    expect(wait).toBeGreaterThan(name === 'apns' ? 1 : 110);
    expect(wait).toBeLessThan(name === 'apns' ? 13 : 121);
    kind.provider().answer = () => ({ status: 200 });
    await world.hurry(acme);
    await world.quiet(acme);
    expect(kind.provider().to(token)).toHaveLength(2);
    const [first, second] = kind.provider().to(token);
    expect(second!.body).toEqual({ ...first!.body, ...(name === 'fcm' ? { android: expect.anything() } : {}) });
    if (name === 'apns') {
      expect(second!.headers['apns-id']).toBe(row!.id);
      expect(first!.headers['apns-id']).toBe(row!.id);
    }
    expect(await world.devicesOf(acme, jane)).toBe(1);
  });

  it('is given up on after eight attempts, or where the news is a day old', async () => {
    const { acme, john, channel, token } = await world.pair(kinds.fcm);
    world.fcm.answer = () => ({ status: 500 });
    for (const [column, value] of [
      ['attempts', '7'],
      ['created_at', `now() - interval '23 hours 59 minutes 55 seconds'`],
    ] as const) {
      const before = world.fcm.to(token).length;
      await world.say(acme, channel, john, { text: 'Hello' });
      await world.nextAttempt(acme);
      await sql(`UPDATE pushes SET ${column} = ${value}, next_attempt_at = now() WHERE client_id = $1`, acme.uuid);
      await world.quiet(acme);
      expect(world.fcm.to(token)).toHaveLength(before + 2);
    }
    world.fcm.answer = () => ({ status: 200 });
  });

  it('that does not answer delays nobody else', async () => {
    const slow = await world.pair(kinds.fcm);
    const hanging = new Set(
      await Promise.all(Array.from({ length: 24 }, () => kinds.fcm.register(slow.acme, slow.jane))),
    );
    hanging.add(slow.token);
    world.fcm.answer = ({ token }) => (hanging.has(token) ? 'hang' : { status: 200 });
    await world.say(slow.acme, slow.channel, slow.john, { text: 'Hello' });
    await world.say(slow.acme, slow.channel, slow.john, { text: 'Hello' });
    await until(() => world.fcm.all.filter(({ token }) => hanging.has(token)).length >= 20);
    const quick = await world.pair(kinds.fcm);
    const started = performance.now();
    await world.say(quick.acme, quick.channel, quick.john, { text: 'Hello' });
    await until(() => world.fcm.to(quick.token).length === 1);
    expect(performance.now() - started).toBeLessThan(9_000);
    // No more of the slow ones are under way than one client may have, give or take what one claim brings.
    expect(world.fcm.all.filter(({ token }) => hanging.has(token)).length).toBeLessThan(40);
    accepted(await slow.acme.send('DELETE', `/api/v1/customers/${slow.jane.id}/devices`));
    world.fcm.answer = () => ({ status: 200 });
  });

  it('of Web Push that leads inside is never called, whatever it led to when it was registered', async () => {
    const { acme, john, jane, channel, token } = await world.pair(kinds.webpush);
    await sql('UPDATE clients SET livemode = true WHERE id = $1', acme.uuid);
    await world.say(acme, channel, john, { text: 'Hello' });
    expect(await world.nextAttempt(acme)).toBeLessThan(13);
    expect(world.web.to(token)).toEqual([]);
    expect(await world.devicesOf(acme, jane)).toBe(1);
  });
});

describe('A token of Google’s', () => {
  it('is asked for once, not for each push', async () => {
    const { acme, john, channel, token } = await world.pair(kinds.fcm);
    const before = world.fcm.tokensGiven();
    for (let at = 1; at <= 3; at += 1) {
      await world.say(acme, channel, john, { text: `Hello ${at}` });
      await until(() => world.fcm.to(token).length === at);
    }
    expect(world.fcm.tokensGiven() - before).toBe(1);
  });
});
