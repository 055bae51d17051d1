import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { parseSid } from '../../../src/platform/common/ids/sid.js';
import { expectExactRows } from '../../support/exact.js';
import { accepted, call, given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { deliveriesOf, miscounted, OUR_NUMBER, phonesOn } from '../../support/phones.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { givenUsers, type TestUser } from '../../support/users.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
const given = givenOn(() => server);
const phones = phonesOn(() => server);
const users = givenUsers(() => server);

const PHONE = '+14155552671';
const withKey = (of: TestClient) => {
  const headers = { authorization: `Bearer ${of.secretKey}` };
  const ask = (method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Reply> =>
    call(`${server.url}/api/messages${path}`, method, body, { ...headers, ...more });
  return { ask, send: (body: unknown, more?: Record<string, string>) => ask('POST', '', body, more) };
};
const error = ({ status, body }: Reply): unknown => [status, (body as { error: string }).error];
const settled = (of: TestClient): Promise<unknown> =>
  until(async () =>
    (await deliveriesOf(of)).every(({ status }) => !['queued', 'sending', 'sent'].includes(status)) ? true : null,
  );

describe('POST /api/messages', () => {
  let acme: TestClient;
  let api: ReturnType<typeof withKey>;
  beforeAll(async () => {
    acme = await given.client();
    api = withKey(acme);
    await phones.address(acme);
  });

  it('by a key alone sends a message that core and dialect show under one id', async () => {
    const { status, body } = await api.send({ to: '(415) 555-2671', body: ' Hello\r\n‮ <Message>👨‍👩‍👧 ' });
    expect([status, body]).toEqual([200, { sid: expect.stringMatching(/^SM[\da-f]{32}$/), status: 'queued' }]);
    await settled(acme);
    const shown = accepted(await api.ask('GET', `/${body.sid}`)).body;
    expect(shown).toMatchObject({
      sid: body.sid,
      status: 'delivered',
      from: OUR_NUMBER,
      to: PHONE,
      direction: 'outbound',
    });
    const core = accepted(await acme.send('GET', `/api/v1/messages/${shown.id}`)).body;
    expect(core).toMatchObject({ content: ' Hello\r\n‮ <Message>👨‍👩‍👧 ', channel_id: shown.conversationId });
    expect(parseId('message', core.id as string)).toBe(parseSid(body.sid as string));
    expect(shown.body).toBe(core.content);
    for (const name of [shown.id, body.sid.toUpperCase(), body.sid.replace('SM', 'MM'), parseSid(body.sid as string)]) {
      expect((await api.ask('GET', `/${name}`)).body).toEqual(shown);
    }
  });

  it.each<[string, unknown, string]>([
    ['nothing', {}, 'missing_params'],
    ['no body', { to: PHONE }, 'missing_params'],
    ['null', { to: null, body: 'x' }, 'missing_params'],
    ['an empty number', { to: '', body: 'x' }, 'missing_params'],
    ['white space', { to: PHONE, body: ' \n\t' }, 'missing_params'],
    ['a number as number', { to: 14155552671, body: 'x' }, 'invalid_params'],
    ['an array', { to: [PHONE], body: 'x' }, 'invalid_params'],
    ['a misspelt field', { to: PHONE, body: 'x', mediaURL: 'https://example.com' }, 'invalid_params'],
    ['U+0000', { to: PHONE, body: 'a\u0000' }, 'invalid_params'],
    ['half a surrogate pair', { to: PHONE, body: 'a\ud800' }, 'invalid_params'],
    ['other digits', { to: '+1５００5550006', body: 'x' }, 'invalid_number'],
    ['Arabic digits', { to: '+١٥٠٠٥٥٥٠٠٠٦', body: 'x' }, 'invalid_number'],
    ['an extension', { to: '+1 500 555 0006 ext. 5', body: 'x' }, 'invalid_number'],
    ['letters', { to: '1-800-FLOWERS', body: 'x' }, 'invalid_number'],
    ['a URI', { to: 'tel:+14155552671', body: 'x' }, 'invalid_number'],
    ['too few digits', { to: '+1415555267', body: 'x' }, 'invalid_number'],
    ['33 characters', { to: PHONE.padEnd(33, '0'), body: 'x' }, 'invalid_number'],
    ['bidi marks', { to: `‪${PHONE}`, body: 'x' }, 'invalid_number'],
    ['1601 characters', { to: PHONE, body: 'x'.repeat(1601) }, 'body_too_long'],
    ['801 emoji', { to: PHONE, body: '🙂'.repeat(801) }, 'body_too_long'],
    ['a foreign number', { to: PHONE, body: 'x', from: '+14155550000' }, 'invalid_from'],
    ['no number at all', { to: PHONE, body: 'x', from: 'Acme' }, 'invalid_from'],
    ['more than one of these', { to: 'x', body: 'x'.repeat(1601), from: 'x' }, 'invalid_number'],
  ])('refuses %s', async (_, body, code) => {
    expect(error(await api.send(body))).toEqual([400, code]);
  });

  it('takes as much as is allowed', async () => {
    expect((await api.send({ to: PHONE, body: 'x'.repeat(1600) })).status).toBe(200);
    expect((await api.send({ to: PHONE, body: '🙂'.repeat(800), from: OUR_NUMBER })).status).toBe(200);
  });

  it('refuses a number that is not verified, released or of another workspace, all alike', async () => {
    const [other, umbrella] = [await phones.address(acme, '+15005550007'), await given.client()];
    await phones.address(umbrella, '+15005550100');
    const details = new Set<string>();
    for (const from of ['+15005550007', '+15005550100', '+15005550101']) {
      const reply = await api.send({ to: PHONE, body: 'x', from });
      expect(error(reply)).toEqual([400, 'invalid_from']);
      details.add(reply.body.detail as string);
    }
    expect([other.id.slice(0, 4), details.size]).toEqual(['cus_', 1]);
  });

  it('refuses where there is no number, and who has opted out', async () => {
    const bare = await given.client();
    expect(error(await withKey(bare).send({ to: PHONE, body: 'x' }))).toEqual([400, 'provider_not_configured']);
    const live = await given.client({ livemode: true });
    expect(error(await withKey(live).send({ to: PHONE, body: 'x' }))).toEqual([400, 'provider_not_configured']);
    await api.send({ to: '+15005550014', body: 'x' });
    await until(async () => (await sql(`SELECT FROM opt_outs WHERE client_id = $1`, acme.uuid)).length > 0);
    expect(error(await api.send({ to: '+15005550014', body: 'x' }))).toEqual([400, 'recipient_opted_out']);
  });

  it('under an Idempotency-Key sends once', async () => {
    const [headers, body] = [{ 'idempotency-key': randomUUID() }, { to: '+14155552672', body: 'Once' }];
    const [first, second] = [await api.send(body, headers), await api.send(body, headers)];
    expect([second.status, second.body]).toEqual([200, first.body]);
    const reused = await api.send({ ...body, body: 'Twice' }, headers);
    expect([reused.status, reused.body]).toEqual([
      400,
      { error: 'idempotency_key_reused', detail: 'The Idempotency-Key was used for another request.' },
    ]);
    const sent = (await deliveriesOf(acme)).filter(({ to_text }) => to_text === '+14155552672');
    expect(sent).toHaveLength(1);
  });

  it('a hundred times at once to somebody unknown makes one customer, one channel, one thread', async () => {
    const umbrella = await given.client();
    await phones.address(umbrella);
    const many = withKey(umbrella);
    const replies = await Promise.all(Array.from({ length: 60 }, (_, at) => many.send({ to: PHONE, body: `${at}` })));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    await settled(umbrella);
    const [row] = await sql(
      `SELECT (SELECT count(*)::int FROM customers WHERE client_id = $1 AND kind = 'person') AS people,
              (SELECT count(*)::int FROM channels WHERE client_id = $1) AS channels,
              (SELECT count(*)::int FROM conversations WHERE client_id = $1) AS threads,
              (SELECT max(position) FROM messages WHERE client_id = $1) AS last`,
      umbrella.uuid,
    );
    expect(row).toEqual({ people: 1, channels: 1, threads: 1, last: 60 });
    expect(await miscounted(umbrella)).toEqual([]);
    await expectExactRows(umbrella.uuid);
  });
});

describe('GET /api/messages', () => {
  it('lists messages by pages, with exact totals over days and filters', async () => {
    const acme = await given.client();
    await phones.address(acme);
    const api = withKey(acme);
    for (const to of [PHONE, '+15005550010', '+14155552672', '+14155552673', '+14155552674']) {
      accepted(await api.send({ to, body: `to ${to}` }));
    }
    await settled(acme);
    // As if they had been sent on three days: the counts go along.
    await sql(
      `UPDATE deliveries SET created_at = created_at - (right(to_text, 1)::int % 3) * interval '1 day' WHERE client_id = $1`,
      acme.uuid,
    );
    await sql(`DELETE FROM delivery_counts WHERE client_id = $1`, acme.uuid);
    await sql(`SELECT count_delivery(NULL, one) FROM deliveries one WHERE client_id = $1`, acme.uuid);
    const list = async (query: Record<string, string> = {}) =>
      accepted(await api.ask('GET', `?${new URLSearchParams(query).toString()}`)).body as {
        data: { sid: string; createdAt: string; status: string }[];
        pagination: object;
      };
    const all = await list();
    expect(all.pagination).toEqual({ currentPage: 1, totalPages: 1, totalItems: 5, hasNext: false });
    const times = all.data.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    const paged = [];
    for (const page of ['1', '2', '3']) {
      const { data, pagination } = await list({ page, limit: '2' });
      expect(pagination).toMatchObject({ totalItems: 5, totalPages: 3, hasNext: page !== '3' });
      paged.push(...data);
    }
    expect(paged).toEqual(all.data);
    expect((await list({ page: '999999999' })).data).toEqual([]);
    expect((await list({ status: 'undelivered' })).data).toHaveLength(1);
    expect((await list({ status: 'undelivered', number: OUR_NUMBER })).pagination).toMatchObject({ totalItems: 1 });
    expect((await list({ direction: 'inbound' })).pagination).toMatchObject({ totalItems: 0 });
    expect((await list({ number: '+15005550100' })).data).toEqual([]);
    const third = all.data[2]!.createdAt;
    const [since, until] = [await list({ createdAfter: third }), await list({ createdBefore: third })];
    expect([since.data.length + until.data.length, since.data.length]).toEqual([5, 3]);
    for (const query of ['page=0', 'page=-1', 'page=1.5', 'limit=101', 'status=gone', 'what=x', 'createdAfter=soon']) {
      expect(error(await api.ask('GET', `?${query}`))).toEqual([400, 'invalid_params']);
    }
  });

  it('shows nobody else’s, and needs the scope', async () => {
    const [acme, other] = [await given.client(), await given.client({ scopes: ['messages:write'] })];
    await phones.address(acme);
    const { sid } = accepted(await withKey(acme).send({ to: PHONE, body: 'Hi' })).body;
    const stranger = withKey(await given.client());
    expect(error(await stranger.ask('GET', `/${sid}`))).toEqual([404, 'not_found']);
    expect(error(await stranger.ask('GET', `/SM${'0'.repeat(31)}`))).toEqual([404, 'not_found']);
    expect(error(await withKey(other).ask('GET', ''))).toEqual([403, 'forbidden']);
    expect(error(await call(`${server.url}/api/messages`, 'GET'))).toEqual([401, 'unauthorized']);
  });
});

describe('A workspace', () => {
  const inWorkspace =
    (one: TestUser, { id }: { readonly id: string }) =>
    (method: string, path: string, body?: unknown) =>
      one.send(method, `/api/ui/workspaces/${id}${path}`, body);

  it('adds a number, sends, hears a phone, and shows both', async () => {
    const { owner, workspace } = await users.team();
    const ask = inWorkspace(owner, workspace);
    expect(accepted(await ask('GET', '/provider')).body).toMatchObject({ kind: 'simulator' });
    expect(error(await ask('PUT', '/provider', { kind: 'twilio' }))).toEqual([400, 'invalid_provider']);
    const made = await ask('POST', '/phone-numbers', { number: '(500) 555-0006', name: 'Support' });
    expect([made.status, made.body]).toMatchObject([201, { number: OUR_NUMBER, isDefault: true, verified: true }]);
    expect(error(await ask('POST', '/phone-numbers', { number: OUR_NUMBER }))).toEqual([409, 'number_in_use']);
    const { sid } = accepted(await ask('POST', '/messages', { to: PHONE, body: 'Hello' })).body;
    const heard = accepted(await ask('POST', '/simulator/inbound', { from: PHONE, to: OUR_NUMBER, body: 'Hi!' })).body;
    expect(heard).toMatchObject({ direction: 'inbound', status: 'received', body: 'Hi!' });
    const sent = await until(async () => {
      const { body } = await ask('GET', `/messages/${sid}`);
      return body.status === 'delivered' ? body : null;
    });
    expect(sent).toMatchObject({ userId: owner.id, conversationId: heard.conversationId, segments: 1 });
    expect(accepted(await ask('GET', '/messages')).body.data).toEqual([heard, sent]);
    const preview = accepted(await ask('POST', '/messages/preview', { to: PHONE, body: 'ç' })).body;
    expect(preview).toEqual({
      ...{ encoding: 'UCS-2', segments: 1, characters: 1, remaining: 69 },
      ...{ normalizedTo: PHONE, optedOut: false },
    });
    accepted(await ask('PATCH', `/phone-numbers/${made.body.id}`, { name: null }));
    accepted(await ask('DELETE', `/phone-numbers/${made.body.id}`));
    expect(error(await ask('GET', `/phone-numbers/${made.body.id}`))).toEqual([404, 'not_found']);
  });

  it('sends plain characters where those alone keep a text from GSM-7, and keeps what was written', async () => {
    const { owner, workspace } = await users.team();
    const ask = inWorkspace(owner, workspace);
    accepted(await ask('POST', '/phone-numbers', { number: OUR_NUMBER }));
    const echoed = async (body: string): Promise<unknown> => {
      const { sid } = accepted(await ask('POST', '/messages', { to: '+15005550015', body })).body;
      const answer = await until(async () => {
        const { data } = (await ask('GET', '/messages?direction=inbound&limit=1')).body;
        return data[0]?.createdAt > accepted(await ask('GET', `/messages/${sid}`)).body.createdAt ? data[0] : null;
      });
      const sent = accepted(await ask('GET', `/messages/${sid}`)).body;
      const preview = accepted(await ask('POST', '/messages/preview', { body })).body;
      expect([sent.body, sent.encoding, sent.segments]).toEqual([body, preview.encoding, preview.segments]);
      return [answer.body, sent.encoding];
    };
    expect(await echoed('“Don’t” – wait…')).toEqual(['"Don\'t" - wait...', 'GSM-7']);
    expect(await echoed('“Hi” 🙂')).toEqual(['“Hi” 🙂', 'UCS-2']);
    accepted(await ask('PATCH', '', { smartEncoding: false }));
    expect(await echoed('“Hi”')).toEqual(['“Hi”', 'UCS-2']);
  });

  it('keeps opt-outs', async () => {
    const { owner, workspace } = await users.team();
    const ask = inWorkspace(owner, workspace);
    accepted(await ask('POST', '/phone-numbers', { number: OUR_NUMBER }));
    const { body: optOut } = accepted(await ask('POST', '/opt-outs', { number: PHONE }));
    expect(error(await ask('POST', '/opt-outs', { number: PHONE }))).toEqual([409, 'conflict']);
    expect(accepted(await ask('GET', '/opt-outs')).body.data).toEqual([optOut]);
    expect(error(await ask('POST', '/messages', { to: PHONE, body: 'Hello' }))).toEqual([400, 'recipient_opted_out']);
    accepted(await ask('DELETE', `/opt-outs/${optOut.id}`));
    expect(accepted(await ask('GET', '/opt-outs')).body.pagination.totalItems).toBe(0);
    accepted(await ask('POST', '/messages', { to: PHONE, body: 'Hello' }));
  });

  it('lets viewers look, agents speak, and admins decide', async () => {
    const { owner, workspace } = await users.team();
    accepted(await inWorkspace(owner, workspace)('POST', '/phone-numbers', { number: OUR_NUMBER }));
    const [viewer, agent] = [await users.member(workspace, 'viewer'), await users.member(workspace, 'agent')];
    const message = { to: PHONE, body: 'Hello' };
    expect(error(await inWorkspace(viewer, workspace)('POST', '/messages', message))).toEqual([403, 'forbidden']);
    expect((await inWorkspace(agent, workspace)('POST', '/messages', message)).status).toBe(200);
    const number = { number: '+15005550100' };
    expect(error(await inWorkspace(agent, workspace)('POST', '/phone-numbers', number))).toEqual([403, 'forbidden']);
    expect((await inWorkspace(viewer, workspace)('GET', '/phone-numbers')).status).toBe(200);
    const stranger = await users.user();
    expect(error(await inWorkspace(stranger, workspace)('GET', '/messages'))).toEqual([404, 'not_found']);
  });
});
