import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeContact, makeTag, refused } from '../support/contacts.js';
import { accepted } from '../support/given.js';
import { givenInboxes, list, show } from '../support/inbox.js';
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
  type ShownWorkflow,
} from '../support/workflows.js';

const UNLIMITED = { UI_RATE_LIMIT: 'off', LIMIT_API: 'off', RATE_LIMIT: 'off' };
beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', ...UNLIMITED }));
const given = givenInboxes(() => server);
type Inbox = Awaited<ReturnType<typeof given.inbox>>;
let inbox: Inbox;
let by: Inbox['owner'];
beforeAll(async () => {
  inbox = await given.inbox();
  by = inbox.owner;
});

const { ended, inState, trigger, pause } = givenRuns(() => by);
const contactOf = async (id: number) => accepted(await by.send('GET', `/contacts/${id}`)).body.data;
const tagsOf = async (id: number): Promise<string[]> =>
  ((await contactOf(id)).tags as { name: string }[]).map(({ name }) => name).sort();

describe('Steps', () => {
  it('change a contact, in the commit of their log', async () => {
    const tag = await makeTag(by, 'New');
    const workflow = await activeWorkflow(
      by,
      definitionOf(
        [
          { id: 'tag', type: 'add_tag', tag_id: tag.id },
          { id: 'score', type: 'set_field', field: 'lead_score', value: 50 },
          { id: 'plan', type: 'set_field', field: 'custom.plan', value: 'for {{first_name}}' },
          {
            id: 'which',
            type: 'branch',
            if: {
              all: [
                { field: 'lead_score', op: 'gte', value: 50 },
                { field: 'tag', op: 'in', value: [tag.id] },
              ],
            },
            then: 'end',
            else: 'not',
          },
          { id: 'not', type: 'set_field', field: 'city', value: 'Nowhere' },
        ],
        { type: 'contact.created' },
        { conditions: { field: 'company', op: 'is_not_set' } },
      ),
    );
    const { id } = await makeContact(by, { first_name: 'Eve' });
    const [run] = await ended(workflow);
    expect(run).toMatchObject({
      state: 'completed',
      contact_id: id,
      trigger: { type: 'contact.created' },
      reason: null,
    });
    expect(run!.steps.map(({ id: step, status, output }) => [step, status, output])).toEqual([
      ['tag', 'completed', { changed: true }],
      ['score', 'completed', { lead_score: 50 }],
      ['plan', 'completed', { 'custom.plan': 'for Eve' }],
      ['which', 'completed', { held: true, to: 'end' }],
    ]);
    expect(await contactOf(id as number)).toMatchObject({
      ...{ lead_score: 50, custom_fields: { plan: 'for Eve' }, city: null, tags: [{ name: 'New' }] },
    });
    await makeContact(by, { company: 'Acme' });
    expect((await ended(workflow, 2))[0]).toMatchObject({ state: 'skipped', reason: 'conditions', steps: [] });
    await pause(workflow.id);
  });

  it('answer a message with what it says, and note, assign and close', async () => {
    const workflow = await activeWorkflow(
      by,
      definitionOf(
        [
          { id: 'answer', type: 'send_reply', body: 'We look after order {{trigger.match.1}}.' },
          { id: 'note', type: 'note', body: 'Said: {{trigger.text}}' },
          { id: 'assign', type: 'assign', user_id: by.user!.uuid },
          { id: 'close', type: 'close' },
        ],
        {
          type: 'message.received',
          channels: ['sms'],
          match: { keywords: ['refund'], regex: '(?i)order\\s+#?(\\d{4,})' },
        },
      ),
    );
    await inbox.hear('A refund, please');
    await inbox.hear('Refúnd of Order #12345!');
    const [run, ...others] = await ended(workflow);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ state: 'completed', trigger: { match: ['Order #12345', '12345'] } });
    const id = (await list(by))[0]!.id;
    const { data, messages } = await show(by, id);
    expect(data).toMatchObject({ status: 'closed', assigned_to: { name: expect.anything() } });
    const told = messages.filter(({ type }) => type !== 'activity').map(({ type, body_text }) => [type, body_text]);
    expect(told).toEqual([
      ['message', 'A refund, please'],
      ['message', 'Refúnd of Order #12345!'],
      ['reply', 'We look after order 12345.'],
      ['note', 'Said: Refúnd of Order #12345!'],
    ]);
    await pause(workflow.id);
  });

  it('that can not be done fail, and undo what they did', async () => {
    const tag = await makeTag(by, 'Doomed');
    const steps = [
      { id: 'tag', type: 'add_tag', tag_id: tag.id },
      { id: 'note', type: 'note', body: 'Nobody to note it of' },
    ];
    const workflow = await activeWorkflow(by, definitionOf(steps));
    const contact = (await makeContact(by)).id as number;
    accepted(await by.send('DELETE', `/tags/${tag.id as number}`));
    await trigger(workflow.id, { contact_id: contact });
    expect((await ended(workflow))[0]).toMatchObject({
      ...{ state: 'failed', reason: 'The tag is gone.' },
      steps: [{ id: 'tag', status: 'failed', error: 'The tag is gone.', attempt: 1 }],
    });
  });
});

