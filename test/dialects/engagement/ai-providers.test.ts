import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generate, makeDocument, PROVIDER_KEY, replyOf, sentimentOf, useAi } from '../../support/ai.js';
import { aiServer, raw, says, type AiServer } from '../../support/ai-server.js';
import { refused } from '../../support/contacts.js';
import { must } from '../../support/given.js';
import { givenInboxes, list, post } from '../../support/inbox.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenInboxes(() => server);
let ai: AiServer;
beforeAll(async () => {
  ai = await aiServer();
});
afterAll(() => ai.close());
const last = () => ai.all.at(-1)!;

describe('A provider', () => {
  it('that nobody has set is none', async () => {
    const { owner } = await given.team();
    const reply = await generate(owner);
    expect([reply.status, reply.body, reply.headers.get('retry-after')]).toEqual([
      503,
      { message: 'No AI provider is configured for this workspace.', code: 'AI_NOT_CONFIGURED' },
      '3600',
    ]);
  });

  const BROKEN = 'AI generation failed: the answer of the provider could not be understood.';
  const REFUSED = 'AI generation failed: the provider could not be reached or refused the request.';
  it.each([
    ['HTML', raw('<html>Hello</html>', 200, { 'content-type': 'text/html' }), BROKEN],
    ['broken JSON', raw('{"choices":[{"message":{"content":"Hi'), BROKEN],
    ['no content', says(null, { tool_calls: [{ function: { name: 'delete_contact' } }] }), BROKEN],
    ['content that is no text', says({ text: 'Hi' }), BROKEN],
    ['a reply that is all image', says('![x](https://evil.example/?q=secret)'), BROKEN],
    ['9 MB', raw(`{"x":"${'a'.repeat(9 * 1024 * 1024)}"}`), BROKEN],
    ['a redirect inward', raw('', 302, { location: 'http://127.0.0.1:1/' }), REFUSED],
    ['401', raw(`{"error":"Incorrect API key ${PROVIDER_KEY}"}`, 401), REFUSED],
    ['429', raw('slow down', 429, { 'retry-after': '0' }), 'AI generation failed: the provider is overloaded.'],
    ['500', raw('oops', 500, { 'retry-after': '0' }), 'AI generation failed: the provider is overloaded.'],
  ])('that answers %s has failed, and what it says is not shown', async (_, answer, message) => {
    const { owner, uuid } = await given.team();
    await useAi(owner, ai);
    ai.answer = answer;
    const count = ai.all.length;
    const reply = await generate(owner);
    expect([reply.status, reply.body]).toEqual([500, { message, code: 'AI_FAILED' }]);
    expect(ai.all.length - count).toBe(/overloaded/.test(message) ? 2 : 1);
    const [used] = await sql('SELECT calls, failed FROM ai_usage WHERE client_id = $1', uuid);
    const isCleaned = message === BROKEN && /image/.test(_);
    expect(used).toEqual({ calls: 1, failed: isCleaned ? 0 : 1 });
  });

  it('that is gone has failed', async () => {
    const { owner } = await given.team();
    const gone = await aiServer();
    await gone.close();
    await useAi(owner, ai, { base_url: gone.url });
    expect((await generate(owner)).body).toEqual({ message: REFUSED, code: 'AI_FAILED' });
  });

  it('is tried twice', async () => {
    const { owner } = await given.team();
    await useAi(owner, ai);
    ai.answer = (...of) => {
      ai.answer = says('Second.');
      raw('', 503, { 'retry-after': '0' })(...of);
    };
    expect((await replyOf(owner)).reply).toBe('Second.');
  });

  it('that says a megabyte, its key, HTML, images or links of strangers is cut and cleaned', async () => {
    const { owner, uuid } = await given.team();
    await useAi(owner, ai);
    await sql(`UPDATE clients SET domain = 'acme.example' WHERE id = $1`, uuid);
    await makeDocument(owner, 'Orders', 'Where is my order? See https://track.example/orders for it.');
    ai.answer = says(
      `<p onclick="x()">See https://track.example/orders, https://shop.acme.example/a and www.acme.example.</p>
<img src=https://evil.example/pixel> ![a](https://evil.example/b) [pay](https://evil.example/c)
https://evil.example/?leak=1 evil.example/d javascript:alert(1) https://acme.example@evil.example/ ${PROVIDER_KEY}<script>alert(1)</script>`,
    );
    const { reply } = (await replyOf(owner)) as { reply: string };
    expect(reply).toContain('https://track.example/orders, https://shop.acme.example/a and www.acme.example.');
    expect(reply).toContain('pay');
    expect(reply).not.toMatch(/evil|javascript|<|onclick|planted/);
    ai.answer = says('a'.repeat(1_000_000));
    expect(((await replyOf(owner)) as { reply: string }).reply).toHaveLength(16_000);
  });

  it('is asked no more once the month’s tokens are used, which is told once', async () => {
    const { owner } = await given.team();
    await useAi(owner, ai, { monthly_token_limit: 200 });
    ai.answer = says('Yes.');
    await replyOf(owner);
    await replyOf(owner);
    const count = ai.all.length;
    const reply = await generate(owner);
    expect([reply.status, reply.body]).toEqual([
      429,
      { message: 'The monthly AI token limit of this workspace is reached.', code: 'AI_LIMIT_REACHED' },
    ]);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(ai.all.length).toBe(count);
    expect((await sentimentOf(owner, { text: 'I love it, thanks!' })).provider).toBe('local');
    await useAi(owner, ai, { monthly_token_limit: 1_000 });
    await replyOf(owner);
  });
});

