import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { newFile, put, startFileServer, uploaded } from '../support/files.js';
import { accepted, given as givenOn, must, type Channel, type Customer, type TestClient } from '../support/given.js';
import { expectInvalid } from '../support/refused.js';
import { sql } from '../support/sql.js';
import { endpoint } from '../support/webhooks.js';

let server: Awaited<ReturnType<typeof startFileServer>>;
let acme: TestClient;
let john: Customer;
let jane: Customer;
let channel: Channel;
beforeAll(async () => {
  server = await startFileServer();
  acme = await given.client();
  ({ john, jane, channel } = await given.pair(acme));
});
afterAll(() => server.stop());
const given = givenOn(() => server);

type Part = Record<string, unknown>;
const send = (parts: unknown, more: object = {}) =>
  acme.send('POST', '/api/v1/messages', { channel_uuid: channel.id, sender_uuid: john.id, parts, ...more });
const text = (body: string, more: Part = {}): Part => ({ mime_type: 'text/plain', body, ...more });
const base64 = (bytes: number): Part => ({
  mime_type: 'application/octet-stream',
  encoding: 'base64',
  body: Buffer.alloc(bytes, 7).toString('base64'),
});
const UUID = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
const said = async (): Promise<number> =>
  must(await acme.api.GET('/api/v1/messages/channel/{id}', { params: { path: { id: channel.id } } })).total_count;

