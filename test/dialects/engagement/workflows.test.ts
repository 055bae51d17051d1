import { beforeAll, describe, expect, it } from '@jest/globals';
import type { components } from '../../../client/schema-engagement.d.js';
import { makeTag, refused } from '../../support/contacts.js';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted, must } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { definitionOf, makeWorkflow } from '../../support/workflows.js';

type WorkflowTemplate = components['schemas']['WorkflowTemplate'];

const server = useServer();
const given = givenTeams(() => server);
const PATH = '/workflows';
const NOTE = { id: 'a', type: 'note', body: 'Hi' };
let team: TestTeam;
let ann: TestCaller;
let key: TestCaller;
let tag: number;
beforeAll(async () => {
  team = await given.team();
  [ann, key] = [await team.token('agent', ['workflows', 'contacts']), await team.key()];
  tag = (await makeTag(key, 'VIP')).id as number;
});

describe('A workflow', () => {
  it('is made, shown, changed, activated, paused and deleted by the generated client', async () => {
    const { api } = (await given.team()).owner;
    const definition = definitionOf([NOTE], { type: 'contact.created' });
    const { data } = must(
      await api.POST('/api/v1/workflows', { body: { name: 'A', definition: definition as never } }),
    );
    const moment = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/);
    expect(data).toEqual({
      ...{ id: 1, uuid: expect.stringMatching(/^[\da-f-]{36}$/), name: 'A', status: 'draft', version: 1, definition },
      ...{ trigger: 'contact.created', executions_count: 0, created_at: moment, updated_at: moment },
    });
    const params = { path: { id: '1' } };
    expect(must(await api.GET('/api/v1/workflows/{id}', { params })).data).toEqual(data);
    const renamed = must(await api.PUT('/api/v1/workflows/{id}', { params, body: { ...data, name: 'B' } as never }));
    expect(renamed.data).toEqual({ ...data, name: 'B', updated_at: moment });
    const other = definitionOf([{ ...NOTE, body: 'Ho' }], { type: 'webhook' });
    const changed = must(await api.PUT('/api/v1/workflows/{id}', { params, body: { definition: other as never } }));
    expect(changed.data).toMatchObject({ version: 2, trigger: 'webhook', definition: other });
    const { data: active } = must(await api.POST('/api/v1/workflows/{id}/activate', { params }));
    expect(active.status).toBe('active');
    expect(must(await api.GET('/api/v1/workflows', {})).data).toEqual([active]);
    expect(must(await api.GET('/api/v1/workspace', {})).data.counts.workflows).toBe(1);
    const kept = await api.DELETE('/api/v1/workflows/{id}', { params });
    expect([kept.response.status, kept.error]).toEqual([422, { message: 'Pause the workflow before deleting it.' }]);
    expect(must(await api.POST('/api/v1/workflows/{id}/pause', { params })).data.status).toBe('paused');
    const secrets = must(await api.GET('/api/v1/workflows/{id}/secrets', { params })).data;
    expect(secrets.hook_url).toMatch(/\/hooks\/workflows\/[\w-]{43}$/);
    expect((await api.DELETE('/api/v1/workflows/{id}', { params })).response.status).toBe(204);
    const gone = await api.GET('/api/v1/workflows/{id}', { params });
    expect([gone.response.status, gone.error]).toEqual([404, { message: 'Workflow not found.' }]);
  });

  it('is for admins to activate and for agents to write', async () => {
    const { id } = await makeWorkflow(ann, definitionOf([NOTE]));
    const needsAdmin = { error: 'Insufficient permissions.', code: 'FORBIDDEN', required_role: 'admin' };
    for (const [method, path] of [
      ['POST', '/activate'],
      ['POST', '/pause'],
      ['GET', '/secrets'],
      ['DELETE', ''],
    ] as const) {
      const { status, body } = await ann.send(method, `${PATH}/${id}${path}`);
      expect([status, body]).toEqual([403, needsAdmin]);
    }
    const viewer = await team.token('viewer', ['workflows']);
    expect((await viewer.send('POST', PATH, { name: 'A', definition: definitionOf([NOTE]) })).status).toBe(403);
    expect((await viewer.send('GET', `${PATH}/${id}`)).status).toBe(200);
    expect((await team.token('agent', ['contacts']).then((one) => one.send('GET', PATH))).body).toEqual({
      ...{ message: 'Invalid ability provided.', required_scope: 'workflows' },
    });
  });

  it('names tags, segments and users of its workspace, by id or UUID', async () => {
    const other = await given.team();
    const foreign = (await makeTag(await other.key(), 'Other')) as { id: number; uuid: string };
    const uuid = (accepted(await key.send('GET', `/tags/${tag}`)).body.data as { uuid: string }).uuid;
    const made = await makeWorkflow(key, definitionOf([{ id: 'a', type: 'add_tag', tag_id: uuid }]));
    expect(made.definition).toMatchObject({ steps: [{ tag_id: tag }] });
    const save = (definition: object) => key.send('POST', PATH, { name: 'A', definition });
    const step = definitionOf([NOTE, { id: 'b', type: 'add_tag', tag_id: foreign.uuid }]);
    expect(await save(step)).toEqual(refused('definition.steps.1.tag_id'));
    const branch = {
      id: 'b',
      type: 'branch',
      if: { any: [{ field: 'tag', op: 'in', value: [foreign.uuid] }] },
      then: 'end',
    };
    expect(await save(definitionOf([branch]))).toEqual(refused('definition.steps.0.if.any.0.value.0'));
    const cron = { type: 'schedule', cron: '0 9 * * 1', timezone: 'Europe/Berlin', segment_id: 99 };
    expect(await save(definitionOf([NOTE], cron))).toEqual(refused('definition.trigger.segment_id'));
    const assign = definitionOf([{ id: 'a', type: 'assign', user_id: 987_654 }]);
    expect(await save(assign)).toEqual(refused('definition.steps.0.user_id'));
  });

  it('is refused when it names what is gone by the time it is activated', async () => {
    const { id: gone } = await makeTag(key, 'Short-lived');
    const { id } = await makeWorkflow(key, definitionOf([{ id: 'a', type: 'remove_tag', tag_id: gone }]));
    accepted(await key.send('DELETE', `/tags/${gone as number}`));
    expect(await key.send('POST', `${PATH}/${id}/activate`)).toEqual(refused('definition.steps.0.tag_id'));
  });
});

