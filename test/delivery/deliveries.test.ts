import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { DeliveriesService } from '../../src/delivery/deliveries/deliveries.service.js';
import type { InboundService } from '../../src/delivery/inbound/inbound.service.js';
import type { OptOutsService } from '../../src/delivery/opt-outs/opt-outs.service.js';
import type { ChannelDeletionsService } from '../../src/messages/deletion/channel-deletions.service.js';
import type { ProvidersService } from '../../src/delivery/providers/providers.service.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, type TestClient } from '../support/given.js';
import { deliveriesOf, miscounted, OUR_NUMBER, phonesOn, tenantOf, type Delivery } from '../support/phones.js';
import { expectInvalid } from '../support/refused.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
const given = phonesOn(() => server);

const PHONE = '+14155552671';
const ended = (of: TestClient, count = 1): Promise<Delivery[]> =>
  until(async () => {
    const all = (await deliveriesOf(of)).filter(({ direction }) => direction === 'outbound');
    const isOver = ({ status }: Delivery): boolean => !['queued', 'sending', 'sent'].includes(status);
    return all.length === count && all.every(isOver) ? all : null;
  }, 20);
const inbound = async (of: TestClient, body: string, id: string, from = PHONE): Promise<string | null> => {
  const { id: providerId } = await server.get<ProvidersService>('ProvidersService').get(tenantOf(of));
  const text = { providerId, provider: 'simulator:x', providerMessageId: id, from, to: OUR_NUMBER, body };
  return server.get<InboundService>('InboundService').receive(tenantOf(of), text);
};
const hurry = (of: TestClient) =>
  sql(`UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1 AND next_attempt_at > now()`, of.uuid);

