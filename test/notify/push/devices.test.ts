import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, must, type Customer, type TestClient } from '../../support/given.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

const newToken = (): string => randomBytes(32).toString('hex');
const KEYS = {
  p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  auth: 'tBHItJI5svbpez7KI4CCXg',
};
const devicesOf = ({ id }: Customer): string => `/api/v1/customers/${id}/devices`;
const iPhone = (token = newToken(), device_id = 'phone') => ({ device_id, provider: 'apns' as const, token });

async function register(of: TestClient, customer: Customer, body: object = iPhone()) {
  const { status, body: device } = await of.send('POST', devicesOf(customer), body);
  expect(status).toBe(201);
  return device;
}

describe('A device', () => {
  it('is registered, listed, and never shows its token', async () => {
    const john = await given.customer(acme);
    const token = newToken();
    const params = { path: { id: john.id } };
    const body = { ...iPhone(token), bundle_id: 'com.example.chat' };
    const device = must(await acme.api.POST('/api/v1/customers/{id}/devices', { params, body }));
    expect(device).toEqual({
      ...{ object: 'device', id: expect.stringMatching(/^dev_/), customer_id: john.id, device_id: 'phone' },
      ...{ provider: 'apns', token: `…${token.slice(-4)}`, bundle_id: 'com.example.chat' },
      ...{ created: expect.any(Number), livemode: false },
    });
    const list = must(await acme.api.GET('/api/v1/customers/{id}/devices', { params }));
    expect(list).toEqual({ object: 'list', data: [device], has_more: false, total_count: 1 });
  });

  it('that is registered again has its new token, and is the same device', async () => {
    const john = await given.customer(acme);
    const first = await register(acme, john);
    const second = await register(acme, john, {
      device_id: 'phone',
      provider: 'fcm',
      token: 'fcm:token-of-this-phone',
    });
    expect(second).toEqual({ ...first, provider: 'fcm', token: '…hone' });
    expect((await acme.send('GET', devicesOf(john))).body.data).toEqual([second]);
  });

  it('takes its token along when somebody else logs in there', async () => {
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const stranger = await given.client();
    const token = newToken();
    const elsewhere = await given.customer(stranger);
    await register(stranger, elsewhere, iPhone(token));
    await register(acme, john, iPhone(token));
    await register(acme, jane, iPhone(token));
    const countOf = async (of: TestClient, who: Customer) => (await of.send('GET', devicesOf(who))).body.total_count;
    expect([await countOf(acme, john), await countOf(acme, jane), await countOf(stranger, elsewhere)]).toEqual([
      0, 1, 1,
    ]);
  });

  it('is one of 25 at most, however many register at once', async () => {
    const john = await given.customer(acme);
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, at) => acme.send('POST', devicesOf(john), iPhone(newToken(), `phone ${at}`))),
    );
    const refused = replies.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(5);
    expectInvalid(refused[0]!, 'device_id', 'A customer may not have more than 25 devices.');
    const { body } = await acme.send('GET', `${devicesOf(john)}?limit=100`);
    expect(body.total_count).toBe(25);
    const known = body.data[0].device_id as string;
    expect((await acme.send('POST', devicesOf(john), iPhone(newToken(), known))).status).toBe(201);
  });

  it('is removed by its id, or with all others of its customer', async () => {
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const [phone, tablet] = [await register(acme, john), await register(acme, john, iPhone(newToken(), 'tablet'))];
    await register(acme, jane);
    expectMissing(await acme.send('DELETE', `${devicesOf(jane)}/${phone.id}`), 'Device not found');
    expect((await acme.send('DELETE', `${devicesOf(john)}/${phone.id}`)).status).toBe(204);
    expectMissing(await acme.send('DELETE', `${devicesOf(john)}/${phone.id}`), 'Device not found');
    expect((await acme.send('GET', devicesOf(john))).body.data).toEqual([tablet]);
    expect((await acme.send('DELETE', devicesOf(john))).status).toBe(204);
    expect((await acme.send('GET', devicesOf(john))).body.total_count).toBe(0);
    expect((await acme.send('GET', devicesOf(jane))).body.total_count).toBe(1);
  });

  it('goes with its customer', async () => {
    const john = await given.customer(acme);
    await register(acme, john, iPhone('ab'.repeat(30)));
    expect((await acme.send('DELETE', `/api/v1/customers/${john.id}`)).status).toBe(204);
    expect(await sql('SELECT FROM devices WHERE token = $1', 'ab'.repeat(30))).toEqual([]);
    expectMissing(await acme.send('POST', devicesOf(john), iPhone()), 'Customer not found');
    expectMissing(await acme.send('GET', devicesOf(john)), 'Customer not found');
    expectMissing(await acme.send('DELETE', devicesOf(john)), 'Customer not found');
  });

  it('must fit its provider', async () => {
    const john = await given.customer(acme);
    const send = (body: object) => acme.send('POST', devicesOf(john), { device_id: 'phone', ...body });
    const browser = { provider: 'webpush', token: 'https://push.example.com/subscription', keys: KEYS };
    expectInvalid(await send({ provider: 'apns', token: '../../1/apps' }), 'token');
    expectInvalid(await send({ provider: 'pigeon', token: 'x' }), 'provider');
    expectInvalid(await send({ ...browser, keys: undefined }), 'keys');
    expectInvalid(await send({ ...browser, keys: { ...KEYS, p256dh: 'short' } }), 'keys.p256dh');
    expectInvalid(await send({ ...browser, keys: { ...KEYS, auth: 1 } }), 'keys.auth');
    expectInvalid(await send({ ...browser, keys: { ...KEYS, more: 1 } }), 'keys.more');
    expectInvalid(await send({ ...browser, token: 'not an address' }), 'token');
    expect((await send(browser)).status).toBe(201);
  });

  it.each(['http://169.254.169.254/latest', 'https://10.0.0.1/', 'https://[::1]:9200/', 'https://localhost/'])(
    'of a live client is never told of at %s',
    async (token) => {
      const live = await given.client({ livemode: true });
      const john = await given.customer(live);
      const body = { device_id: 'browser', provider: 'webpush', token, keys: KEYS };
      expectInvalid(await live.send('POST', devicesOf(john), body), 'token');
    },
  );
});

describe('A customer’s session', () => {
  it('has to do with its own devices only', async () => {
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const session = await given.session(acme, john);
    const { status, body: device } = await session.send('POST', devicesOf(john), iPhone());
    expect(status).toBe(201);
    expect((await session.send('GET', devicesOf(john))).body.data).toEqual([device]);
    const others = await Promise.all([
      session.send('POST', devicesOf(jane), iPhone()),
      session.send('GET', devicesOf(jane)),
      session.send('DELETE', devicesOf(jane)),
      session.send('DELETE', `${devicesOf(jane)}/${device.id}`),
    ]);
    expect(others.map((reply) => reply.status)).toEqual([403, 403, 403, 403]);
    expect((await session.send('DELETE', `${devicesOf(john)}/${device.id}`)).status).toBe(204);
    expect((await session.send('DELETE', devicesOf(john))).status).toBe(204);
  });
});
