import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES } from '../../src/platform/common/tenancy/scopes.js';
import { call, given as givenOn, testClient, type Reply, type TestClient } from '../support/given.js';
import { useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { document, operations } from '../support/truth.js';

const server = useServer();
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);

/** The same client by a key of less reach. */
async function narrow(scopes: readonly string[]): Promise<TestClient> {
  const authorization = { authorization: `Bearer ${ADMIN_KEY}` };
  const made = await call(
    `${server.url}/admin/v1/clients/${acme.id}/keys`,
    'POST',
    { name: 'n', scopes },
    authorization,
  );
  expect(made.status).toBe(201);
  return testClient(server.url, acme.uuid, acme.publicKey, made.body.secret_key);
}

const SECRET = 'what nobody else may read';
const secretly = { metadata: { note: SECRET } };
const newEmail = (): string => `${randomUUID()}@example.com`;
const expectBlind = ({ text }: Reply, ...words: readonly string[]): void => {
  for (const word of [SECRET, ...words]) {
    expect(text).not.toContain(word);
  }
};

describe('A key that may write customers and not read them', () => {
  it('learns nothing of a customer that is there already, by creating it again', async () => {
    const stored = { name: 'Stored Name', email: newEmail(), external_id: `ext-${randomUUID()}`, ...secretly };
    const made = await acme.send('POST', '/api/v1/customers', stored);
    expect(made.status).toBe(201);
    const writer = await narrow(['customers:write']);
    const again = await writer.send('POST', '/api/v1/customers', { name: 'Other', email: stored.email });
    expect([again.status, again.body.id, again.body.name, again.body.email]).toEqual([200, made.body.id, '', null]);
    expectBlind(again, stored.name, stored.external_id, stored.email);
    const both = await narrow(['customers:write', 'customers:read']);
    expect((await both.send('POST', '/api/v1/customers', { name: 'Other', email: stored.email })).body).toEqual(
      made.body,
    );
  });

  it('sees what it makes, and nothing of what it changes', async () => {
    const writer = await narrow(['customers:write']);
    const mine = { name: 'Mine', email: newEmail(), ...secretly };
    expect((await writer.send('POST', '/api/v1/customers', mine)).body).toMatchObject(mine);
    const { body } = await acme.send('POST', '/api/v1/customers', {
      name: 'Stored Name',
      email: newEmail(),
      ...secretly,
    });
    const changed = await writer.send('PATCH', `/api/v1/customers/${body.id}`, {});
    expect([changed.status, changed.body.id]).toEqual([200, body.id]);
    expectBlind(changed, 'Stored Name', body.email);
  });

  it('is not told what a key that reads was answered under the same Idempotency-Key', async () => {
    const stored = { name: 'Stored Name', email: newEmail(), ...secretly };
    expect((await acme.send('POST', '/api/v1/customers', stored)).status).toBe(201);
    const key = { 'idempotency-key': randomUUID() };
    const body = { name: 'Any', email: stored.email };
    const read = await acme.send('POST', '/api/v1/customers', body, key);
    expect([read.status, read.body.name]).toEqual([200, 'Stored Name']);
    const copied = await (await narrow(['customers:write'])).send('POST', '/api/v1/customers', body, key);
    expect([copied.status, copied.body.code]).toEqual([422, 'idempotency_key_reused']);
    expectBlind(copied, 'Stored Name');
  });
});

describe('A key that may write channels and not read them', () => {
  it('learns nothing of their customers, nor of what they hold', async () => {
    const { john, jane, channel } = await given.pair(acme);
    const path = `/api/v1/channels/${channel.id}`;
    expect((await acme.send('PATCH', path, secretly)).status).toBe(200);
    const writer = await narrow(['channels:write']);
    const jim = await given.customer(acme, 'Jim');
    const customer_uuids = [john.id, jane.id];
    const replies = [
      await writer.send('POST', '/api/v1/channels', { type: 'custom', name: channel.name, customer_uuids }),
      await writer.send('PATCH', path, {}),
      await writer.send('POST', `${path}/customers`, { customer_uuids: [jim.id] }),
      await writer.send('POST', '/api/v1/channels', { type: 'general', customer_uuids: [john.id, jim.id] }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 201]);
    expect(replies.slice(0, 3).map(({ body }) => body.id)).toEqual(Array(3).fill(channel.id));
    for (const reply of replies) {
      expect(reply.body.customers).toEqual([]);
      expectBlind(reply, john.email!, 'John', 'Jane', 'Jim');
    }
  });
});

describe('A key that may read channels and not messages', () => {
  it('sees no last message, in either list', async () => {
    const { john, jane, channel } = await given.pair(acme);
    await given.message(acme, channel, john, SECRET);
    const lists = [`/api/v1/channels/customer/${jane.id}`, `/api/v1/channels/by-email?email=${jane.email}`];
    for (const path of lists) {
      const [blind, seeing] = [
        await (await narrow(['channels:read'])).send('GET', path),
        await (await narrow(['channels:read', 'messages:read'])).send('GET', path),
      ];
      expect([blind.status, seeing.status]).toEqual([200, 200]);
      expectBlind(blind);
      expect(blind.text).toContain('"last_message":null');
      expect(seeing.text).toContain(SECRET);
    }
  });
});

describe('A key that may write messages and not read them', () => {
  it('is not shown which message has the id already', async () => {
    const { john, channel } = await given.pair(acme);
    const message = { id: randomUUID(), channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content: SECRET };
    expect((await acme.send('POST', '/api/v1/messages', message)).status).toBe(201);
    const again = { ...message, content: 'Other' };
    const blind = await (await narrow(['messages:write'])).send('POST', '/api/v1/messages', again);
    expect([blind.status, blind.body.code, blind.body.data]).toEqual([409, 'id_in_use', undefined]);
    expectBlind(blind);
    const seeing = await (await narrow(['messages:write', 'messages:read'])).send('POST', '/api/v1/messages', again);
    expect(seeing.body.data.content).toBe(SECRET);
  });
});

describe('The document', () => {
  it('says of every operation of a tenant which scope it needs, in words and for programs', () => {
    for (const { method, path, operation } of operations) {
      if (!path.startsWith('/api/v1/') && path !== '/broadcasting/auth') {
        continue;
      }
      const { description, 'x-required-scope': scope } = operation as {
        description?: string;
        'x-required-scope'?: string;
      };
      if (path === '/api/v1/client/{id}') {
        expect(description).toContain('Any secret key is enough.');
        expect(scope).toBeUndefined();
      } else {
        expect([`${method} ${path}`, SCOPES]).toEqual([`${method} ${path}`, expect.arrayContaining([scope])]);
        expect(description).toContain(`Needs the scope \`${scope}\``);
      }
    }
  });

  it('says what each scope gives', () => {
    const { description } = (document as unknown as { info: { description: string } }).info;
    for (const scope of SCOPES) {
      expect(description).toMatch(new RegExp(`^\\| \`${scope}\` +\\| \\S`, 'm'));
    }
  });
});
