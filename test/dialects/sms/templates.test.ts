import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { accepted, call, must, type Reply } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { PHONE, teamsOn, type Team } from '../../support/texting.js';
import { inWorkspace, keyOf } from '../../support/users.js';

const server = useServer();
const given = teamsOn(() => server);

const asksOf = ({ owner, workspace }: Team) => {
  const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
    owner.send(method, inWorkspace(workspace, path), body, headers);
  const make = async (body: string, name: string = randomUUID()): Promise<string> =>
    (accepted(await ask('POST', '/templates', { name, body })).body as { id: string }).id;
  const said = async (reply: Reply): Promise<string> => {
    const { sid } = accepted(reply).body as { sid: string };
    return (accepted(await ask('GET', `/messages/${sid}`)).body as { body: string }).body;
  };
  return { ask, make, said };
};
const error = ({ status, body }: Reply): unknown => [status, (body as { error: string }).error];
const refusal = ({ status, body }: Reply): unknown => [status, body];

describe('Templates', () => {
  it('are made, changed, listed and deleted by whoever writes to people, and the log says by whom', async () => {
    const team = await given.team();
    const { ask, make } = asksOf(team);
    const [agent, viewer] = [await given.member(team.workspace, 'agent'), await given.member(team.workspace, 'viewer')];
    const params = { path: { workspaceId: team.workspace.id } };
    const body = { name: 'Order sent', body: 'Hi {{name}}, {{ order }} is on its way. {{name}}!' };
    const made = must(await agent.api.POST('/api/ui/workspaces/{workspaceId}/templates', { params, body }));
    expect(made).toMatchObject({ id: expect.stringMatching(/^tpl_/), ...body, variables: ['name', 'order'] });
    const second = await make('Bye', 'Bye');
    const path = { ...params.path, templateId: made.id };
    const changed = must(
      await agent.api.PATCH('/api/ui/workspaces/{workspaceId}/templates/{templateId}', {
        params: { path },
        body: { body: 'Hello' },
      }),
    );
    expect(changed).toMatchObject({ name: 'Order sent', body: 'Hello', variables: [], createdAt: made.createdAt });
    const list = must(await viewer.api.GET('/api/ui/workspaces/{workspaceId}/templates', { params }));
    expect(list.data.map(({ id }) => id)).toEqual([second, made.id]);
    expect(list.pagination.totalItems).toBe(2);
    expect(error(await ask('PATCH', `/templates/${second}`, { name: 'Order sent' }))).toEqual([409, 'conflict']);
    expect(error(await ask('POST', '/templates', { name: 'Bye', body: 'x' }))).toEqual([409, 'conflict']);
    expect((await ask('DELETE', `/templates/${second}`)).status).toBe(204);
    expect(error(await ask('GET', `/templates/${second}`))).toEqual([404, 'not_found']);
    expect(error(await ask('DELETE', `/templates/${second}`))).toEqual([404, 'not_found']);
    const log = accepted(await ask('GET', '/audit-log?limit=4')).body.data as Record<string, unknown>[];
    expect(
      log.map(({ action, subject, details, user }) => [action, subject, details, (user as { id: string }).id]),
    ).toEqual([
      ['template.deleted', second, { name: 'Bye' }, team.owner.id],
      ['template.updated', made.id, { name: 'Order sent' }, agent.id],
      ['template.created', second, { name: 'Bye' }, team.owner.id],
      ['template.created', made.id, { name: 'Order sent' }, agent.id],
    ]);
  });

  it.each<[string, unknown, string]>([
    ['no name', { body: 'x' }, 'missing_params'],
    ['no text', { name: 'x', body: ' \n' }, 'missing_params'],
    ['a number as a text', { name: 'x', body: 1 }, 'invalid_params'],
    ['a long name', { name: 'x'.repeat(256), body: 'x' }, 'invalid_params'],
    ['U+0000', { name: 'x', body: 'a\u0000' }, 'invalid_params'],
    ['half a surrogate pair', { name: 'x', body: 'a\ud800' }, 'invalid_params'],
    ['1601 characters', { name: 'x', body: 'x'.repeat(1601) }, 'body_too_long'],
    ['256 KB of braces', { name: 'x', body: '{{'.repeat(120_000) }, 'body_too_long'],
    ['braces that do not end', { name: 'x', body: 'Hi {{name' }, 'invalid_params'],
    ['an empty variable', { name: 'x', body: 'Hi {{ }}' }, 'invalid_params'],
    ['three braces', { name: 'x', body: 'Hi {{{name}}}' }, 'invalid_params'],
    ['another language', { name: 'x', body: '{{#name}}x{{/name}}' }, 'invalid_params'],
    ['__proto__', { name: 'x', body: '{{__proto__}}' }, 'invalid_params'],
    ['an unknown field', { name: 'x', body: 'x', text: 'x' }, 'invalid_params'],
  ])('are refused with %s', async (_, body, code) => {
    const team = await shared();
    expect(error(await asksOf(team).ask('POST', '/templates', body))).toEqual([400, code]);
  });

  it('are at most a thousand, and made once under an Idempotency-Key', async () => {
    const team = await given.team();
    const { ask } = asksOf(team);
    await sql(
      `INSERT INTO text_templates (client_id, id, name, body)
       SELECT $1, gen_random_uuid(), 'Number ' || n, 'x' FROM generate_series(1, 998) AS n`,
      team.uuid,
    );
    const headers = { 'idempotency-key': randomUUID() };
    const once = () => ask('POST', '/templates', { name: 'Once', body: 'x' }, headers);
    expect(refusal(await once())).toEqual(refusal(await once()));
    const both = await Promise.all(['a', 'b'].map((name) => ask('POST', '/templates', { name, body: 'x' })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const limits = accepted(await ask('GET', '/limits')).body as { templates: number };
    expect(limits.templates).toBe(1_000);
  });
});

let team: Promise<Team> | undefined;
/** For what changes nothing. */
const shared = (): Promise<Team> => (team ??= given.team());

describe('A message by a template', () => {
  it('says what its variables are filled with, once', async () => {
    const one = await given.team();
    const { ask, make, said } = asksOf(one);
    const templateId = await make('{{a}} {{constructor}}{{a}} to {{phone}}');
    const variables = { a: '{{phone}} $& $1', constructor: '<b>\r\n', unused: 'x' };
    const key = await keyOf(one.owner, one.workspace);
    const byKey = await call(
      `${server.url}/api/messages`,
      'POST',
      { to: '(415) 555-2671', templateId, variables },
      { authorization: `Bearer ${key}` },
    );
    const text = `{{phone}} $& $1 <b>\r\n{{phone}} $& $1 to ${PHONE}`;
    expect([
      await said(byKey),
      await said(await ask('POST', '/messages', { to: PHONE, templateId, variables })),
    ]).toEqual([text, text]);
    const replaced = { ...variables, phone: 'you' };
    expect(await said(await ask('POST', '/messages', { to: PHONE, templateId, variables: replaced }))).toContain(
      ' to you',
    );
  });

  it('knows the name of the contact, but not of somebody known by the number alone', async () => {
    const one = await given.team();
    const { ask, make, said } = asksOf(one);
    const templateId = await make('Hi {{name}}');
    const send = (more: object = {}) => ask('POST', '/messages', { to: PHONE, templateId, ...more });
    const missing = [400, { error: 'missing_params', detail: 'Missing: variables.name' }];
    expect(refusal(await send())).toEqual(missing);
    expect(await said(await send({ variables: { name: 'you' } }))).toBe('Hi you');
    // By now there is a customer, who is called by the number.
    expect(refusal(await send())).toEqual(missing);
    await sql(`UPDATE customers SET name = '{{phone}}' WHERE client_id = $1 AND phone = $2`, one.uuid, PHONE);
    expect(await said(await send())).toBe('Hi {{phone}}');
    await ask('PATCH', `/templates/${templateId}`, { body: 'Bye {{name}}' });
    expect(await said(await send({ scheduleAt: new Date(Date.now() + 3_600_000).toISOString() }))).toBe(
      'Bye {{phone}}',
    );
  });

  it('is sent once under an Idempotency-Key, whatever becomes of its template', async () => {
    const one = await given.team();
    const { ask, make } = asksOf(one);
    const templateId = await make('Hi');
    const headers = { 'idempotency-key': randomUUID() };
    const send = () => ask('POST', '/messages', { to: PHONE, templateId }, headers);
    const first = accepted(await send()).body;
    accepted(await ask('PATCH', `/templates/${templateId}`, { body: 'Hi {{name}}' }));
    expect(accepted(await send()).body).toEqual(first);
  });

  it('is refused where its template is another workspace’s, as if there were none', async () => {
    const one = await shared();
    const { ask } = asksOf(one);
    const theirs = await asksOf(await given.team()).make('Hi');
    const never = 'tpl_00000000000000000000000000';
    const [foreign, unknown] = await Promise.all(
      [theirs, never].map((templateId) => ask('POST', '/messages', { to: PHONE, templateId })),
    );
    expect(refusal(foreign!)).toEqual([404, { error: 'not_found', detail: 'Template not found' }]);
    expect(refusal(unknown!)).toEqual(refusal(foreign!));
  });

  it.each<[string, object, string]>([
    ['a text beside it', { body: 'x' }, 'invalid_params'],
    ['variables of no template', { templateId: null, body: 'x', variables: {} }, 'invalid_params'],
    ['neither', { templateId: null }, 'missing_params'],
    ['an id of something else', { templateId: 'msg_00000000000000000000000000' }, 'invalid_params'],
    ['a list of variables', { variables: ['x'] }, 'invalid_params'],
    ['a number', { variables: { order: 4711 } }, 'invalid_params'],
    ['an object', { variables: { order: { toString: 'x' } } }, 'invalid_params'],
    ['null', { variables: { order: null } }, 'invalid_params'],
    ['an empty text', { variables: { order: '' } }, 'missing_params'],
    ['U+0000', { variables: { order: 'a\u0000' } }, 'invalid_params'],
    ['a name that is none', { variables: { 'a b': 'x', order: 'x' } }, 'invalid_params'],
    [
      '51 variables',
      { variables: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`v${n}`, 'x'])) },
      'invalid_params',
    ],
    ['a value of 1601 characters', { variables: { order: 'x'.repeat(1601) } }, 'invalid_params'],
    ['more than goes into a message', { variables: { order: 'x'.repeat(1600) } }, 'body_too_long'],
    ['a variable that nothing fills', { variables: {} }, 'missing_params'],
    ['one that every object has', { variables: { toString: 'x' } }, 'missing_params'],
  ])('is refused with %s', async (_, more, code) => {
    const { ask, make } = asksOf(await shared());
    const templateId = await make('Your order {{order}}');
    expect(error(await ask('POST', '/messages', { to: PHONE, templateId, ...more }))).toEqual([400, code]);
  });

  it('is refused with __proto__ for a variable, which sets nothing', async () => {
    const { ask, make } = asksOf(await shared());
    const templateId = await make('Your order {{order}}');
    const body = `{"to":"${PHONE}","templateId":"${templateId}","variables":{"__proto__":{"order":"x"}}}`;
    expect(error(await ask('POST', '/messages', body, { 'content-type': 'application/json' }))).toEqual([
      400,
      'invalid_params',
    ]);
  });
});
