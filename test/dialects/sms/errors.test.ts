import { describe, expect, it } from '@jest/globals';
import type { Reply } from '../../support/given.js';
import { call } from '../../support/given.js';
import { exchangeOne, wire } from '../../support/raw-http.js';
import { startServer, useServer } from '../../support/server.js';

const server = useServer(() => startServer({ UI_ORIGINS: 'https://app.example.com' }));
const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  call(`${server.url}${path}`, method, body, headers);
const refused = ({ status, body }: Reply): object => ({ status, body });

describe.each(['/api/auth', '/api/ui', '/api/messages'])('What is refused under %s', (root) => {
  it.each<[string, number, string, () => Promise<Reply>]>([
    ['no route', 404, 'not_found', () => ask('GET', `${root}/nowhere/at/all`)],
    ['no JSON', 400, 'malformed_request', () => ask('POST', `${root}/nowhere`, '{')],
    ['too much', 413, 'payload_too_large', () => ask('POST', `${root}/nowhere`, { text: 'x'.repeat(256 * 1024) })],
    ['no JSON at all', 415, 'unsupported_media_type', () => ask('POST', root, 'x', { 'content-type': 'text/plain' })],
  ])('because it is %s says code and sentence, and nothing else', async (_, status, error, provoke) => {
    expect(refused(await provoke())).toEqual({ status, body: { error, detail: expect.stringMatching(/./) } });
  });

  it('because the rest of its body is no HTTP says the same', async () => {
    const chunked = [
      ['Content-Type', 'application/json'],
      ['Transfer-Encoding', 'chunked'],
    ] as const;
    const reply = await exchangeOne(server.port, wire('POST', `${root}/nowhere`, chunked, 'no chunk\r\n'));
    expect(refused(reply)).toEqual({ status: 400, body: { error: 'malformed_request', detail: expect.any(String) } });
  });

  it('carries the name of the request', async () => {
    const { headers } = await ask('GET', `${root}/nowhere`, undefined, { 'x-request-id': 'mine' });
    expect(headers.get('x-request-id')).toBe('mine');
  });
});

describe('A page', () => {
  const from = (origin: string): Promise<Reply> => ask('GET', '/api/ui/nowhere', undefined, { origin });
  const readable = ({ headers }: Reply): unknown => [headers.get('access-control-allow-origin'), headers.get('vary')];

  it('of UI_ORIGINS, or of this server, can read each answer, and no other can', async () => {
    expect(readable(await from('https://app.example.com'))).toEqual(['https://app.example.com', 'Origin']);
    expect(readable(await from(server.url))).toEqual([server.url, 'Origin']);
    expect(readable(await from('https://app.example.com.evil.com'))).toEqual([null, null]);
    expect(readable(await from('null'))).toEqual([null, null]);
  });

  it('may ask for X-Workspace-Id, without credentials of the browser', async () => {
    const { headers, status } = await ask('OPTIONS', '/api/ui/workspaces', undefined, {
      origin: 'https://app.example.com',
      'access-control-request-method': 'GET',
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-headers')).toContain('x-workspace-id');
    expect(headers.has('access-control-allow-credentials')).toBe(false);
  });
});
