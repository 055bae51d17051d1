import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { expectFields, expectRefused, expectSane, longestWait } from '../../support/hostile.js';
import { useServer } from '../../support/server.js';

const server = useServer();
let acme: TestClient;
let umbrella: TestClient;
beforeAll(async () => {
  [acme, umbrella] = [await given.client(), await given.client()];
});
const given = givenOn(() => server);

const post = async (body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  expectSane(await acme.send('POST', '/api/v1/customers', body, headers));
let made = 0;
const email = (): string => `hostile-${(made += 1)}@example.com`;
const valid = (): string => JSON.stringify({ name: 'John Doe', email: email() });
const MB = 1024 * 1024;

describe('A body that is no JSON object', () => {
  it.each(['{', '{"name":', '[1,', "{'name':1}", '{"name":"x",}', 'NaN', 'undefined', '{"name":"x"}}', '"\\x"'])(
    '1: malformed JSON is 400 with a fixed text: %s',
    async (body) => expectRefused(await post(body), 400, 'Malformed JSON'),
  );

  it('2: an empty body is 422 with the required fields', async () => {
    for (const reply of [await post(), await post(''), await post(' \n'), await post('{}')]) {
      expectFields(reply, 'email', 'name');
    }
  });

  it.each(['5', 'null', '"x"', 'true', '-0'])('3: a scalar is 400: %s', async (body) => {
    expectRefused(await post(body), 400, 'The body must be a JSON object');
  });

  it('4: an array is 422, even one that holds a valid object', async () => {
    expectFields(await post('[]'), 'body');
    expectFields(await post(`[${valid()}]`), 'body');
  });
});

describe('A body in another form', () => {
  it.each(['text/plain', 'application/xml', 'application/jsonp', 'application/vnd.api+json', 'json', ',', ''])(
    '5: the content type %j is 415',
    async (type) => expectRefused(await post(valid(), { 'content-type': type }), 415),
  );

  it('6: a form is 415', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expectRefused(await post(`name=John&email=${email()}`, headers), 415);
  });

  it('7: multipart is 415', async () => {
    const body = '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nJohn\r\n--x--\r\n';
    expectRefused(await post(body, { 'content-type': 'multipart/form-data; boundary=x' }), 415);
  });

  it('8: another charset than UTF-8 is 415', async () => {
    for (const charset of ['utf-16', 'utf-16le', 'latin1', 'us-ascii', 'bogus', '']) {
      expectRefused(await post(valid(), { 'content-type': `application/json; charset=${charset}` }), 415);
    }
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"']) {
      expect((await post(valid(), { 'content-type': `Application/JSON;charset=${charset}` })).status).toBe(201);
    }
  });

  it('9: a broken or unknown content encoding is 400 or 415, and a good one is read', async () => {
    const garbage = Buffer.from('garbage that no decoder reads');
    for (const encoding of ['br', 'gzip', 'deflate']) {
      expectRefused(await post(garbage, { 'content-type': 'application/json', 'content-encoding': encoding }), 400);
    }
    const half = gzipSync(valid()).subarray(0, 20);
    expectRefused(await post(half, { 'content-type': 'application/json', 'content-encoding': 'gzip' }), 400);
    for (const encoding of ['zstd', 'gzip, gzip', 'x', 'constructor']) {
      expectRefused(await post(valid(), { 'content-encoding': encoding }), 415);
    }
    const encoders = {
      gzip: gzipSync,
      br: brotliCompressSync,
      deflate: deflateSync,
      identity: (text: string) => Buffer.from(text),
    };
    for (const [encoding, encode] of Object.entries(encoders)) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      expect((await post(encode(valid() as never), headers)).status).toBe(201);
    }
  });
});