describe('A message of parts', () => {
  it('shows them wherever it is shown', async () => {
    const id = randomUUID();
    const { status, body } = await send([
      text('Look:', { id: id.toUpperCase() }),
      { mime_type: 'image/png', body: 'AAEC', encoding: 'base64' },
    ]);
    expect([status, body]).toEqual([
      201,
      {
        object: 'message',
        id: expect.stringMatching(/^msg_/),
        channel_id: channel.id,
        sender_id: john.id,
        position: 1,
        type: 'text',
        content: 'Look:',
        metadata: null,
        parts: [
          { id, mime_type: 'text/plain', body: 'Look:' },
          { id: UUID, mime_type: 'image/png', body: 'AAEC', encoding: 'base64' },
        ],
        created: expect.any(Number),
        livemode: false,
      },
    ]);
    const emails = `email1=${encodeURIComponent(john.email!)}&email2=${encodeURIComponent(jane.email!)}`;
    for (const path of [
      `/api/v1/messages/customer/${john.id}?limit=1`,
      `/api/v1/messages/between?limit=1&${emails}`,
      `/api/v1/messages/channel/${channel.id}?limit=100`,
    ]) {
      expect((await acme.send('GET', path)).body.data.at(-1)).toEqual(body);
    }
    expect((await acme.send('GET', `/api/v1/messages/${body.id}`)).body).toEqual(body);
    expect((await acme.send('GET', `/api/v1/channels/customer/${jane.id}`)).body.data[0].last_message).toEqual(body);
  });

  it.each<Part>([
    { mime_type: 'application/json', body: '{"a":1}' },
    { mime_type: 'text/html', body: '<b>Hello</b>' },
    { mime_type: 'text/plain;role=root', body: 'Hello' },
    { mime_type: 'image/png', body: 'AAEC', encoding: 'base64' },
    { mime_type: 'text/plain', body: 'AA==', encoding: 'base64' },
    { mime_type: 'text/plain', body: ' ' },
  ])('shows one part whose type and content do not say it all: %j', async (part) => {
    const { status, body } = await send([part]);
    expect([status, body.parts]).toEqual([201, [{ id: UUID, ...part }]]);
  });

  it('shows one plain text as its type and content alone, and keeps the part', async () => {
    const id = randomUUID();
    const { body } = await send([text('Hello', { id })]);
    expect(body).toMatchObject({ type: 'text', content: 'Hello' });
    expect(body).not.toHaveProperty('parts');
    expect(await sql('SELECT parts FROM messages WHERE id = $1', parseId('message', body.id))).toEqual([
      { parts: [{ id, mimeType: 'text/plain', body: 'Hello' }] },
    ]);
  });

  it.each<[string, string, Part[]]>([
    ['text', 'Hello', [text('Hello')]],
    ['text', 'Grüße', [text(Buffer.from('Grüße').toString('base64'), { encoding: 'base64' })]],
    ['text', 'Hello', [{ mime_type: 'TEXT/html', body: 'Hello' }, text('second')]],
    ['image', 'caption', [{ mime_type: 'image/jpeg', body: 'AAEC', encoding: 'base64' }, text('caption')]],
    ['image', 'image/jpeg', [{ mime_type: 'image/jpeg', body: 'AAEC', encoding: 'base64' }]],
    ['file', 'application/pdf', [{ mime_type: 'application/pdf', body: 'AAEC', encoding: 'base64' }]],
    ['text', 'text/plain', [text('')]],
    ['text', 'text/plain', [text(' \n')]],
    ['text', 'Hello', [{ mime_type: 'application/vnd.layer.text+json;role=root', body: '{"text":"Hello"}' }]],
    [
      'text',
      'Hi',
      [{ mime_type: 'Application/Vnd.Layer.Text+JSON', body: 'eyJ0ZXh0IjoiSGkifQ==', encoding: 'base64' }],
    ],
    ['text', 'application/vnd.layer.text+json', [{ mime_type: 'application/vnd.layer.text+json', body: '{"text":7}' }]],
    ['text', 'application/vnd.layer.text+json', [{ mime_type: 'application/vnd.layer.text+json', body: 'null' }]],
    ['text', 'application/vnd.layer.text+json', [{ mime_type: 'application/vnd.layer.text+json', body: '{' }]],
    [
      'file',
      'Hi',
      [
        { mime_type: 'application/x', body: '1' },
        { mime_type: 'application/vnd.layer.text+json', body: '{"text":"Hi"}' },
      ],
    ],
    // What can't be kept as a text is none.
    ['text', 'text/plain', [text('AA==', { encoding: 'base64' })]],
  ])('is a %s of %j where nothing else is said', async (type, content, parts) => {
    expect((await send(parts)).body).toMatchObject({ type, content });
  });

  it('is of the type and content that are given next to them', async () => {
    const given = { type: 'system', content: 'Jane shared a picture' };
    expect((await send([text('a'), text('b')], given)).body).toMatchObject({ ...given, parts: [{}, {}] });
    expect((await send([text('a'), text('b')], { type: null, content: null })).body).toMatchObject({ content: 'a' });
  });

  it('may have a hundred of 2 KB each', async () => {
    expect((await send(Array.from({ length: 100 }, () => text('x')))).body.parts).toHaveLength(100);
    expect((await send([base64(2_048), text('x')])).body.parts[0].body).toHaveLength(2_732);
  });

  it.each(['x', 'ü', '宇', '🚀'])('may have texts of 2,048 characters, whatever they weigh: %s', async (letter) => {
    const body = letter.repeat(2_048);
    const { status, body: sent } = await send([{ mime_type: 'application/json', body }, text(body)]);
    expect([status, sent.parts?.map((part: Part) => part.body)]).toEqual([201, [body, body]]);
    expectInvalid(await send([text(body + letter)]), 'parts.0.body');
  });

  it('loses them when it is deleted for all', async () => {
    const { id } = (await send([text('a'), text('b')])).body;
    accepted(await acme.send('DELETE', `/api/v1/messages/${id}?mode=all_participants`));
    expect(await sql('SELECT parts, content FROM messages WHERE id = $1', parseId('message', id))).toEqual([
      { parts: null, content: '' },
    ]);
  });

  it('is told of with them', async () => {
    await endpoint(acme, 'https://example.com/hooks');
    const { body } = await send([text('a'), text('b')]);
    const [event] = (await acme.send('GET', '/api/v1/events?limit=1')).body.data;
    expect(event.data).toEqual(body);
  });
});