describe('What is said as a number of the client', () => {
  it('goes out, and is told with its statuses', async () => {
    const acme = await given.client();
    await sql(`INSERT INTO listeners (client_id, id) VALUES ($1, gen_random_uuid())`, acme.uuid);
    const { say, channel, from } = await given.thread(acme, PHONE);
    const id = await say('Hello 🙂');
    const [delivery] = await ended(acme);
    expect(delivery).toMatchObject({ id, status: 'delivered', from_text: OUR_NUMBER, to_text: PHONE, segments: 1 });
    expect(delivery).toMatchObject({ attempts: 1, encoding: 'UCS-2', medium: 'sms', error_code: null });
    expect(await miscounted(acme)).toEqual([]);
    const { data } = accepted(await acme.send('GET', '/api/v1/events?limit=100')).body;
    const told = (data as { type: string; data: { status: string } }[]).filter(({ type }) => /delivery/.test(type));
    expect(told.map(({ type, data: { status } }) => [type, status]).reverse()).toEqual([
      ['delivery.created', 'queued'],
      ['delivery.updated', 'sending'],
      ['delivery.updated', 'sent'],
      ['delivery.updated', 'delivered'],
    ]);
    expect(told[0]).toMatchObject({ data: { body: 'Hello 🙂', channel_id: channel.id, to: PHONE } });
    const shown = accepted(await acme.send('GET', `/api/v1/channels/${channel.id}`)).body;
    expect(shown.address_id).toBe(from.id);
    expect(accepted(await acme.send('GET', `/api/v1/customers/${from.id}`)).body.kind).toBe('address');
    await expectExactRows(acme.uuid);
  });

  it('goes out from many sends at once as from single ones, in their order', async () => {
    const acme = await given.client();
    const { say } = await given.thread(acme, PHONE);
    const ids = await Promise.all(Array.from({ length: 20 }, (_, at) => say(`${at}`)));
    const all = await ended(acme, 20);
    expect(all.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(all.map(({ status }) => status)).toEqual(ids.map(() => 'delivered'));
    const calls = await sql<{ position: number }>(
      `SELECT position FROM deliveries JOIN messages USING (client_id, id) WHERE client_id = $1 ORDER BY submitted_at`,
      acme.uuid,
    );
    expect(calls.map(({ position }) => position)).toEqual(calls.map((_, at) => at + 1));
    expect(await miscounted(acme)).toEqual([]);
  });

  it('does not go out where it is longer than a text message can be', async () => {
    const acme = await given.client();
    const { say } = await given.thread(acme, PHONE);
    await say('x'.repeat(1_600));
    await say('x'.repeat(1_601));
    expect(await ended(acme, 2)).toMatchObject([
      { status: 'delivered', segments: 11, error_code: null },
      { status: 'failed', error_code: 'body_too_long' },
    ]);
  });

  it('does not go out where it is of type system, or somebody else says it', async () => {
    const acme = await given.client();
    const { say, to } = await given.thread(acme, PHONE);
    await say('Imported', { type: 'system' });
    await say('Hi', { sender_uuid: to.id });
    expect(await deliveriesOf(acme)).toEqual([]);
  });

  it.each([
    ['+15005550001', 'failed', 'invalid_number'],
    ['+15005550002', 'failed', 'unroutable'],
    ['+15005550003', 'failed', 'region_not_permitted'],
    ['+15005550004', 'failed', 'recipient_opted_out'],
    ['+15005550009', 'failed', 'not_mobile'],
    ['+15005550010', 'undelivered', 'unreachable'],
    ['+15005550013', 'delivered', null],
    ['+15005550019', 'undelivered', 'filtered'],
  ])('to %s ends as %s: %s', async (phone, status, errorCode) => {
    const acme = await given.client();
    await (await given.thread(acme, phone)).say('Hello');
    expect(await ended(acme)).toMatchObject([{ status, error_code: errorCode, attempts: 1 }]);
    expect(await miscounted(acme)).toEqual([]);
  });

  it.each([
    ['+15005550001', 'invalid_from'],
    ['+15005550007', 'invalid_from'],
    ['+15005550008', 'queue_full'],
  ])('from %s fails: %s', async (number, errorCode) => {
    const acme = await given.client();
    await (await given.thread(acme, PHONE, number)).say('Hello');
    expect(await ended(acme)).toMatchObject([{ status: 'failed', error_code: errorCode }]);
  });

  it('is called for again where the provider surely did nothing', async () => {
    const acme = await given.client();
    await (await given.thread(acme, '+15005550018')).say('Hello');
    const hurrying = setInterval(() => void hurry(acme), 200);
    const [delivery] = await ended(acme).finally(() => clearInterval(hurrying));
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 3 });
  });

  it('is never called for again where nobody knows what came of it; what the provider says later holds', async () => {
    const acme = await given.client();
    const id = await (await given.thread(acme, '+15005550017')).say('Hello');
    const hurrying = setInterval(() => void hurry(acme), 200);
    const [delivery] = await ended(acme).finally(() => clearInterval(hurrying));
    expect(delivery).toMatchObject({ status: 'failed', error_code: 'outcome_unknown', attempts: 1 });
    await server
      .get<DeliveriesService>('DeliveriesService')
      .report(tenantOf(acme), id, { status: 'delivered', price: '0.0079' });
    expect(await deliveriesOf(acme)).toMatchObject([{ status: 'delivered', error_code: null, price: '0.0079' }]);
    expect(await miscounted(acme)).toEqual([]);
  });

  it('is found out by asking where the provider tells nothing', async () => {
    const acme = await given.client();
    await (await given.thread(acme, '+15005550012')).say('Hello');
    await until(async () => (await deliveriesOf(acme))[0]?.status === 'sent');
    await hurry(acme);
    expect(await ended(acme)).toMatchObject([{ status: 'delivered' }]);
  });
});