describe('A body that is large', () => {
  it('10: a gzip bomb is 413 and takes no memory', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * MB, 0x20));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expectRefused(await post(bomb, headers), 413);
    const before = process.memoryUsage().rss;
    for (let times = 0; times < 20; times += 1) {
      expectRefused(await post(bomb, headers), 413);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * MB);
  });

  it('11: more than 256 KB is 413, at any size', async () => {
    const sized = (size: number): string => {
      const empty = JSON.stringify({ name: '', email: 'x' });
      return JSON.stringify({ name: 'x'.repeat(size - empty.length), email: 'x' });
    };
    expectFields(await post(sized(256 * 1024)), 'name', 'email');
    for (const size of [256 * 1024 + 1, 10 * MB]) {
      expectRefused(await post(sized(size)), 413);
    }
  });

  it('11: content is counted in characters, metadata in bytes', async () => {
    const { john, channel } = await given.pair(acme);
    const send = async (content: string, metadata: object = {}): Promise<Reply> => {
      const body = { channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content, metadata };
      return expectSane(await acme.send('POST', '/api/v1/messages', body));
    };
    expect((await send('😀'.repeat(16_000))).body.content).toBe('😀'.repeat(16_000));
    expectFields(await send('😀'.repeat(16_001)), 'content');
    expectFields(await send('x'.repeat(16_001)), 'content');
    expect((await send('x', { k: 'x'.repeat(16 * 1024 - 8) })).status).toBe(201);
    expectFields(await send('x', { k: 'x'.repeat(16 * 1024 - 7) }), 'metadata');
    expectFields(await send('x', { k: 'é'.repeat(8 * 1024) }), 'metadata');
  });

  it('12: nine thousand arrays in one another are 422 on their field, forty-nine thousand on the body', async () => {
    const arrays = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const deep = arrays(9_000);
    expectFields(await post(`{"name":"x","email":"${email()}","metadata":{"k":${deep}}}`), 'metadata');
    expectFields(await post(`{"name":${deep},"email":"${email()}"}`), 'name');
    expectFields(await post(`{"name":"x","email":"${email()}","what":${deep}}`), 'what');
    expectFields(await post(deep), 'body');
    expectFields(await post(`{"name":${arrays(49_000)},"email":"${email()}"}`), 'body');
  });

  it('13: metadata nested deeper than 5 is 422, with an Idempotency-Key too', async () => {
    const nested = (depth: number): string => '{"k":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
    const body = (depth: number): string => `{"name":"x","email":"${email()}","metadata":${nested(depth)}}`;
    expect((await post(body(5))).status).toBe(201);
    for (const depth of [6, 40, 5_000, 9_000]) {
      expectFields(await post(body(depth)), 'metadata');
      expectFields(await post(body(depth), { 'idempotency-key': `deep-${depth}` }), 'metadata');
    }
  });

  it('13 and 14: more than ten thousand names are 422 before the body is parsed', async () => {
    const names = Array.from({ length: 10_001 }, (_, at) => `"n${at}":1`).join();
    const nested = '{"k":'.repeat(25_000) + '1' + '}'.repeat(25_000);
    expectFields(await post(`{${names}}`), 'body');
    expectFields(await post(`{"name":"x","email":"${email()}","metadata":{"k":{${names}}}}`), 'body');
    expectFields(await post(`{"name":"x","email":"${email()}","metadata":${nested}}`), 'body');
  });

  it('more than twenty thousand strings are 422 before the body is parsed', async () => {
    const strings = (count: number): string => JSON.stringify(Array.from({ length: count }, () => 'x'));
    expectFields(await post(`{"name":${strings(19_990)},"email":"${email()}"}`), 'name');
    expectFields(await post(`{"name":${strings(20_001)},"email":"${email()}"}`), 'body');
  });

  it('14: more than 50 keys of metadata are 422', async () => {
    const keys = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
    expect((await post({ name: 'x', email: email(), metadata: keys(50) })).status).toBe(201);
    for (const count of [51, 9_000]) {
      expectFields(await post({ name: 'x', email: email(), metadata: keys(count) }), 'metadata');
    }
    expectRefused(await post({ name: 'x', email: email(), metadata: keys(50_000) }), 413);
  });

  it('long lists are refused by their size, and nobody else waits for it', async () => {
    const list = (length: number, item: string): string =>
      `{"type":"custom","name":"x","customer_uuids":[${Array(length).fill(item).join(',')}]}`;
    const send = async (body: string): Promise<Reply> => acme.send('POST', '/api/v1/channels', body);
    const before = process.cpuUsage();
    const wait = await longestWait(umbrella, async () => {
      for (let times = 0; times < 5; times += 1) {
        expectFields(await send(list(80_000, '1')), 'customer_uuids');
        expectFields(await send(list(80_000, '[]')), 'customer_uuids');
        expectRefused(await send(list(160_000, '1')), 413);
        expectRefused(await send(list(160_000, '"x"')), 413);
      }
    });
    // What it costs is told by the processor, whose time a busy machine does not stretch: comparing each with each took 5 s.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000 / 20).toBeLessThan(500);
    expect(wait).toBeLessThan(5_000);
  });
});
