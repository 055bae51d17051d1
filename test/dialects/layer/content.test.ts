import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { startFileServer } from '../../support/files.js';
import type { Reply } from '../../support/given.js';
import type { LayerSession } from '../../support/layer.js';
import {
  at,
  expectLayerError,
  expectWrong,
  leave,
  NOT_FOUND,
  NOTHING,
  read,
  strangerOn,
  talkingOn,
  uuidOf,
  type Wire,
} from '../../support/layer-talk.js';
import { accepted } from '../../support/given.js';
import { useServer } from '../../support/server.js';

const server = useServer(startFileServer);
const talking = () => talkingOn(() => server);

const BYTES = 'The bytes of a picture';
const announce = (by: LayerSession, headers: Record<string, string>): Promise<Reply> =>
  by.send('POST', '/content', undefined, headers);
const upload = { 'upload-content-type': 'image/png', 'upload-content-length': String(BYTES.length) };
/** As a page does that another than this server gave its URL. */
const put = (url: string): Promise<Response> =>
  fetch(url, { method: 'PUT', body: BYTES, headers: { origin: 'https://elsewhere.example', ...upload } });

async function uploaded(by: LayerSession): Promise<Wire> {
  const { body } = await announce(by, upload);
  expect((await put(body.upload_url)).status).toBe(204);
  return body;
}

const send = (by: LayerSession, conversation: Wire, ...content: Wire[]) => {
  const parts = content.map(({ id }) => ({ mime_type: 'image/png', content: { id, size: BYTES.length } }));
  return by.send('POST', `${at(conversation)}/messages`, { parts });
};

describe('POST /content', () => {
  it('answers where to upload', async () => {
    const { john } = await talking();
    const { status, body, headers } = await announce(john, { ...upload, 'upload-origin': 'https://example.com' });
    const url = `${server.url}/layer/content/${uuidOf(body)}`;
    expect([status, headers.get('location')]).toEqual([201, url]);
    expect(body).toEqual({
      id: `layer:///content/${uuidOf(body)}`,
      size: BYTES.length,
      download_url: null,
      expiration: null,
      refresh_url: url,
      upload_url: expect.stringContaining(`${server.url}/files/`),
    });
  });

  it('lets a page from anywhere upload, with the headers of the SDKs', async () => {
    const { john } = await talking();
    const { body } = await announce(john, upload);
    const asked = Object.keys(upload).join(', ');
    const preflight = await fetch(body.upload_url as string, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://elsewhere.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': asked,
      },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    const allowed = preflight.headers.get('access-control-allow-headers')!.toLowerCase().split(/, ?/);
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(upload)));
    const answer = await put(body.upload_url);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://elsewhere.example',
    ]);
  });

  it.each([
    ['Upload-Content-Type', { 'upload-content-type': '' }],
    ['Upload-Content-Type', { 'upload-content-type': 'picture' }],
    ['Upload-Content-Type', { 'upload-content-type': 'text/plain;\u00a0a=b' }],
    ['Upload-Content-Length', { 'upload-content-length': '' }],
    ['Upload-Content-Length', { 'upload-content-length': '0' }],
    ['Upload-Content-Length', { 'upload-content-length': '-1' }],
    ['Upload-Content-Length', { 'upload-content-length': '1e3' }],
    ['Upload-Content-Length', { 'upload-content-length': '2147483649' }],
    ['Upload-Content-Length', { 'upload-content-length': '9'.repeat(400) }],
  ])('refuses a %s that is none: %j', async (header, wrong) => {
    const { john } = await talking();
    expectLayerError(await announce(john, { ...upload, ...wrong }), [406, 'invalid_header', 107], { header });
  });

  it('needs both headers', async () => {
    const { john } = await talking();
    const missing = await announce(john, { 'upload-content-type': 'image/png' });
    expectLayerError(missing, [406, 'invalid_header', 107], { header: 'Upload-Content-Length' });
    expectLayerError(await announce(john, {}), [406, 'invalid_header', 107], { header: 'Upload-Content-Type' });
  });
});

