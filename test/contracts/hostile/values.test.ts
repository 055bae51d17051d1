import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { expectFields, expectRefused, expectSane } from '../../support/hostile.js';
import { useServer } from '../../support/server.js';

const server = useServer();
let acme: TestClient;
/** A valid body of each of the four writes. */
let valid: Record<string, Record<string, unknown>>;
beforeAll(async () => {
  acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  const content = { type: 'text', content: 'Hello' };
  valid = {
    customers: { name: 'John', email: john.email, metadata: {} },
    channels: { type: 'custom', name: 'Team', customer_uuids: [john.id, jane.id] },
    messages: { ...content, channel_uuid: channel.id, sender_uuid: john.id, metadata: {} },
    'messages/send-to-customer': { ...content, sender_email: john.email, recipient_email: jane.email },
  };
});
const given = givenOn(() => server);

const post = async (path: string, body: unknown): Promise<Reply> =>
  expectSane(await acme.send('POST', `/api/v1/${path}`, body));
/** Posts the valid body with this part in place of a field, written as JSON. */
const postWith = (path: string, field: string, json: string): Promise<Reply> =>
  post(
    path,
    JSON.stringify({ ...valid[path], [field]: '@' }).replace('"@"', () => json),
  );
const send = (part: object): Promise<Reply> => post('messages', { ...valid.messages, ...part });

const TEXTS = [
  ['customers', 'name'],
  ['customers', 'email'],
  ['channels', 'type'],
  ['channels', 'name'],
  ['messages', 'type'],
  ['messages', 'content'],
  ['messages', 'channel_uuid'],
  ['messages', 'sender_uuid'],
  ['messages/send-to-customer', 'sender_email'],
  ['messages/send-to-customer', 'recipient_email'],
  ['messages/send-to-customer', 'content'],
] as const;

describe('Characters', () => {
  it.each([
    ['15: U+0000', '\\u0000'],
    ['16: half a surrogate pair', '\\ud83d'],
    ['16: the other half', '\\ude00 '],
  ])('%s is 422 on its field, wherever it is', async (_, escape) => {
    for (const [path, field] of TEXTS) {
      expectFields(await postWith(path, field, `"a${escape}b"`), field);
    }
    expectFields(await postWith('channels', 'customer_uuids', `["a${escape}", "b"]`), 'customer_uuids.0');
    for (const path of ['customers', 'messages', 'messages/send-to-customer']) {
      for (const metadata of [
        `{"k":"${escape}"}`,
        `{"${escape}":1}`,
        `{"k":[{"${escape}":1}]}`,
        `{"k":["${escape}"]}`,
      ]) {
        expectFields(await postWith(path, 'metadata', metadata), 'metadata');
      }
    }
    // An unknown field is named as it came, and still must not break the answer.
    expect((await postWith('customers', 'name', `"x","a${escape}":1`)).status).toBe(422);
  });

  it.each([
    ['a stray byte', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a sequence cut short', [0xe2, 0x82]],
    ['a code point past the last', [0xf4, 0x90, 0x80, 0x80]],
  ])('17: refuses invalid UTF-8 with 400: %s', async (_, bytes) => {
    const [before, after] = JSON.stringify({ ...valid.messages, content: '@' }).split('@') as [string, string];
    const body = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    const reply = await acme.send('POST', '/api/v1/messages', body, { 'content-type': 'application/json' });
    expectRefused(reply, 400, 'The body is not valid UTF-8');
  });

  it('18: a byte order mark is read over, once', async () => {
    const body = JSON.stringify(valid.messages);
    expect((await post('messages', `\ufeff${body}`)).status).toBe(201);
    expectRefused(await post('messages', `\ufeff\ufeff${body}`), 400);
  });

  it.each([
    '👩‍👩‍👧‍👦 family',
    'a\u202egnp.exe',
    'e\u0301 is not é',
    '𝒳 and 𠜎',
    '\u1100\u1161\u11a8',
    '  kept  \n\t',
    'ﬁ ① Å',
    '\u0001\u001b[31m\u007f\u0085\u2028\ufffe\uffff',
    '\ufeffmark',
  ])('19: %j comes back as it was sent', async (content) => {
    const { body } = await send({ content, metadata: { [content]: [content] } });
    expect([body.content, body.metadata]).toEqual([content, { [content]: [content] }]);
    const read = await acme.send('GET', `/api/v1/messages/channel/${body.channel_id}?limit=100`);
    expect(read.body.data.find(({ id }: { id: string }) => id === body.id)).toEqual(body);
  });

  it.each(['', ' ', '\t\r\n', '\u00a0\u3000', '\u200b\u200d', '\u2060\ufeff', '\u00ad', '\u3164'])(
    '20: %j is no content and no name',
    async (blank) => {
      expectFields(await send({ content: blank }), 'content');
      expectFields(await post('customers', { ...valid.customers, name: blank }), 'name');
      expectFields(await post('channels', { ...valid.channels, name: blank }), 'name');
    },
  );
});

describe('Keys', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '21: %s is an unknown field, 422',
    async (key) => {
      for (const json of ['{}', '"x"', '{"isAdmin":true}', '["x"]']) {
        const reply = await postWith('messages', 'content', `"x","${key}":${json}`);
        expectFields(reply, key);
      }
      expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    },
  );

  it.each(['__proto__', 'constructor', 'prototype', 'toJSON', '__defineGetter__'])(
    '22: %s is a key of metadata like any other',
    async (key) => {
      for (const metadata of [`{"${key}":{"isAdmin":true}}`, `{"k":{"${key}":"x"}}`]) {
        const reply = await postWith('messages', 'metadata', metadata);
        expect([reply.status, JSON.stringify(reply.body.metadata)]).toEqual([201, metadata]);
        const read = await acme.send('GET', `/api/v1/messages/customer/${reply.body.sender_id}?limit=1`);
        expect(JSON.stringify(read.body.data[0].metadata)).toBe(metadata);
      }
      expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    },
  );

  it('23: what nobody may set is 422 by its name', async () => {
    for (const path of Object.keys(valid)) {
      for (const field of ['role', 'livemode', 'id', 'client_id', 'created', 'object', '', 'a.b', 'Name']) {
        expectFields(await post(path, { ...valid[path], [field]: true }), field);
      }
    }
  });

  it('24: of a key given twice the last one counts', async () => {
    const { body } = await postWith('messages', 'content', '"first","content":"last"');
    expect(body.content).toBe('last');
  });
});