describe('What a phone sends', () => {
  it('is a message of a customer, once, however often it is told', async () => {
    const acme = await given.client();
    const { channel, to } = await given.thread(acme, PHONE);
    const told = await Promise.all(Array.from({ length: 10 }, () => inbound(acme, 'Hi there', 'SM1')));
    const ids = told.filter((id) => id !== null);
    expect(ids).toHaveLength(1);
    const { data } = accepted(await acme.send('GET', `/api/v1/messages/channel/${channel.id}`)).body;
    expect(data).toMatchObject([{ sender_id: to.id, content: 'Hi there' }]);
    expect(parseId('message', data[0].id as string)).toBe(ids[0]);
    expect(await deliveriesOf(acme)).toMatchObject([{ direction: 'inbound', status: 'received', from_text: PHONE }]);
    expect(await miscounted(acme)).toEqual([]);
    await expectExactRows(acme.uuid);
  });

  it('makes a person of whoever is unknown, and STOP opts it out until START', async () => {
    const acme = await given.client();
    const from = await given.address(acme);
    await inbound(acme, 'ＳＴＯＰ.', 'SM1');
    const {
      data: [jane],
    } = accepted(await acme.send('GET', `/api/v1/customers?${new URLSearchParams({ phone: PHONE }).toString()}`)).body;
    expect(jane).toMatchObject({ name: '+1 415 555 2671', phone: PHONE });
    const [reply] = await ended(acme);
    expect(reply).toMatchObject({ status: 'delivered', to_text: PHONE });
    const body = { type: 'general', customer_uuids: [from.id, jane.id] };
    const channel = accepted(await acme.send('POST', '/api/v1/channels', body)).body;
    const say = (content: string) =>
      acme
        .send('POST', '/api/v1/messages', { channel_uuid: channel.id, sender_uuid: from.id, type: 'text', content })
        .then(accepted);
    await say('Please come back');
    expect((await ended(acme, 2))[1]).toMatchObject({ status: 'failed', error_code: 'recipient_opted_out' });
    await inbound(acme, 'stop', 'SM2');
    await inbound(acme, 'Do not stop', 'SM3');
    await inbound(acme, 'start', 'SM4');
    await say('Welcome back');
    const all = await ended(acme, 4);
    expect(all.slice(2)).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
    expect(await miscounted(acme)).toEqual([]);
  });

  it('asking for help is answered once in ten minutes, to the opted-out too', async () => {
    const acme = await given.client();
    await given.address(acme);
    await inbound(acme, 'STOP', 'SM1');
    await sql(`UPDATE deliveries SET created_at = created_at - interval '11 minutes' WHERE client_id = $1`, acme.uuid);
    for (const at of [2, 3, 4]) {
      await inbound(acme, 'help', `SM${at}`);
    }
    const replies = await ended(acme, 2);
    expect(replies.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it('opts out where the provider says it is', async () => {
    const acme = await given.client();
    const phone = '+15005550004';
    const { say, from } = await given.thread(acme, phone);
    await say('Hello');
    await ended(acme);
    const address = parseId('customer', from.id)!;
    await until(() => server.get<OptOutsService>('OptOutsService').isOptedOut(tenantOf(acme), address, phone));
  });
});

describe('A number of the client', () => {
  it('can not be erased', async () => {
    const acme = await given.client();
    const { id } = await given.address(acme);
    expectInvalid(await acme.send('DELETE', `/api/v1/customers/${id}`), 'id');
    expect((await acme.send('GET', `/api/v1/customers/${id}`)).status).toBe(200);
  });

  it('keeps its threads counted when they are deleted, left and joined', async () => {
    const acme = await given.client();
    const { from, to, channel } = await given.thread(acme, PHONE);
    const jim = await given.customer(acme);
    const custom = await given.channel(acme, [from as never, to, jim]);
    expect(await miscounted(acme)).toEqual([]);
    accepted(await acme.send('DELETE', `/api/v1/channels/${custom.id}/customers/${jim.id}`));
    const later = await given.channel(acme, [to, jim], 'Later');
    accepted(await acme.send('POST', `/api/v1/channels/${later.id}/customers`, { customer_uuids: [from.id] }));
    expect(await sql(`SELECT person_id FROM conversations WHERE client_id = $1`, acme.uuid)).toHaveLength(3);
    expect(await miscounted(acme)).toEqual([]);
    await server
      .get<ChannelDeletionsService>('ChannelDeletionsService')
      .deleteForAll(tenantOf(acme), parseId('channel', channel.id)!);
    accepted(await acme.send('DELETE', `/api/v1/customers/${to.id}`));
    expect(await miscounted(acme)).toEqual([]);
  });

  it('forgets whom it wrote to when the person is erased, but not that it opted out', async () => {
    const acme = await given.client();
    const { say, to, from } = await given.thread(acme, PHONE);
    await say('Hello');
    await ended(acme);
    await inbound(acme, 'STOP', 'SM1');
    accepted(await acme.send('DELETE', `/api/v1/customers/${to.id}`));
    expect(JSON.stringify(await deliveriesOf(acme))).not.toContain(PHONE);
    expect(JSON.stringify(await sql(`SELECT * FROM opt_outs WHERE client_id = $1`, acme.uuid))).not.toContain(PHONE);
    const address = parseId('customer', from.id)!;
    expect(await server.get<OptOutsService>('OptOutsService').isOptedOut(tenantOf(acme), address, PHONE)).toBe(true);
  });
});