it('A conversation of another workspace is refused', async () => {
  const [mine, theirs] = [await given.inbox(), await given.inbox()];
  await theirs.hear('Hi');
  await theirs.hear('Hi', 2);
  await mine.hear('Hi');
  await useAi(mine.owner, ai);
  const [foreign] = (await list(theirs.owner)) as unknown as [{ uuid: string; id: number }];
  const count = ai.all.length;
  for (const conversation_id of [foreign.uuid, foreign.id]) {
    for (const path of ['generate-reply', 'analyze-sentiment']) {
      expect(await mine.owner.send('POST', `/ai/${path}`, { conversation_id })).toEqual(refused('conversation_id'));
    }
  }
  expect(ai.all.length).toBe(count);
});

describe('A sentiment', () => {
  it('is what a model reads in a text', async () => {
    const { owner } = await given.team();
    await useAi(owner, ai);
    ai.answer = says(
      'Sure: {"sentiment":"negative","score":-0.9,"emotions":["anger","<b>"],"urgency":"high","language":"de","confidence":0.9}',
    );
    const body = { text: 'Ich bin sauer!' };
    expect(must(await owner.api.POST('/api/v1/ai/analyze-sentiment', { body })).data).toEqual({
      ...{ sentiment: 'negative', score: -0.9, emotions: ['anger'], urgency: 'high', language: 'de' },
      ...{ confidence: 0.9, provider: 'openai_compatible', model: 'small' },
    });
    expect(last().roles).toEqual(['system', 'user']);
    expect(last().system).not.toContain('sauer');
  });

  it.each([
    ['nonsense', says('I can not say.')],
    ['a score of 7', says('{"sentiment":"positive","score":7}')],
    ['an error', raw('', 400)],
  ])('is read locally where a model answers %s', async (_, answer) => {
    const { owner } = await given.team();
    await useAi(owner, ai);
    ai.answer = answer;
    expect(await sentimentOf(owner, { text: 'This is wonderful, thank you so much!' })).toMatchObject({
      ...{ sentiment: 'positive', provider: 'local', model: 'vader-sentiment', language: 'en' },
    });
  });

  it('of a conversation is that of what the contact said', async () => {
    const inbox = await given.inbox();
    await inbox.hear('This is terrible, and you are the worst shop. I hate it!');
    const [{ id }] = (await list(inbox.owner)) as unknown as [{ id: number }];
    await post(inbox.owner, `${id}/reply`, { body: 'Wonderful, great, thank you, we love it!' });
    expect(await sentimentOf(inbox.owner, { conversation_id: id })).toMatchObject({
      sentiment: 'negative',
      provider: 'local',
    });
  });

  it.each<[string, object, string]>([
    ['nothing', {}, 'text'],
    ['10,001 characters', { text: 'x'.repeat(10_001) }, 'text'],
    ['a text and a conversation', { text: 'x', conversation_id: 1 }, 'text'],
    ['an unknown conversation', { conversation_id: 4_242 }, 'conversation_id'],
  ])('refuses %s', async (_, body, field) => {
    const { owner } = await given.team();
    const { status, body: said } = await owner.send('POST', '/ai/analyze-sentiment', body);
    expect([status, Object.keys((said as { errors: object }).errors)]).toEqual([422, expect.arrayContaining([field])]);
  });
});
