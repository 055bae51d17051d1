import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CampaignShop } from '../support/campaigns.js';
import { makeContact } from '../support/contacts.js';
import { accepted, testClient } from '../support/given.js';
import { endpointByName } from '../support/inbox-events.js';
import { givenInboxes, list, show, type Conversation } from '../support/inbox.js';
import { MailServer } from '../support/mail-server.js';
import { receiver } from '../support/receiver.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { inWorkspace } from '../support/users.js';
import { activeWorkflow, definitionOf, givenRuns } from '../support/workflows.js';

const UNLIMITED = { UI_RATE_LIMIT: 'off', LIMIT_API: 'off', RATE_LIMIT: 'off' };
beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', ...UNLIMITED }));
const given = givenInboxes(() => server);
const mails = new MailServer();
type Inbox = Awaited<ReturnType<typeof given.inbox>>;
let inbox: Inbox;
let by: Inbox['owner'];
beforeAll(async () => {
  inbox = await given.inbox();
  by = inbox.owner;
  await new CampaignShop(inbox, mails).open();
});
afterAll(() => mails.stop());

const { ended, inState, trigger, pause } = givenRuns(() => by);
const talksOf = (contact: unknown): Promise<readonly Conversation[]> => list(by, `?contact_id=${contact as number}`);
const saidIn = async (talk: Conversation): Promise<unknown[]> =>
  (await show(by, talk.id)).messages
    .filter(({ type }) => type === 'reply')
    .map(({ body_text, body }) => body_text ?? body);

describe('A step', () => {
  it('send_email begins a conversation by a mail that says that nobody wrote it', async () => {
    const { id: contact } = await makeContact(by, { first_name: 'Anna', email: 'anna@example.org' });
    const step = { id: 'mail', type: 'send_email', subject: 'About {{trigger.order}}', body: 'Hi {{first_name}}!' };
    const { id } = await activeWorkflow(by, definitionOf([step]));
    const run = await inState(id, await trigger(id, { contact_id: contact, payload: { order: 'A7' } }), 'completed');
    const { headers, text } = await mails.next('anna@example.org');
    expect(headers).toMatch(/^Subject: About A7$/m);
    expect(headers).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(text).toContain('Hi Anna!');
    const [talk, ...others] = await talksOf(contact);
    expect(others).toEqual([]);
    expect(talk).toMatchObject({ channel: 'email', subject: 'About A7', assigned_to: null });
    expect(await saidIn(talk!)).toEqual(['Hi Anna!']);
    expect(run.steps).toMatchObject([{ status: 'completed', output: { conversation: talk!.id } }]);
  });

  it('send_email writes to nobody who unsubscribed', async () => {
    const { id: contact } = await makeContact(by, { email: 'gone@example.org' });
    accepted(await by.send('POST', '/suppressions', { email: 'gone@example.org' }));
    const { id } = await activeWorkflow(
      by,
      definitionOf([{ id: 'mail', type: 'send_email', subject: 'Hi', body: 'Hi' }]),
    );
    const run = await inState(id, await trigger(id, { contact_id: contact }), 'completed');
    expect(run.steps).toMatchObject([{ status: 'skipped', output: { skipped: 'unsubscribed' } }]);
    expect(await talksOf(contact)).toEqual([]);
  });

  it('send_sms writes to the phone, again in the same conversation, and fails without one', async () => {
    const { id: contact } = await makeContact(by, { first_name: 'Bob', phone: '+14155552999' });
    const { id: phoneless } = await makeContact(by);
    const steps = ['First', 'Second'].map((body) => ({
      id: body.toLowerCase(),
      type: 'send_sms',
      body: `${body}, {{first_name}}`,
    }));
    const { id } = await activeWorkflow(by, definitionOf(steps));
    await inState(id, await trigger(id, { contact_id: contact }), 'completed');
    const [talk, ...others] = await talksOf(contact);
    expect(others).toEqual([]);
    expect(talk).toMatchObject({ channel: 'sms' });
    expect(await saidIn(talk!)).toEqual(['First, Bob', 'Second, Bob']);
    const failed = await inState(id, await trigger(id, { contact_id: phoneless }), 'failed');
    expect(failed.steps).toMatchObject([{ id: 'first', status: 'failed', attempt: 1 }]);
  });

  it.each(['pending', 'closed', 'spam', 'open'])('set_status makes a conversation %s', async (status) => {
    await inbox.hear('Hi');
    const [talk] = (await list(by)) as unknown as [{ id: number; contact: { id: number } }];
    const other = status === 'open' ? 'pending' : 'open';
    accepted(await by.send('PATCH', `/conversations/${talk.id}`, { status: other }));
    const { id } = await activeWorkflow(by, definitionOf([{ id: 'status', type: 'set_status', status }]));
    const run = await inState(id, await trigger(id, { contact_id: talk.contact.id }), 'completed');
    expect(run.steps).toMatchObject([{ status: 'completed', output: { status } }]);
    expect((await show(by, talk.id)).data).toMatchObject({ status });
  });
});

