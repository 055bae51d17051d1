import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { generate, makeDocument, PROVIDER_KEY, replyOf, setAi, useAi } from '../../support/ai.js';
import { aiServer, says, silent, type AiServer } from '../../support/ai-server.js';
import { givenTeams } from '../../support/engagement.js';
import { accepted, testClient } from '../../support/given.js';
import { endpointByName } from '../../support/inbox-events.js';
import { readDocument } from '../../support/knowledge.js';
import { startProcess, type ServerProcess } from '../../support/process.js';
import { receiver } from '../../support/receiver.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { inWorkspace } from '../../support/users.js';

const OPERATORS_KEY = 'sk-of-the-operator';

let ai: AiServer;
let server: ServerProcess;
beforeAll(async () => {
  await ownDatabase();
  ai = await aiServer();
  server = await startProcess({
    ...{ DATABASE_URL: process.env.TEST_DATABASE_URL!, ROLE: 'all', UI_RATE_LIMIT: 'off', LIMIT_API: 'off' },
    ...{ AI_BASE_URL: ai.url, AI_API_KEY: OPERATORS_KEY, AI_CHAT_MODEL: 'ours', AI_EMBEDDING_MODEL: 'our-vectors' },
    ...{ AI_INPUT_PRICE: '1000000', AI_MONTHLY_TOKEN_LIMIT: '500', AI_LOG: 'on', LOG_LEVEL: 'info', AI_TIMEOUT: '1' },
  });
});
afterAll(async () => {
  await server.end('SIGTERM');
  await ai.close();
});
const given = givenTeams(() => server);

it('The installation’s provider writes and searches for whoever has none, and is not shown', async () => {
  const { owner } = await given.team();
  const id = await makeDocument(owner, 'Delivery', 'Your order comes tomorrow.');
  await readDocument(owner, { id });
  ai.answer = says('Tomorrow.');
  expect(await replyOf(owner)).toMatchObject({ reply: 'Tomorrow.', model: 'ours', cost: 100, retrieval: 'vector' });
  const asked = ai.all.slice(-2).map(({ path, authorization, model }) => [path, authorization, model]);
  expect(asked).toEqual([
    ['/v1/embeddings', `Bearer ${OPERATORS_KEY}`, 'our-vectors'],
    ['/v1/chat/completions', `Bearer ${OPERATORS_KEY}`, 'ours'],
  ]);
  const shown = accepted(await owner.send('GET', '/ai/settings'));
  expect(shown.body.data).toMatchObject({
    ...{ source: 'installation', base_url: null, has_api_key: true, chat_model: 'ours', input_price: 1_000_000 },
    monthly_token_limit: 500,
  });
  expect(shown.text).not.toContain(OPERATORS_KEY);
  expect(shown.text).not.toContain(ai.url);
  // A workspace may want less of it than the operator allows, and not more.
  for (const [wanted, is] of [
    [200, 200],
    [10_000, 500],
  ]) {
    expect(accepted(await setAi(owner, { monthly_token_limit: wanted })).body.data.monthly_token_limit).toBe(is);
  }
});

it('A provider that says nothing has failed after AI_TIMEOUT, tokens asked for are counted, and the next is served', async () => {
  const { owner, uuid } = await given.team();
  ai.answer = silent;
  const count = ai.all.length;
  const reply = await generate(owner);
  expect([reply.status, reply.body]).toEqual([
    500,
    { message: 'AI generation failed: the provider did not answer in time.', code: 'AI_FAILED' },
  ]);
  expect(ai.all.length - count).toBe(1);
  const [used] = await sql('SELECT calls, failed, tokens_in > 0 AS asked FROM ai_usage WHERE client_id = $1', uuid);
  expect(used).toEqual({ calls: 1, failed: 1, asked: true });
  ai.answer = says('Here again.');
  expect((await replyOf(owner)).reply).toBe('Here again.');
});

it('That a month’s tokens are used is told to endpoints once', async () => {
  const [{ owner, uuid, workspace, key }, hook] = [await given.team(), await receiver()];
  accepted(await owner.user!.send('PATCH', inWorkspace(workspace), { domain: 'example.com' }));
  const program = testClient(server.url, uuid, workspace.publicKey, (await key()).token);
  await endpointByName(program, server.url, hook.url, ['ai.limit_reached', 'document.ready']);
  await useAi(owner, ai, { monthly_token_limit: 150 });
  ai.answer = says('Yes.');
  await replyOf(owner);
  await replyOf(owner);
  for (let tries = 0; tries < 2; tries += 1) {
    expect((await generate(owner)).body).toMatchObject({ code: 'AI_LIMIT_REACHED' });
  }
  // What is told after it shows that it was not told again.
  await makeDocument(owner, 'Last', 'The end.');
  const events = (await hook.got(2)).map(({ body }) => body as { type: string; data: object });
  expect(events.map(({ type }) => type)).toEqual(['ai.limit_reached', 'document.ready']);
  expect(events[0]!.data).toEqual({
    month: expect.stringMatching(/^\d{4}-\d{2}$/),
    tokens_used: 220,
    monthly_token_limit: 150,
  });
});

it('With AI_LOG what is said to models and by them stands in the log, and no key does', async () => {
  const { owner } = await given.team();
  await useAi(owner, ai);
  ai.answer = says(`It is blue, says ${PROVIDER_KEY}.`);
  await replyOf(owner, { message: 'Which colour is a marmot?' });
  await until(() => server.output().includes('It is blue'));
  expect(server.output()).toContain('Which colour is a marmot?');
  expect(server.output()).not.toMatch(/sk-planted|sk-of-the-operator/);
});