it('Sixteen templates are workflows as they are', async () => {
  const viewer = await team.token('viewer', ['workflows']);
  const templates = accepted(await viewer.send('GET', `${PATH}/templates`)).body.data as WorkflowTemplate[];
  expect(new Set(templates.map((one) => one.key)).size).toBe(16);
  for (const { name, definition } of templates) {
    const made = accepted(await ann.send('POST', PATH, { name, definition })).body.data;
    expect(made).toMatchObject({ name, definition, status: 'draft' });
  }
});

const many = (count: number) => Array.from({ length: count }, (_, at) => ({ ...NOTE, id: `s${at}` }));
const wait = (more: object) => [{ id: 'w', type: 'wait', ...more }, NOTE];
const regex = (source: string) => ({ type: 'message.received', match: { regex: source } });
const schedule = (cron: string, more: object = { timezone: 'UTC' }) => ({
  type: 'schedule',
  cron,
  segment_id: 1,
  ...more,
});

it.each<readonly [string, unknown, string]>([
  ['no object', 'x', 'definition'],
  ['without steps', { trigger: { type: 'webhook' } }, 'definition.steps'],
  ['no steps', definitionOf([]), 'definition.steps'],
  ['51 steps', definitionOf(many(51)), 'definition.steps'],
  ['a step back', definitionOf([NOTE, { ...NOTE, id: 'b', next: 'a' }]), 'definition.steps.1.next'],
  ['a step to itself', definitionOf([{ ...NOTE, next: 'a' }]), 'definition.steps.0.next'],
  ['a step to nowhere', definitionOf([{ ...NOTE, next: 'z' }]), 'definition.steps.0.next'],
  ['equal ids', definitionOf([NOTE, NOTE]), 'definition.steps.1.id'],
  ['the id of the end', definitionOf([{ ...NOTE, id: 'end' }]), 'definition.steps.0.id'],
  ['a step of no type', definitionOf([{ id: 'a', type: 'delete_all' }]), 'definition.steps.0.type'],
  ['what a step has not', definitionOf([{ ...NOTE, tag_id: 3 }]), 'definition.steps.0.tag_id'],
  ['what a step lacks', definitionOf([{ id: 'a', type: 'add_tag' }]), 'definition.steps.0.tag_id'],
  ['a tag that is none', definitionOf([{ id: 'a', type: 'add_tag', tag_id: 1.5 }]), 'definition.steps.0.tag_id'],
  ['a wait of -1 s', definitionOf(wait({ for: '-PT1S' })), 'definition.steps.0.for'],
  ['a wait of nothing', definitionOf(wait({ for: 'P' })), 'definition.steps.0.for'],
  ['a wait of ten years', definitionOf(wait({ for: 'P3650D' })), 'definition.steps.0.for'],
  ['then without until', definitionOf(wait({ for: 'P1D', then: 'a' })), 'definition.steps.0.then'],
  ['a trigger of no type', definitionOf([NOTE], { type: 'message.sent' }), 'definition.trigger.type'],
  ['look-around', definitionOf([NOTE], regex('(?=x)')), 'definition.trigger.match.regex'],
  ['a back-reference', definitionOf([NOTE], regex('(a)\\1')), 'definition.trigger.match.regex'],
  ['a regex of 501', definitionOf([NOTE], regex('a'.repeat(501))), 'definition.trigger.match.regex'],
  ['each minute', definitionOf([NOTE], schedule('* * * * *')), 'definition.trigger.cron'],
  ['twice in five minutes', definitionOf([NOTE], schedule('0,5 9 * * *')), 'definition.trigger.cron'],
  ['30 February', definitionOf([NOTE], schedule('0 0 30 2 *')), 'definition.trigger.cron'],
  ['six fields', definitionOf([NOTE], schedule('0 0 9 * * 1')), 'definition.trigger.cron'],
  ['no zone', definitionOf([NOTE], schedule('0 9 * * 1', {})), 'definition.trigger.timezone'],
  [
    'no such zone',
    definitionOf([NOTE], schedule('0 9 * * 1', { timezone: 'Mars/One' })),
    'definition.trigger.timezone',
  ],
  ['an unknown placeholder', definitionOf([{ ...NOTE, body: '{{secret}}' }]), 'definition.steps.0.body'],
  ['a call', definitionOf([{ ...NOTE, body: '{{{first_name}}}' }]), 'definition.steps.0.body'],
  [
    'a filter of no field',
    definitionOf([NOTE], undefined, { conditions: { field: 'x', op: 'is', value: 1 } }),
    'definition.conditions.field',
  ],
  ['a loop of reentry', definitionOf([NOTE], undefined, { reentry: 'after:PT0S' }), 'definition.reentry'],
  [
    'a score of 101',
    definitionOf([{ id: 'a', type: 'set_field', field: 'lead_score', value: 101 }]),
    'definition.steps.0.value',
  ],
  [
    'a webhook inward',
    definitionOf([{ id: 'a', type: 'webhook', url: 'http://169.254.169.254/' }]),
    'definition.steps.0.url',
  ],
  [
    'a webhook to an IPv4 in an IPv6',
    definitionOf([{ id: 'a', type: 'webhook', url: 'http://[::ffff:10.0.0.1]/' }]),
    'definition.steps.0.url',
  ],
  ['65 KB', definitionOf(many(50).map((one) => ({ ...one, body: 'x'.repeat(1_400) }))), 'definition'],
])('A definition with %s is refused by path', async (_, definition, path) => {
  expect(await key.send('POST', PATH, { name: 'A', definition })).toEqual(refused(path));
});