describe('GET /content/:id', () => {
  it('answers where to download, once it is uploaded', async () => {
    const { john } = await talking();
    const { body } = await announce(john, upload);
    expectLayerError(await john.send('GET', at(body)), [422, 'invalid_operation', 9]);
    expect((await put(body.upload_url)).status).toBe(204);
    const content = await read(john, at(body));
    expect(content).toEqual({
      ...body,
      download_url: expect.stringContaining(`${server.url}/files/`),
      expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      upload_url: null,
    });
    expect(await (await fetch(content.download_url as string)).text()).toBe(BYTES);
  });

  it('is for who uploaded it, and for those it was sent to', async () => {
    const { app, john, jane, conversation } = await talking();
    const content = await uploaded(john);
    expectLayerError(await jane.send('GET', at(content)), NOT_FOUND);
    accepted(await send(john, conversation, content));
    expect((await read(jane, at(content))).download_url).not.toBeNull();
    for (const stranger of [await app.session('eve'), await strangerOn(() => server)]) {
      expectLayerError(await stranger.send('GET', at(content)), NOT_FOUND);
    }
    await leave(jane, conversation);
    expectLayerError(await jane.send('GET', at(content)), NOT_FOUND);
    for (const id of NOTHING) {
      expectLayerError(await john.send('GET', `/content/${id}`), NOT_FOUND);
    }
  });
});

describe('A part with content', () => {
  it('has its links and no body, wherever the message is read', async () => {
    const { john, jane, conversation } = await talking();
    const content = await uploaded(john);
    const { status, body } = await send(john, conversation, content);
    expect(status).toBe(201);
    const lasting = { id: content.id, size: BYTES.length, refresh_url: content.refresh_url };
    const [part] = body.parts;
    expect(part).toEqual({
      id: expect.any(String),
      url: expect.any(String),
      message_url: body.url,
      mime_type: 'image/png',
      content: { ...lasting, download_url: expect.any(String), expiration: expect.any(String) },
      updated_at: body.sent_at,
    });
    const seen = [
      (await read(jane, `${at(conversation)}/messages`))[0],
      (await read(jane, at(conversation))).last_message,
      (await read(jane, '/conversations'))[0].last_message,
      await read(jane, at(body)),
    ];
    for (const message of seen) {
      expect(message.parts[0].content).toMatchObject(lasting);
      const bytes = await fetch(message.parts[0].content.download_url as string);
      expect([await bytes.text(), bytes.headers.get('content-type')]).toEqual([BYTES, 'image/png']);
    }
  });

  it('is its sender’s to send, uploaded, and nothing else', async () => {
    const { john, jane, conversation } = await talking();
    const [mine, hers] = [await uploaded(john), await uploaded(jane)];
    const { body: empty } = await announce(john, upload);
    const foreign = await uploaded(await strangerOn(() => server));
    for (const wrong of [hers, empty, foreign, { id: randomUUID() }]) {
      expectWrong(await send(john, conversation, mine, wrong), 'parts.1.content');
    }
    const both = { mime_type: 'image/png', content: { id: mine.id }, body: 'x' };
    expectWrong(await john.send('POST', `${at(conversation)}/messages`, { parts: [both] }), 'parts.0.content');
    expect(await read(john, `${at(conversation)}/messages`)).toEqual([]);
    expectLayerError(await jane.send('GET', at(mine)), NOT_FOUND);
  });

  it('has URLs that are good for what they were signed for, and for a while', async () => {
    const { john } = await talking();
    const content = await uploaded(john);
    const { download_url: url } = await read(john, at(content));
    const past = new URL(url as string);
    past.searchParams.set('expires', '1700000000');
    expect((await fetch(past)).status).toBe(403);
    expect((await put(url)).status).toBe(403);
    expect((await fetch(content.upload_url as string)).status).toBe(403);
  });
});