describe('An execution', () => {
  it('waits, and goes on when its time is over, or where the contact writes', async () => {
    const workflow = await activeWorkflow(
      by,
      definitionOf([
        { id: 'wait', type: 'wait', for: 'P2D', until: 'contact_replied', then: 'wrote' },
        { id: 'silent', type: 'set_field', field: 'city', value: 'Silent', next: 'end' },
        { id: 'wrote', type: 'set_field', field: 'city', value: 'Wrote' },
      ]),
    );
    await inbox.hear('Hi', 7);
    const [{ contact }] = (await list(by)) as unknown as [{ contact: { id: number } }];
    const first = await trigger(workflow.id, { contact_id: contact.id });
    await inState(workflow.id, first, 'waiting');
    await inbox.hear('Here I am', 7);
    const came = await inState(workflow.id, first, 'completed');
    expect(came.steps.map(({ id, status, output }) => [id, status, output])).toEqual([
      ['wait', 'completed', { came: true }],
      ['wrote', 'completed', { city: 'Wrote' }],
    ]);
    const second = await trigger(workflow.id, { contact_id: contact.id });
    const { uuid } = await inState(workflow.id, second, 'waiting');
    await passTime(uuid);
    expect((await inState(workflow.id, second, 'completed')).steps.map(({ id }) => id)).toEqual(['wait', 'silent']);
  });

  it('stands still while its workflow is paused, goes by its own version, and ends where it is cancelled', async () => {
    const wait = { id: 'wait', type: 'wait', for: 'P2D' };
    const city = (value: string) => ({ id: 'city', type: 'set_field', field: 'city', value });
    const { id } = await activeWorkflow(by, definitionOf([wait, city('Old')]));
    const contact = (await makeContact(by)).id as number;
    const run = await trigger(id, { contact_id: contact });
    const { uuid } = await inState(id, run, 'waiting');
    accepted(await by.send('PUT', `/workflows/${id}`, { definition: definitionOf([wait, city('New')]) }));
    await pause(id);
    await passTime(uuid);
    await until(
      async () =>
        (await executionOf(by, id, run)) &&
        (await sql('SELECT wake_at FROM executions WHERE id = $1', uuid))[0]!.wake_at === null,
    );
    expect((await contactOf(contact)).city).toBeNull();
    accepted(await by.send('POST', `/workflows/${id}/activate`));
    await inState(id, run, 'completed');
    expect((await contactOf(contact)).city).toBe('Old');
    const other = await trigger(id, { contact_id: contact });
    await inState(id, other, 'waiting');
    const cancel = () => by.send('POST', `/workflows/${id}/executions/${other}/cancel`);
    expect(accepted(await cancel()).body.data).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
    expect((await cancel()).body).toEqual({ message: 'The execution has ended already.' });
    expect((await by.send('GET', `/workflows/${id}/executions/99999`)).body).toEqual({
      message: 'Execution not found.',
    });
  });

  it('ends when its contact is erased, and knows nothing of it any more', async () => {
    const { id } = await activeWorkflow(by, definitionOf([{ id: 'wait', type: 'wait', for: 'P2D' }]));
    const contact = (await makeContact(by)).id as number;
    const run = await trigger(id, { contact_id: contact, payload: { secret: 'Eve' } });
    await inState(id, run, 'waiting');
    accepted(await by.send('DELETE', `/contacts/${contact}`));
    const erased = await executionOf(by, id, run);
    expect(erased).toMatchObject({ state: 'cancelled', reason: 'contact_erased', contact_id: null, trigger: {} });
    expect(erased.steps.every(({ output }) => output === null)).toBe(true);
  });

  it('is not begun while one runs for the contact, nor again where it may only once', async () => {
    const wait = definitionOf([{ id: 'wait', type: 'wait', for: 'P2D' }]);
    const { id } = await activeWorkflow(by, wait);
    const contact = (await makeContact(by)).id as number;
    await inState(id, await trigger(id, { contact_id: contact }), 'waiting');
    await inState(id, await trigger(id, { contact_id: contact }), 'skipped');
    const once = await activeWorkflow(
      by,
      definitionOf([{ id: 'x', type: 'set_field', field: 'city', value: 'X' }], undefined, { reentry: 'once' }),
    );
    await inState(once.id, await trigger(once.id, { contact_id: contact }), 'completed');
    expect(await inState(once.id, await trigger(once.id, { contact_id: contact }), 'skipped')).toMatchObject({
      reason: 'reentry',
    });
    const draft = await makeWorkflow(by, wait);
    expect(await inState(draft.id, await trigger(draft.id), 'skipped')).toMatchObject({ reason: 'inactive' });
    expect(await by.send('POST', `/workflows/${id}/trigger`, { contact_id: 99_999 })).toEqual(refused('contact_id'));
  });
});

