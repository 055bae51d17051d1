import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../../src/platform/common/ids/type-id.js';
import { given as givenOn, type TestClient } from '../../support/given.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { endpoint, look } from '../../support/webhooks.js';

const server = useServer();
const production = useServer(() => startServer({ NODE_ENV: 'production' }));
const given = givenOn(() => server);

const PATH = '/api/v1/webhook_endpoints';
const URL = 'https://example.com/hooks';
const create = (of: TestClient, body: object) => of.send('POST', PATH, { url: URL, events: ['*'], ...body });

/** Writes down deliveries as the change behind the event would, and answers their ids, the newest first. */
async function deliver(of: TestClient, endpointId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const [row] = await sql<{ id: string }>(
      `WITH event AS (
         INSERT INTO events (client_id, id, type, data) VALUES ($1, $2, 'customer.deleted', '{"id":"${randomUUID()}"}')
         RETURNING *)
       INSERT INTO webhook_deliveries (client_id, id, endpoint_id, event_id, seq)
       SELECT client_id, gen_random_uuid(), $3, id, seq FROM event RETURNING id`,
      of.uuid,
      randomUUID(),
      parseId('webhook_endpoint', endpointId),
    );
    ids.unshift(formatId('webhook_delivery', row!.id));
  }
  return ids;
}