describe('Conditions over custom fields', () => {
  const custom = (field: string, op: string, value?: unknown) => ({
    ...{ field: `custom.${field}`, op },
    ...(value === undefined ? {} : { value }),
  });
  it.each<readonly [object, object, object]>([
    [custom('plan', 'is', 'pro'), { plan: 'pro' }, { plan: 'free' }],
    [custom('seats', 'gt', 9), { seats: 10 }, { seats: 9 }],
    [custom('is_partner', 'is', true), { is_partner: true }, { is_partner: false }],
    [custom('plan', 'is_not_set'), { seats: 1 }, { plan: 'pro' }],
    [{ not: custom('plan', 'contains', 'pro') }, {}, { plan: 'all pro' }],
  ])('%j let in %j and not %j', async (conditions, inside, outside) => {
    const step = { id: 'score', type: 'set_field', field: 'lead_score', value: 7 };
    const workflow = await activeWorkflow(by, definitionOf([step], { type: 'contact.created' }, { conditions }));
    const { id } = await makeContact(by, { custom_fields: inside });
    const { id: other } = await makeContact(by, { custom_fields: outside });
    expect((await ended(workflow, 2)).map(({ contact_id, state, reason }) => [contact_id, state, reason])).toEqual([
      [other, 'skipped', 'conditions'],
      [id, 'completed', null],
    ]);
    await pause(workflow.id);
  });

  it('lead a branch, also by what a step before it set', async () => {
    const steps = [
      { id: 'plan', type: 'set_field', field: 'custom.plan', value: '{{trigger.plan}}' },
      { id: 'which', type: 'branch', if: custom('plan', 'is', 'pro'), then: 'pro', else: 'free' },
      { id: 'pro', type: 'set_field', field: 'city', value: 'Pro', next: 'end' },
      { id: 'free', type: 'set_field', field: 'city', value: 'Free' },
    ];
    const { id } = await activeWorkflow(by, definitionOf(steps));
    for (const [plan, taken] of [
      ['pro', 'pro'],
      ['none', 'free'],
    ] as const) {
      const { id: contact } = await makeContact(by);
      const run = await inState(id, await trigger(id, { contact_id: contact, payload: { plan } }), 'completed');
      expect(run.steps.map((step) => step.id)).toEqual(['plan', 'which', taken]);
    }
  });
});

it('What becomes of workflows is told to an endpoint that asks for it, once', async () => {
  const [{ owner, uuid, workspace, key }, hook] = [await given.team(), await receiver()];
  accepted(await owner.user!.send('PATCH', inWorkspace(workspace), { domain: 'example.com' }));
  const program = testClient(server.url, uuid, workspace.publicKey, (await key()).token);
  const types = [
    'workflow.activated',
    'workflow.paused',
    'workflow.throttled',
    'execution.completed',
    'execution.failed',
  ];
  await endpointByName(program, server.url, hook.url, types);
  const runs = givenRuns(() => owner);
  const steps = [
    { id: 'has', type: 'branch', if: { field: 'trigger.fails', op: 'is', value: true }, then: 'note', else: 'city' },
    { id: 'city', type: 'set_field', field: 'city', value: 'X', next: 'end' },
    { id: 'note', type: 'note', body: 'Of no conversation' },
  ];
  const workflow = await activeWorkflow(owner, definitionOf(steps));
  const { id: contact, uuid: person } = (await makeContact(owner)) as { id: number; uuid: string };
  const done = await runs.trigger(workflow.id, { contact_id: contact });
  await runs.inState(workflow.id, done, 'completed');
  const failed = await runs.trigger(workflow.id, { contact_id: contact, payload: { fails: true } });
  await runs.inState(workflow.id, failed, 'failed');
  await sql(
    `INSERT INTO executions (client_id, id, number, workflow_id, version, event, state, contact_id)
     SELECT $1, gen_random_uuid(), 100000 + n, $2, 1, 'before ' || n, 'completed', $3 FROM generate_series(1, 100) n`,
    ...[uuid, workflow.uuid, person],
  );
  for (let times = 0; times < 2; times += 1) {
    await runs.inState(workflow.id, await runs.trigger(workflow.id, { contact_id: contact }), 'skipped');
  }
  await runs.pause(workflow.id);
  await hook.until((all) => all.some(({ body }) => (body as { type: string }).type === 'workflow.paused'));
  const told = hook.all.map(({ body }) => body as { type: string; data: Record<string, unknown> });
  // Of a workflow they say what it is when they are sent.
  expect(told.map(({ type, data: { id, state } }) => [type, id, state])).toEqual([
    ['workflow.activated', workflow.id, undefined],
    ['execution.completed', done, 'completed'],
    ['execution.failed', failed, 'failed'],
    ['workflow.throttled', workflow.id, undefined],
    ['workflow.paused', workflow.id, undefined],
  ]);
  await hook.close();
});
