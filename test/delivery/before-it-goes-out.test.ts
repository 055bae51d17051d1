import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseSid } from '../../src/platform/common/ids/sid.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { InboundService } from '../../src/delivery/inbound/inbound.service.js';
import type { OptOutsService } from '../../src/delivery/opt-outs/opt-outs.service.js';
import type { ProvidersService } from '../../src/delivery/providers/providers.service.js';
import { accepted, call, type Reply, type TestClient } from '../support/given.js';
import { deliveriesOf, miscounted, OUR_NUMBER, phonesOn, tenantOf, type Delivery } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
const given = phonesOn(() => server);

const PHONE = '+14155552671';
const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const ahead = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
const refused = ({ status, body }: Reply): unknown => [status, (body as { error: string }).error];

/** A workspace with a number, spoken to by its key. */
async function withNumber() {
  const acme = await given.client();
  const from = await given.address(acme);
  const headers = { authorization: `Bearer ${acme.secretKey}` };
  const ask = (method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Reply> =>
    call(`${server.url}/api/messages${path}`, method, body, { ...headers, ...more });
  const send = (body: object, more?: Record<string, string>) =>
    ask('POST', '', { to: PHONE, body: 'Hello', ...body }, more);
  /** The sid of one that goes out when `hurry` says so. */
  const schedule = async (body: object = {}): Promise<string> =>
    accepted(await send({ scheduleAt: ahead(DAY), ...body })).body.sid as string;
  const cancel = (sid: string): Promise<Reply> => ask('POST', `/${sid}/cancel`);
  const statusOf = async (sid: string): Promise<Delivery> =>
    (await deliveriesOf(acme)).find(({ id }) => id === parseSid(sid))!;
  const ended = (sid: string): Promise<Delivery> =>
    until(async () => {
      const delivery = await statusOf(sid);
      return ['scheduled', 'queued', 'sending', 'sent'].includes(delivery.status) ? null : delivery;
    }, 20);
  return { acme, from, ask, send, schedule, cancel, statusOf, ended };
}

/** What is scheduled is due. */
const hurry = (of: TestClient) => sql(`UPDATE delivery_jobs SET next_attempt_at = now() WHERE client_id = $1`, of.uuid);

let lastInbound = 0;
async function inbound(of: TestClient, body: string): Promise<string | null> {
  const { id: providerId } = await server.get<ProvidersService>('ProvidersService').get(tenantOf(of));
  const providerMessageId = `SM${(lastInbound += 1)}`;
  const text = { providerId, provider: 'simulator:x', providerMessageId, from: PHONE, to: OUR_NUMBER, body };
  return server.get<InboundService>('InboundService').receive(tenantOf(of), text);
}

const isOptedOut = (of: TestClient, from: { readonly id: string }): Promise<boolean> =>
  server.get<OptOutsService>('OptOutsService').isOptedOut(tenantOf(of), parseId('customer', from.id)!, PHONE);

describe('A message that is scheduled', () => {
  it('goes out when it is due, and holds up nobody until then', async () => {
    const { acme, ask, send, ended, statusOf } = await withNumber();
    await sql(`INSERT INTO listeners (client_id, id) VALUES ($1, gen_random_uuid())`, acme.uuid);
    const scheduleAt = ahead(DAY);
    const { body } = accepted(await send({ scheduleAt }));
    expect(body).toEqual({ sid: expect.stringMatching(/^SM/), status: 'scheduled' });
    const next = accepted(await send({ body: 'At once' })).body.sid as string;
    expect(await ended(next)).toMatchObject({ status: 'delivered' });
    const shown = accepted(await ask('GET', `/${body.sid}`)).body;
    expect(shown).toMatchObject({ status: 'scheduled', scheduleAt, attempts: 0, body: 'Hello' });
    expect(accepted(await ask('GET', '?status=scheduled')).body.pagination.totalItems).toBe(1);
    expect(await miscounted(acme)).toEqual([]);
    await hurry(acme);
    expect(await ended(body.sid as string)).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(await miscounted(acme)).toEqual([]);
    const { data } = accepted(await acme.send('GET', '/api/v1/events?limit=100')).body;
    const told = (data as { type: string; data: { sid: string; status: string } }[])
      .filter(({ type, data: { sid } }) => /delivery/.test(type) && sid === body.sid)
      .map(({ data: { status } }) => status);
    expect(told.reverse()).toEqual(['queued', 'scheduled', 'sending', 'sent', 'delivered']);
    expect((await statusOf(body.sid as string)).error_code).toBeNull();
  });

  it.each<[string, () => object]>([
    ['in the past', () => ({ scheduleAt: ahead(-SECOND) })],
    ['too soon', () => ({ scheduleAt: ahead(50 * SECOND) })],
    ['too late', () => ({ scheduleAt: ahead(35 * DAY + 10 * SECOND) })],
    ['at no time', () => ({ scheduleAt: 'tomorrow' })],
    ['for too short', () => ({ validityPeriod: 59 })],
    ['for too long', () => ({ validityPeriod: 36_001 })],
    ['for a text', () => ({ validityPeriod: '3600' })],
  ])('is refused %s', async (_, body) => {
    const { acme, send } = await withNumber();
    expect(refused(await send(body()))).toEqual([400, 'invalid_params']);
    expect(await deliveriesOf(acme)).toEqual([]);
  });

  it('is scheduled once under an Idempotency-Key', async () => {
    const { acme, send } = await withNumber();
    const body = { scheduleAt: ahead(DAY) };
    const replies = await Promise.all([1, 2].map(() => send(body, { 'idempotency-key': 'k' })));
    const sids = new Set(replies.filter(({ status }) => status === 200).map(({ text }) => text));
    expect(sids.size).toBe(1);
    expect(await deliveriesOf(acme)).toMatchObject([{ status: 'scheduled' }]);
  });

  it('is canceled once, and never goes out', async () => {
    const { acme, schedule, cancel, send, ended } = await withNumber();
    const sid = await schedule();
    expect(accepted(await cancel(sid)).body).toMatchObject({
      sid,
      status: 'canceled',
      errorCode: 'canceled',
      attempts: 0,
    });
    expect((await cancel(sid)).status).toBe(200);
    expect(await sql(`SELECT FROM delivery_jobs WHERE client_id = $1`, acme.uuid)).toEqual([]);
    const gone = accepted(await send({})).body.sid as string;
    await ended(gone);
    expect(refused(await cancel(gone))).toEqual([409, 'conflict']);
    const came = await inbound(acme, 'Hi');
    expect(refused(await cancel(came!))).toEqual([409, 'conflict']);
    expect(refused(await cancel('SM00000000000000000000000000000000'))).toEqual([404, 'not_found']);
    const foreign = await (await withNumber()).schedule();
    expect(refused(await cancel(foreign))).toEqual([404, 'not_found']);
    expect(await miscounted(acme)).toEqual([]);
  });

  it('is canceled and never sent, or sent and not canceled, whichever is first', async () => {
    const { acme, schedule, cancel, ended } = await withNumber();
    const sids: string[] = [];
    for (let at = 0; at < 20; at += 1) {
      sids.push(await schedule());
    }
    const due = hurry(acme);
    const replies = await Promise.all(sids.map((sid) => cancel(sid)));
    await due;
    for (const [at, { status }] of replies.entries()) {
      const end = await ended(sids[at]!);
      expect([status, end.status, end.attempts]).toEqual(status === 200 ? [200, 'canceled', 0] : [409, 'delivered', 1]);
    }
    expect(await miscounted(acme)).toEqual([]);
  });
});

describe('A message that is of use for a while', () => {
  it('fails when that is over, and goes out before', async () => {
    const { acme, schedule, send, ended } = await withNumber();
    const quick = accepted(await send({ validityPeriod: 60 })).body;
    expect(quick.status).toBe('queued');
    expect(await ended(quick.sid as string)).toMatchObject({ status: 'delivered' });
    const sid = await schedule({ validityPeriod: 60 });
    const [{ span }] = (await sql<{ span: number }>(
      `SELECT extract(epoch FROM expires_at - scheduled_at)::integer AS span FROM deliveries WHERE id = $1`,
      parseSid(sid),
    )) as [{ span: number }];
    expect(span).toBe(60);
    await sql(`UPDATE deliveries SET expires_at = now() - interval '1 second' WHERE id = $1`, parseSid(sid));
    await hurry(acme);
    expect(await ended(sid)).toMatchObject({ status: 'failed', error_code: 'expired', attempts: 0 });
    expect(await miscounted(acme)).toEqual([]);
  });
});

describe('What happens between accepting a message and sending it', () => {
  it('STOP: it is not sent; after it was sent, nothing changes', async () => {
    const { acme, schedule, send, ended, statusOf } = await withNumber();
    const before = accepted(await send({ body: 'Before' })).body.sid as string;
    await ended(before);
    const sid = await schedule();
    await inbound(acme, 'STOP');
    await hurry(acme);
    expect(await ended(sid)).toMatchObject({ status: 'failed', error_code: 'recipient_opted_out', attempts: 0 });
    expect(await statusOf(before)).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(refused(await send({}))).toEqual([400, 'recipient_opted_out']);
    expect(await miscounted(acme)).toEqual([]);
  });

  it('START and STOP at once: the later decides', async () => {
    const { acme, from } = await withNumber();
    for (let round = 0; round < 10; round += 1) {
      const ids = await Promise.all(['START', 'STOP', 'START', 'STOP'].map((word) => inbound(acme, word)));
      const [last] = await sql<{ content: string }>(
        `SELECT content FROM messages WHERE client_id = $1 AND id = ANY($2) ORDER BY position DESC LIMIT 1`,
        acme.uuid,
        ids,
      );
      expect([round, await isOptedOut(acme, from)]).toEqual([round, last!.content === 'STOP']);
    }
    const open = `SELECT id FROM opt_outs WHERE client_id = $1 AND ended_at IS NULL`;
    expect((await sql(open, acme.uuid)).length).toBeLessThanOrEqual(1);
  });

  it('the person is erased: nothing goes to a blank number, and whoever writes from it is somebody new', async () => {
    const { acme, from, schedule, send, ended } = await withNumber();
    const sid = await schedule();
    const path = `/api/v1/customers?${new URLSearchParams({ phone: PHONE }).toString()}`;
    const [jane] = accepted(await acme.send('GET', path)).body.data as { id: string }[];
    await inbound(acme, 'STOP');
    const [erased] = await Promise.all([acme.send('DELETE', `/api/v1/customers/${jane!.id}`), hurry(acme)]);
    accepted(erased);
    expect(await ended(sid)).toMatchObject({ status: 'failed', attempts: 0 });
    await inbound(acme, 'Who is this?');
    const [another] = accepted(await acme.send('GET', path)).body.data as { id: string }[];
    expect(another!.id).not.toBe(jane!.id);
    expect(await isOptedOut(acme, from)).toBe(true);
    expect(refused(await send({}))).toEqual([400, 'recipient_opted_out']);
    expect(await miscounted(acme)).toEqual([]);
  });

  it('the person is erased while it writes: both are done, and nobody waits for the other', async () => {
    const { acme } = await withNumber();
    for (let round = 0; round < 5; round += 1) {
      await inbound(acme, 'Hi');
      const path = `/api/v1/customers?${new URLSearchParams({ phone: PHONE }).toString()}`;
      const [jane] = accepted(await acme.send('GET', path)).body.data as { id: string }[];
      const [erased, came] = await Promise.all([
        acme.send('DELETE', `/api/v1/customers/${jane!.id}`),
        inbound(acme, 'Hi again'),
      ]);
      expect([erased.status, typeof came]).toEqual([204, 'string']);
      const numbers = await sql(`SELECT id FROM customers WHERE client_id = $1 AND phone = $2`, acme.uuid, PHONE);
      expect(numbers.length).toBeLessThanOrEqual(1);
    }
    expect(await miscounted(acme)).toEqual([]);
  });

  it('the workspace is deleted: it is not sent', async () => {
    const { acme, schedule, ended } = await withNumber();
    const sid = await schedule();
    await sql(`UPDATE clients SET disabled_at = now() WHERE id = $1`, acme.uuid);
    await hurry(acme);
    expect(await ended(sid)).toMatchObject({ status: 'failed', error_code: 'workspace_disabled', attempts: 0 });
    expect(await miscounted(acme)).toEqual([]);
  });
});