describe('A webhook endpoint', () => {
  it('is made, with a secret that is shown this once', async () => {
    const acme = await given.client();
    const made = await create(acme, { events: ['message.created', 'member.left'], description: 'The shop' });
    expect(made.status).toBe(201);
    const { secret, ...shown } = made.body;
    expect(secret).toMatch(/^whsec_[A-Za-z\d+/]{43}=$/);
    expect(shown).toEqual({
      ...{ object: 'webhook_endpoint', id: expect.stringMatching(/^we_/), url: URL, enabled: true },
      ...{ events: ['message.created', 'member.left'], description: 'The shop', failing_since: null },
      ...{ created: expect.any(Number), livemode: false },
    });
    expect(await look(acme, shown)).toEqual(shown);
    expect((await acme.send('GET', PATH)).body.data).toEqual([shown]);
    expect((await create(acme, { enabled: false, description: null })).body).toMatchObject({ enabled: false });
  });

  it('is changed in what is spoken of', async () => {
    const acme = await given.client();
    const { secret: _, ...made } = await endpoint(acme, URL);
    const change = (body: object) => acme.send('PATCH', `${PATH}/${made.id}`, body);
    expect((await change({})).body).toEqual(made);
    expect((await change({ url: null, events: null, enabled: null })).body).toEqual(made);
    const changed = { description: 'New', enabled: false, events: ['message.read'], url: `${URL}/2` };
    expect((await change(changed)).body).toEqual({ ...made, ...changed });
    expect((await change({ description: null })).body).toEqual({ ...made, ...changed, description: null });
    expectInvalid(await change({ url: 'https://10.0.0.1/' }), 'url');
    expectInvalid(await change({ events: ['nothing'] }), 'events.0');
    expectInvalid(await change({ secret: 'whsec_x' }), 'secret', 'The secret field is not known.');
    expect(await look(acme, made)).toEqual({ ...made, ...changed, description: null });
  });

  it('that failed starts anew when it is switched on, or goes elsewhere', async () => {
    const acme = await given.client();
    const made = await endpoint(acme, URL);
    for (const change of [{ enabled: true }, { url: `${URL}/2` }]) {
      await sql(
        `UPDATE webhook_endpoints SET failing_since = now(), paused_until = now(), failures_in_a_row = 3, enabled = $2
         WHERE id = $1`,
        parseId('webhook_endpoint', made.id),
        change.enabled === undefined,
      );
      expect((await acme.send('PATCH', `${PATH}/${made.id}`, { description: 'x' })).body.failing_since).not.toBeNull();
      expect((await acme.send('PATCH', `${PATH}/${made.id}`, change)).body).toMatchObject({
        ...{ failing_since: null, enabled: true },
      });
      const [row] = await sql(
        'SELECT paused_until, failures_in_a_row FROM webhook_endpoints WHERE id = $1',
        parseId('webhook_endpoint', made.id),
      );
      expect(row).toEqual({ paused_until: null, failures_in_a_row: 0 });
    }
  });

  it('is deleted with its deliveries', async () => {
    const acme = await given.client();
    const made = await endpoint(acme, URL);
    await deliver(acme, made.id, 3);
    expect((await acme.send('DELETE', `${PATH}/${made.id}`)).status).toBe(204);
    expectMissing(await acme.send('GET', `${PATH}/${made.id}`), 'Webhook endpoint not found');
    expectMissing(await acme.send('DELETE', `${PATH}/${made.id}`), 'Webhook endpoint not found');
    expect(await sql('SELECT FROM webhook_deliveries WHERE client_id = $1', acme.uuid)).toEqual([]);
  });

  it('is one of at most twenty, however many are made at once', async () => {
    const acme = await given.client();
    const made = await Promise.all(Array.from({ length: 24 }, () => create(acme, {})));
    expect(made.map(({ status }) => status).sort()).toEqual([...Array<number>(20).fill(201), 409, 409, 409, 409]);
    const refused = made.find(({ status }) => status === 409)!;
    expect(refused.body).toMatchObject({
      ...{ error: 'A client may not have more than 20 webhook endpoints', code: 'limit_reached' },
    });
    const { id } = made.find(({ status }) => status === 201)!.body;
    expect((await acme.send('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect([(await create(acme, {})).status, (await create(acme, {})).status]).toEqual([201, 409]);
    expect((await create(await given.client(), {})).status).toBe(201);
    expect(await sql('SELECT count(*)::int AS rows FROM listeners WHERE client_id = $1', acme.uuid)).toEqual([
      { rows: 20 },
    ]);
  });

  it('is nobody else’s', async () => {
    const [acme, umbrella] = [await given.client(), await given.client()];
    const theirs = await endpoint(umbrella, URL);
    const [delivery] = await deliver(umbrella, theirs.id, 1);
    const own = await endpoint(acme, URL);
    const ways: Array<[string, string, object?]> = [
      ['GET', ''],
      ['PATCH', '', { enabled: false }],
      ['DELETE', ''],
      ['POST', '/rotate'],
      ['POST', '/test'],
      ['POST', '/recover', { since: 0 }],
      ['GET', '/deliveries'],
    ];
    for (const [method, rest, body] of ways) {
      expectMissing(await acme.send(method, `${PATH}/${theirs.id}${rest}`, body), 'Webhook endpoint not found');
    }
    for (const id of [own.id, theirs.id]) {
      const path = `${PATH}/${id}/deliveries/${delivery}/retry`;
      expectMissing(await acme.send('POST', path), 'Webhook delivery not found');
    }
    expect(await look(umbrella, theirs)).toMatchObject({ enabled: true });
  });

  it('takes only events there are', async () => {
    const acme = await given.client();
    for (const events of [[], 'message.created', ['message.delivered'], ['message.created', 'message.created']]) {
      const { status, body } = await create(acme, { events });
      expect([status, Object.keys(body.errors as object)[0]]).toEqual([422, expect.stringMatching(/^events/)]);
    }
  });
});

describe('The URL of an endpoint', () => {
  const LOCAL = ['http://127.0.0.1:4000/', 'http://localhost:4000/', 'https://[::1]/'];
  const NEVER = [
    ...['https://10.0.0.1/', 'https://169.254.169.254/', 'https://[fd00:ec2::254]/', 'https://[::ffff:10.0.0.1]/'],
    ...['https://0x0a.1/', 'https://user:pass@example.com/', 'ftp://example.com/', 'example.com', 'https://a b/'],
  ];

  it('is public for every client', async () => {
    for (const livemode of [false, true]) {
      const acme = await given.client({ livemode });
      for (const url of NEVER) {
        expectInvalid(await create(acme, { url }), 'url');
      }
      expect((await create(acme, { url: 'https://does-not-resolve.invalid/' })).status).toBe(201);
    }
  });

  it('is https for a live client, and never this machine', async () => {
    const acme = await given.client({ livemode: true });
    for (const url of ['http://1.1.1.1/', ...LOCAL]) {
      expectInvalid(await create(acme, { url }), 'url');
    }
  });

  it('may be http for a test client, and this machine outside production only', async () => {
    const acme = await given.client();
    const deployed = await givenOn(() => production).client();
    for (const url of LOCAL) {
      expect([url, (await create(acme, { url })).status]).toEqual([url, 201]);
      expectInvalid(await create(deployed, { url }), 'url', 'The url field must lead to a public address.');
    }
    expect((await create(deployed, { url: 'http://1.1.1.1/' })).status).toBe(201);
  });

  it('has at most 2048 characters', async () => {
    const acme = await given.client();
    const long = (length: number) => `${URL}/${'x'.repeat(length - URL.length - 1)}`;
    expect((await create(acme, { url: long(2048) })).status).toBe(201);
    expectInvalid(await create(acme, { url: long(2049) }), 'url');
  });
});