describe('Parts', () => {
  const SAME = randomUUID();
  it.each<[string, unknown]>([
    ['parts', []],
    ['parts', Array.from({ length: 101 }, () => text('x'))],
    ['parts', 'text'],
    ['parts', { 0: text('x') }],
    ['parts.0', ['x']],
    ['parts.1', [text('x'), null]],
    ['parts.0.mime_type', [{ body: 'x' }]],
    ['parts.0.mime_type', [text('x', { mime_type: 'text' })]],
    ['parts.0.mime_type', [text('x', { mime_type: 'text/plain\r\nX: y' })]],
    ['parts.0.mime_type', [text('x', { mime_type: 'text/plain;\r\n a=b' })]],
    ['parts.0.mime_type', [text('x', { mime_type: `text/${'x'.repeat(251)}` })]],
    ['parts.0.body', [{ mime_type: 'text/plain' }]],
    ['parts.0.body', [{ mime_type: 'text/plain', body: 7 }]],
    ['parts.0.body', [text('a\u0000b')]],
    ['parts.0.body', [text('\udc00')]],
    ['parts.0.body', [text('x'.repeat(2_049))]],
    ['parts.1.body', [text('x'), base64(2_049)]],
    ['parts.0.body', [text('no base64!', { encoding: 'base64' })]],
    ['parts.0.body', [text('A', { encoding: 'base64' })]],
    ['parts.0.body', [text('AA=A', { encoding: 'base64' })]],
    ['parts.0.encoding', [text('x', { encoding: 'gzip' })]],
    ['parts.0.encoding', [text('x', { encoding: '' })]],
    ['parts.0.encoding', [{ mime_type: 'a/b', encoding: 'base64', file_uuid: formatId('file', SAME) }]],
    ['parts.0.file_uuid', [text('x', { file_uuid: formatId('file', SAME) })]],
    ['parts.0.file_uuid', [{ mime_type: 'a/b', file_uuid: 'nonsense' }]],
    ['parts.0.id', [text('x', { id: 'nonsense' })]],
    ['parts.1.id', [text('x', { id: SAME }), text('y', { id: SAME.toUpperCase() })]],
    ['parts.0.size', [text('x', { size: 1 })]],
    ['parts.0.__proto__', JSON.parse('[{"mime_type":"a/b","body":"x","__proto__":1}]')],
  ])('are refused on %s %#', async (field, parts) => {
    const before = await said();
    expectInvalid(await send(parts), field);
    expect(await said()).toBe(before);
  });

  it('need neither type nor content; without them, both are needed', async () => {
    const { status, body } = await send(undefined);
    expect([status, Object.keys(body.errors).sort()]).toEqual([422, ['content', 'type']]);
    expectInvalid(await send(null, { type: 'text' }), 'content', 'The content field is required.');
    expectInvalid(await send([text('x')], { content: 7 }), 'content');
    expectInvalid(await send([text('x')], { type: 'video' }), 'type');
  });
});

describe('A file in a message', () => {
  const part = ({ id }: { id: string }): Part => ({ mime_type: 'image/png', file_uuid: id });

  it('is shown with its size, and may be fetched by the members from then on', async () => {
    const file = await uploaded(acme, 'hello');
    const [mine, hers] = [await given.session(acme, john), await given.session(acme, jane)];
    const sees = async (session: typeof mine) => (await session.send('GET', `/api/v1/files/${file.id}`)).status;
    expect([await sees(mine), await sees(hers)]).toEqual([404, 404]);
    const { status, body } = await send([part(file), text('Look'), part(file)]);
    expect([status, body.parts[0]]).toEqual([201, { id: UUID, mime_type: 'image/png', file_id: file.id, size: 5 }]);
    expect(body).toMatchObject({ type: 'image', content: 'Look' });
    expect([await sees(mine), await sees(hers)]).toEqual([200, 200]);
  });

  it('is shown where it is all there is', async () => {
    const file = await uploaded(acme, 'hello');
    const { body } = await send([part(file)]);
    expect(body).toMatchObject({ type: 'image', content: 'image/png', parts: [{ file_id: file.id, size: 5 }] });
  });

  it('is refused where it is not uploaded, unknown, or of another tenant; and nothing happens', async () => {
    const other = await given.client();
    const before = await said();
    for (const { id } of [await newFile(acme, { size: 5 }), { id: randomUUID() }, await uploaded(other, 'hello')]) {
      expectInvalid(await send([text('x'), part({ id })]), 'parts.1.file_uuid');
    }
    expect(await said()).toBe(before);
  });

  it('is sent by a customer where it is its own, or was sent to it', async () => {
    const [mine, hers] = [await given.session(acme, john), await given.session(acme, jane)];
    const body = { mime_type: 'text/plain', size: 5 };
    const file = (await mine.send('POST', '/api/v1/files', body)).body;
    expect((await put(file.upload_url, 'hello')).status).toBe(204);
    const sendAs = (session: typeof mine, { id }: Customer) =>
      session.send('POST', '/api/v1/messages', { channel_uuid: channel.id, sender_uuid: id, parts: [part(file)] });
    expectInvalid(await sendAs(hers, jane), 'parts.0.file_uuid');
    expect((await sendAs(mine, john)).status).toBe(201);
    expect((await sendAs(hers, jane)).status).toBe(201);
  });

  it('stays what it was where the message is refused', async () => {
    const stranger = await given.customer(acme);
    const file = await uploaded(acme, 'hello');
    const body = { channel_uuid: channel.id, sender_uuid: stranger.id, parts: [part(file)] };
    expectInvalid(await acme.send('POST', '/api/v1/messages', body), 'sender_uuid');
    const hers = await given.session(acme, jane);
    expect((await hers.send('GET', `/api/v1/files/${file.id}`)).status).toBe(404);
    await expectExactRows(acme.uuid);
  });
});