describe('Types', () => {
  it.each([
    '{"$ne":1}',
    '["a"]',
    'true',
    '1',
    '0',
    'null',
    '{}',
    '[]',
    '{"length":1}',
    '{"toString":1}',
    '{"constructor":"x"}',
    '{"__proto__":"x"}',
    '[{"constructor":{"prototype":1}}]',
  ])('25: %s is no text, 422', async (json) => {
    for (const [path, field] of TEXTS) {
      expectFields(await postWith(path, field, json), field);
    }
  });

  it('25: what is no object is no metadata, and what is no array no list', async () => {
    for (const json of ['"x"', '1', 'true', '[]', '[{}]']) {
      expectFields(await postWith('messages', 'metadata', json), 'metadata');
    }
    for (const json of ['"x"', '1', '{}', '{"0":"a","1":"b","length":2}']) {
      expectFields(await postWith('channels', 'customer_uuids', json), 'customer_uuids');
    }
    expectFields(await postWith('channels', 'customer_uuids', '[1,2]'), 'customer_uuids.0');
  });

  it.each(['1e999', '-1e999', '12345678901234567890', '9007199254740993', '1e300'])(
    '26: %s would not be kept exactly, 422',
    async (number) => {
      for (const metadata of [`{"k":${number}}`, `{"k":[1,{"k":${number}}]}`]) {
        expectFields(await postWith('messages', 'metadata', metadata), 'metadata');
      }
    },
  );

  it('26: other numbers come back as they are', async () => {
    const numbers = [0, -1, 1.5, 0.1, 1e-7, 9007199254740991, -9007199254740991];
    expect((await send({ metadata: { numbers } })).body.metadata).toEqual({ numbers });
  });

  it.each(['"video"', '"TEXT"', '" text"', '["text"]', '{"0":"text"}', '""', '"text\\u0000"'])(
    '27: %s is no type of a message, 422',
    async (json) => {
      expectFields(await postWith('messages', 'type', json), 'type');
      expectFields(await postWith('messages/send-to-customer', 'type', json), 'type');
    },
  );

  it('28: markup is stored as it is and never served as anything but JSON', async () => {
    const content = '<script>alert(1)</script><img src=x onerror=alert(1)>';
    const { body, headers } = await send({ content });
    expect(body.content).toBe(content);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const refused = await acme.send('POST', '/api/v1/messages', { [content]: 1 });
    expect(refused.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