describe('What leads to one another', () => {
  it('stops: A tags, B untags and tags, A is not begun again', async () => {
    const [a, b] = [await makeTag(by, 'Ping'), await makeTag(by, 'Pong')];
    const on = (type: string, tag: unknown) => ({ type, tag_ids: [tag] });
    const pinged = await activeWorkflow(
      by,
      definitionOf([{ id: 'pong', type: 'add_tag', tag_id: b.id }], on('contact.tagged', a.id)),
    );
    const ponged = await activeWorkflow(
      by,
      definitionOf(
        [
          { id: 'untag', type: 'remove_tag', tag_id: a.id },
          { id: 'again', type: 'add_tag', tag_id: a.id },
        ],
        on('contact.tagged', b.id),
      ),
    );
    const { id } = await makeContact(by, { tag_ids: [a.id] });
    const runs = await ended(pinged, 2);
    expect(runs.map(({ state, reason }) => [state, reason])).toEqual([
      ['skipped', 'loop'],
      ['completed', null],
    ]);
    expect((await ended(ponged)).map(({ state }) => state)).toEqual(['completed']);
    expect(await tagsOf(id as number)).toEqual(['Ping', 'Pong']);
    await Promise.all([pause(pinged.id), pause(ponged.id)]);
    expect(await sql('SELECT id FROM workflow_events')).toEqual([]);
  });

  it('stops at three workflows in a row', async () => {
    const tags = await Promise.all(['1', '2', '3', '4', '5'].map((name) => makeTag(by, `Row ${name}`)));
    const workflows: ShownWorkflow[] = [];
    for (const [at, tag] of tags.slice(0, 4).entries()) {
      const step = { id: 'next', type: 'add_tag', tag_id: tags[at + 1]!.id };
      workflows.push(await activeWorkflow(by, definitionOf([step], { type: 'contact.tagged', tag_ids: [tag.id] })));
    }
    const { id } = await makeContact(by, { tag_ids: [tags[0]!.id] });
    expect((await ended(workflows[3]!))[0]).toMatchObject({ state: 'skipped', reason: 'loop' });
    expect(await tagsOf(id as number)).toEqual(['Row 1', 'Row 2', 'Row 3', 'Row 4']);
    await Promise.all(workflows.map((one) => pause(one.id)));
  });

  it('is limited for each contact', async () => {
    const { id } = await activeWorkflow(by, definitionOf([{ id: 'x', type: 'set_field', field: 'city', value: 'X' }]));
    const { id: contact, uuid } = (await makeContact(by)) as { id: number; uuid: string };
    const [{ client_id, workflow_id }] = (await sql(
      `SELECT client_id, id AS workflow_id FROM workflows WHERE number = $1 AND client_id = $2`,
      ...[id, inbox.uuid],
    )) as [{ client_id: string; workflow_id: string }];
    await sql(
      `INSERT INTO executions (client_id, id, number, workflow_id, version, event, state, contact_id)
       SELECT $1, gen_random_uuid(), 100000 + n, $2, 1, 'before ' || n, 'completed', $3 FROM generate_series(1, 100) n`,
      ...[client_id, workflow_id, uuid],
    );
    expect(await inState(id, await trigger(id, { contact_id: contact }), 'skipped')).toMatchObject({ reason: 'limit' });
    expect(
      (await sql('SELECT throttled_at FROM workflows WHERE id = $1', workflow_id))[0]!.throttled_at,
    ).not.toBeNull();
  });
});

it('A pattern that hangs others finds its end at once', async () => {
  const workflow = await activeWorkflow(
    by,
    definitionOf([{ id: 'note', type: 'note', body: 'x' }], { type: 'message.received', match: { regex: '^(a+)+$' } }),
  );
  await inbox.hear(`${'a'.repeat(1_500)}!`, 3);
  await inbox.hear('aaa', 3);
  expect((await ended(workflow)).map(({ trigger: { text } }) => text)).toEqual(['aaa']);
  await pause(workflow.id);
});
