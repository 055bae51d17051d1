import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setAi, useAi } from '../support/ai.js';
import { aiServer, raw, says, silent, type AiServer } from '../support/ai-server.js';
import { makeContact } from '../support/contacts.js';
import { accepted } from '../support/given.js';
import { givenInboxes, list, show } from '../support/inbox.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import {
  activeWorkflow,
  definitionOf,
  executionOf,
  givenRuns,
  makeWorkflow,
  passTime,
  type ShownExecution,
} from '../support/workflows.js';

beforeAll(ownDatabase);
const web = useServer(() => startServer({ LIMIT_API: 'off', UI_RATE_LIMIT: 'off' }));
const given = givenInboxes(() => web);
type Inbox = Awaited<ReturnType<typeof given.inbox>>;
let inbox: Inbox;
let by: Inbox['owner'];
let ai: AiServer;
let worker: ServerProcess;
const work = (): Promise<ServerProcess> =>
  startProcess({ ROLE: 'worker', DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' });
beforeAll(async () => {
  ai = await aiServer();
  inbox = await given.inbox();
  by = inbox.owner;
  await useAi(by, ai);
  worker = await work();
});
afterAll(async () => {
  await worker.end('SIGTERM');
  await ai.close();
});

const { inState, trigger } = givenRuns(() => by);
const AI = { id: 'ai', type: 'ai_reply' };
const flow = (mode?: string) => activeWorkflow(by, definitionOf([{ ...AI, ...(mode === undefined ? {} : { mode }) }]));
let heard = 0;
/** Somebody new, who asks something. */
const asker = async () => {
  heard += 1;
  await inbox.hear(`Where is order ${heard}?`, heard);
  const [{ id, contact }] = (await list(by)) as unknown as [{ id: number; contact: { id: number } }];
  return { conversation: id, contact: contact.id };
};
/** What the team said and noted. */
const told = async (conversation: number): Promise<unknown[]> =>
  (await show(by, conversation)).messages
    .filter(({ type }) => type === 'reply' || type === 'note')
    .map(({ type, body_text, body }) => [type, body_text ?? body]);
const stepOf = ({ steps: [step] }: ShownExecution) => step!;
const aiUse = async () => accepted(await by.send('GET', '/analytics/ai')).body.data as { replies_used: number };

describe('The step ai_reply', () => {
  it('notes for the team what a model writes: text, and no template', async () => {
    ai.answer = says('Dear {{first_name}}, <b>soon</b>: {{trigger.secret}}.');
    const { contact, conversation } = await asker();
    const { id } = await flow();
    const run = await inState(
      id,
      await trigger(id, { contact_id: contact, payload: { secret: 'planted' } }),
      'completed',
    );
    expect(await told(conversation)).toEqual([['note', 'Dear {{first_name}}, soon: {{trigger.secret}}.']]);
    expect(stepOf(run)).toMatchObject({
      ...{ type: 'ai_reply', status: 'completed', attempt: 1 },
      output: { note: expect.any(Number), model: 'small', tokens_used: 110 },
    });
    expect(ai.all.at(-1)!.user).toContain(`Where is order ${heard}?`);
    expect(ai.all.at(-1)!.text).not.toContain('planted');
    expect(await aiUse()).toMatchObject({ replies_generated: 1, replies_used: 0 });
  });

  it('sends it, where it is to, once, and it counts as used', async () => {
    ai.answer = says('Tomorrow, {{first_name}}.');
    const { contact, conversation } = await asker();
    const { id } = await flow('send');
    const run = await inState(id, await trigger(id, { contact_id: contact }), 'completed');
    expect(await told(conversation)).toEqual([['reply', 'Tomorrow, {{first_name}}.']]);
    expect(stepOf(run).output).toEqual({ message: expect.any(Number), model: 'small', tokens_used: 110 });
    expect(await aiUse()).toMatchObject({ replies_generated: 2, replies_used: 1 });
    expect(
      await sql(`SELECT automatic FROM replies WHERE client_id = $1 AND automatic = 'workflow'`, inbox.uuid),
    ).toHaveLength(1);
  });

  it('tells no model of who unsubscribed, nor where there is nobody to answer', async () => {
    ai.answer = says('Hello.');
    const smtp = { host: '127.0.0.1', port: 2525 };
    accepted(await by.send('POST', '/email-accounts', { email: 'shop@example.com', from_name: 'Shop', smtp }));
    const { id: contact } = await makeContact(by, { email: 'anna@example.org' });
    const begin = { contact_id: contact, channel: 'email', subject: 'Order', message: 'It is here.' };
    const { id: conversation } = accepted(await by.send('POST', '/conversations', begin)).body.data as { id: number };
    accepted(await by.send('POST', '/suppressions', { email: 'anna@example.org' }));
    const asked = ai.all.length;
    const { id } = await flow('send');
    const skipped = await inState(id, await trigger(id, { contact_id: contact }), 'completed');
    expect(stepOf(skipped)).toMatchObject({ status: 'skipped', output: { skipped: 'unsubscribed' } });
    const { id: nobody } = await makeContact(by);
    const failed = await inState(id, await trigger(id, { contact_id: nobody }), 'failed');
    expect(stepOf(failed)).toMatchObject({ attempt: 1, error: 'There is no conversation.' });
    expect(ai.all).toHaveLength(asked);
    const { id: noting } = await flow('note');
    await inState(noting, await trigger(noting, { contact_id: contact }), 'completed');
    expect(await told(conversation)).toEqual([
      ['reply', 'It is here.'],
      ['note', 'Hello.'],
    ]);
  });

  it('asks again where the model fails', async () => {
    ai.answer = raw('{}');
    const { contact, conversation } = await asker();
    const { id } = await flow();
    const number = await trigger(id, { contact_id: contact });
    const { uuid, steps } = await until(async () => {
      const run = await executionOf(by, id, number);
      return run.steps[0]?.status === 'retrying' ? run : null;
    });
    expect(steps).toMatchObject([
      { status: 'retrying', attempt: 1, error: expect.stringMatching(/^AI generation failed: /) },
    ]);
    ai.answer = says('At last.');
    await passTime(uuid);
    expect(stepOf(await inState(id, number, 'completed'))).toMatchObject({
      status: 'completed',
      attempt: 2,
      error: null,
    });
    expect(await told(conversation)).toEqual([['note', 'At last.']]);
  });

  it.each<[string, object]>([
    ['without a provider', { base_url: null }],
    ['beyond the limit of the month', { monthly_token_limit: 1 }],
  ])('fails at once, and says why, %s', async (_, settings) => {
    const team = await given.inbox();
    await useAi(team.owner, ai);
    await team.hear('Where is it?');
    const conversation = (await list(team.owner))[0]!.id;
    accepted(await team.owner.send('POST', '/ai/analyze-sentiment', { text: 'Hi' }));
    accepted(await setAi(team.owner, settings));
    const asked = ai.all.length;
    const runs = givenRuns(() => team.owner);
    const { id } = await activeWorkflow(team.owner, definitionOf([AI], { type: 'conversation.closed' }));
    const { steps } = accepted(
      await team.owner.send('POST', `/workflows/${id}/dry-run`, { conversation_id: conversation }),
    ).body.data as ShownExecution;
    const says = expect.stringMatching(/^No AI provider is configured|^The monthly AI token limit/);
    expect(steps).toEqual([{ id: 'ai', type: 'ai_reply', status: 'failed', output: null, error: says }]);
    accepted(await team.owner.send('POST', `/conversations/${conversation}/close`));
    const [run] = await runs.ended({ id });
    expect(run).toMatchObject({
      state: 'failed',
      reason: says,
      steps: [{ status: 'failed', attempt: 1, error: says }],
    });
    expect(ai.all).toHaveLength(asked);
  });

  it('is tried without asking anybody', async () => {
    const { conversation } = await asker();
    const asked = ai.all.length;
    const steps = ['note', 'send'].map((mode) => ({ ...AI, id: mode, mode }));
    const { id } = await makeWorkflow(by, definitionOf([...steps, AI]));
    const tried = accepted(await by.send('POST', `/workflows/${id}/dry-run`, { conversation_id: conversation }));
    expect((tried.body.data as ShownExecution).steps.map(({ status, output }) => [status, output])).toEqual([
      ['completed', { mode: 'note' }],
      ['completed', { mode: 'send' }],
      ['completed', { mode: 'note' }],
    ]);
    expect(ai.all).toHaveLength(asked);
    expect(await told(conversation)).toEqual([]);
  });

  it('says nothing where the execution was cancelled while the model wrote', async () => {
    let answer!: () => void;
    ai.answer = (...of) => (answer = () => says('Too late.')(...of));
    const { contact, conversation } = await asker();
    const { id } = await flow('send');
    const asked = ai.all.length;
    const number = await trigger(id, { contact_id: contact });
    await ai.asked(asked + 1);
    accepted(await by.send('POST', `/workflows/${id}/executions/${number}/cancel`));
    answer();
    // It ends when all that it was at is done.
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await told(conversation)).toEqual([]);
    expect(await executionOf(by, id, number)).toMatchObject({ state: 'cancelled', steps: [] });
    worker = await work();
  });

  it('answers once where the worker is killed while the model writes', async () => {
    ai.answer = silent;
    const { contact, conversation } = await asker();
    const { id } = await flow('send');
    const asked = ai.all.length;
    const number = await trigger(id, { contact_id: contact });
    await ai.asked(asked + 1);
    await worker.end('SIGKILL');
    ai.answer = says('From the other.');
    worker = await work();
    expect((await inState(id, number, 'completed')).steps).toMatchObject([{ status: 'completed', attempt: 1 }]);
    expect(await told(conversation)).toEqual([['reply', 'From the other.']]);
  });
});
