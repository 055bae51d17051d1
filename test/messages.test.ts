import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, must } from './support/given.js';
import { startServer, type TestServer } from './support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
const given = givenOn(() => server);

describe('POST /messages', () => {
  it('stores the message and answers it', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const { data, response } = await acme.api.POST('/api/v1/messages', {
      body: { channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content: 'Hello' },
    });
    expect(response.status).toBe(201);
    expect(data).toEqual({
      object: 'message',
      id: expect.stringMatching(/^msg_[0-7][\da-hjkmnp-tv-z]{25}$/),
      channel_id: channel.id,
      sender_id: john.id,
      type: 'text',
      content: 'Hello',
      metadata: null,
      created: expect.any(Number),
      livemode: false,
    });
    const page = must(
      await acme.api.GET('/api/v1/messages/channel/{id}', { params: { path: { id: channel.id }, query: {} } }),
    );
    expect(page).toEqual({ object: 'list', data: [data], has_more: false, total_count: 1 });
  });
});
