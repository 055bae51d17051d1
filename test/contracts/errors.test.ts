import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { MessagesService } from '../../src/messages/messages.service.js';
import type { ErrorCode } from '../../src/platform/common/errors/error-codes.js';
import { call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { docUrl } from '../support/refused.js';
import { startServer, useServer } from '../support/server.js';
import { document, operations } from '../support/truth.js';

const server = useServer(startServer);
let acme: TestClient;
beforeAll(async () => {
  acme = await given.client();
});
const given = givenOn(() => server);
const SOME_ID = '018f0000-0000-7000-8000-000000000000';

/** Which methods some path of the document answers here: a literal path is also what `{id}` stands for. */
function allowedAt(path: string): string[] {
  const parts = path.split('/');
  const fits = (pattern: string[]): boolean =>
    pattern.length === parts.length && pattern.every((part, at) => part.startsWith('{') || part === parts[at]);
  const methods = operations.filter((one) => fits(one.path.split('/'))).map(({ method }) => method);
  return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)].sort();
}

describe('Another method on a known path', () => {
  it.each(Object.keys(document.paths))('of %s is 405 with Allow', async (path) => {
    const url = `${server.url}${path.replace(/\{\w+\}/g, SOME_ID)}`;
    const allowed = allowedAt(path);
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].filter(
      (method) => !allowed.includes(method),
    );
    for (const method of others) {
      const reply = await call(url, method);
      expect([method, reply.status, reply.headers.get('allow')]).toEqual([method, 405, allowed.join(', ')]);
      expect(reply.body).toEqual({
        error: 'Method not allowed',
        code: 'method_not_allowed',
        doc_url: docUrl('method_not_allowed'),
        request_id: reply.headers.get('x-request-id'),
      });
    }
  });

  it('is a GET without its body where it is HEAD', async () => {
    const reply = await acme.send('HEAD', '/api/v1/customers');
    expect([reply.status, reply.text]).toEqual([200, '']);
  });
});

describe('An unknown path', () => {
  it.each(['/nowhere', '/api', '/api/v1', '/api/v2/customers', '/api/v1/customers/', '/API/v1/customers'])(
    '%s is 404',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
        const reply = await acme.send(method, path);
        expect([method, reply.status]).toEqual([method, 404]);
        expect(reply.headers.has('allow')).toBe(false);
        expect(reply.body).toEqual({
          error: 'Route not found',
          code: 'not_found',
          doc_url: docUrl('not_found'),
          request_id: reply.headers.get('x-request-id'),
        });
      }
    },
  );

  it('that can not be decoded is 400', async () => {
    const reply = await acme.send('GET', '/api/v1/customers/%E0%A4%A');
    expect([reply.status, reply.body.code]).toEqual([400, 'malformed']);
  });
});

describe('The body of an error', () => {
  const post = (body: unknown, headers?: Record<string, string>): Promise<Reply> =>
    acme.send('POST', '/api/v1/customers', body, headers);

  it.each<[number, ErrorCode, string, () => Promise<Reply>]>([
    [400, 'malformed', 'Malformed JSON', () => post('{')],
    [400, 'malformed', 'The body must be a JSON object', () => post('1')],
    [400, 'malformed', 'The body is not valid UTF-8', () => post(Uint8Array.of(0x7b, 0xff, 0x7d))],
    [401, 'unauthorized', 'Unauthorized - Invalid public key', () => post({}, { 'x-public-key': 'x' })],
    [404, 'not_found', 'Customer not found', () => acme.send('GET', `/api/v1/customers/${SOME_ID}`)],
    [404, 'not_found', 'Channel not found', () => acme.send('GET', `/api/v1/channels/${SOME_ID}`)],
    [404, 'not_found', 'Client not found', () => acme.send('GET', `/api/v1/client/${SOME_ID}`)],
    [413, 'too_large', 'The body must not exceed 256 KB', () => post({ name: 'x'.repeat(256 * 1024) })],
    [
      415,
      'unsupported_media_type',
      'The body must be application/json in UTF-8.',
      () => post('name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
  ])('%i says one sentence: %s, %s', async (status, code, error, send) => {
    const reply = await send();
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.body).toEqual({ error, code, doc_url: docUrl(code), request_id: reply.headers.get('x-request-id') });
  });

  it('422 names each field', async () => {
    const reply = await post({ email: 'x', what: 1 });
    expect(reply.status).toBe(422);
    expect(reply.body).toEqual({
      message: 'The given data was invalid.',
      errors: {
        name: ['The name field is required.'],
        email: [expect.stringContaining('The email field must be a valid email address')],
        what: ['The what field is not known.'],
      },
      code: 'invalid',
      doc_url: docUrl('invalid'),
      request_id: reply.headers.get('x-request-id'),
    });
  });

  it('422 joins the names of nested fields by dots', async () => {
    const body = { type: 'custom', name: 'x', customer_uuids: [SOME_ID, 'x'] };
    const reply = await acme.send('POST', '/api/v1/channels', body);
    expect(Object.keys(reply.body.errors)).toEqual(['customer_uuids.1']);
  });

  it('500 says what failed and nothing of why', async () => {
    server.app.useLogger(false);
    const failure = jest
      .spyOn(server.get<MessagesService>('MessagesService'), 'prepare')
      .mockRejectedValueOnce(new Error('SELECT * FROM messages at /srv/app/messages.ts:1'));
    const body = { channel_uuid: SOME_ID, sender_uuid: SOME_ID, type: 'text', content: 'x' };
    const reply = await acme.send('POST', '/api/v1/messages', body);
    failure.mockRestore();
    expect(reply.status).toBe(500);
    expect(reply.body).toEqual({
      error: 'Failed to send message. Please try again.',
      code: 'internal_error',
      doc_url: docUrl('internal_error'),
      request_id: reply.headers.get('x-request-id'),
    });
  });
});

describe('X-Request-Id', () => {
  it.each(['a', 'my-id_42', 'x'.repeat(64)])('is the caller’s own: %s', async (id) => {
    const replies = [
      await acme.send('GET', '/api/v1/customers', undefined, { 'x-request-id': id }),
      await call(`${server.url}/nowhere`, 'GET', undefined, { 'x-request-id': id }),
      await call(`${server.url}/health/live`, 'GET', undefined, { 'x-request-id': id }),
    ];
    expect(replies.map(({ headers }) => headers.get('x-request-id'))).toEqual([id, id, id]);
    expect(replies[1]!.body.request_id).toBe(id);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a.b', '<script>', 'é', 'a,b'])('is a new one in place of %j', async (id) => {
    const { headers } = await acme.send('GET', '/api/v1/customers', undefined, { 'x-request-id': id });
    expect(headers.get('x-request-id')).toMatch(/^req_[\da-f-]{36}$/);
  });

  it('differs from request to request', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await acme.send('GET', '/health/live')).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(20);
  });
});
