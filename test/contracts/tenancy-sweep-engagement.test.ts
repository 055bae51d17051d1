import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { newEmail } from '../support/accounts.js';
import { digestOf } from '../support/digest.js';
import type { TestCaller } from '../support/engagement.js';
import { accepted, type Reply } from '../support/given.js';
import { givenInboxes } from '../support/inbox.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';
import { engagementDocument, engagementOperations } from '../support/truth.js';

const server = useServer();
const given = givenInboxes(() => server);

/** What a request can name, and what it is called in one workspace. */
const KINDS = [
  'contact',
  'tag',
  'segment',
  'suppression',
  'canned',
  'conversation',
  'note',
  'desk',
  'user',
  'file',
  'import',
  'account',
  'mail',
  'item',
  'document',
  'campaign',
  'generated',
  'workflow',
  'execution',
] as const;
type Kind = (typeof KINDS)[number];
type Names = Readonly<Record<Kind, string>>;

/** By the path that stands before it. */
const OF_PATHS: readonly (readonly [string, Kind])[] = [
  ['/conversations/{id}/notes/', 'note'],
  ['/segments/{id}/contacts/', 'contact'],
  ['/contacts/', 'contact'],
  ['/contacts/imports/', 'import'],
  ['/tags/', 'tag'],
  ['/segments/', 'segment'],
  ['/suppressions/', 'suppression'],
  ['/canned-responses/', 'canned'],
  ['/conversations/', 'conversation'],
  ['/live-chat/desks/', 'desk'],
  ['/email-accounts/', 'account'],
  ['/email-accounts/{id}/inbound/', 'mail'],
  ['/conversations/{id}/messages/', 'item'],
  ['/knowledge-base/', 'document'],
  ['/campaigns/', 'campaign'],
  ['/campaigns/{id}/recipients/', 'contact'],
  ['/workflows/', 'workflow'],
  ['/workflows/{id}/executions/', 'execution'],
];
const OF_FIELDS: Readonly<Record<string, Kind>> = {
  tag_id: 'tag',
  tag_ids: 'tag',
  add_tag_ids: 'tag',
  remove_tag_ids: 'tag',
  contact_id: 'contact',
  contact_ids: 'contact',
  segment_id: 'segment',
  conversation_id: 'conversation',
  conversation_ids: 'conversation',
  user_id: 'user',
  assigned_to: 'user',
  desk_id: 'desk',
  address_id: 'desk',
  attachment_ids: 'file',
  canned_response_id: 'canned',
  ai_reply_id: 'generated',
  audience_id: 'segment',
  email_account_id: 'account',
};
/** Names of items, of which one that its conversation has not is none; and of the core, whose document has a sweep of its own. */
const OF_NOBODY = ['last_seen_id', 'external_id'];
/** What an operation needs beside what its document says that it must have. */
const BESIDE: Readonly<Record<string, object>> = {
  replyToConversation: { body: 'Hello' },
  beginConversation: { channel: 'chat', message: 'Hello' },
  changeConversations: { set: { priority: 'high' } },
  cannedResponsesCreate: { content: 'Hello' },
  createSegment: { type: 'static' },
};
/** Which of its names an operation needs beside another one. */
const WITH: Readonly<Record<string, string>> = { add_tag_ids: 'contact_ids', remove_tag_ids: 'contact_ids' };

interface Place {
  readonly in: 'path' | 'query' | 'body';
  readonly name: string;
  readonly kind: Kind;
}
interface Property {
  readonly type?: string;
  readonly example?: unknown;
  readonly default?: unknown;
}
interface Body {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, Property>>;
}
type Known = (typeof engagementOperations)[number];

function bodyOf({ operation }: Known): Body | null {
  const $ref = operation.requestBody?.content['application/json']?.schema.$ref;
  const { schemas } = engagementDocument.components as unknown as { schemas: Readonly<Record<string, Body>> };
  return $ref === undefined ? null : schemas[$ref.split('/').at(-1)!]!;
}

const isId = (name: string): boolean => /_ids?$/.test(name) || name === 'assigned_to';

function kindOfPath(path: string, name: string): Kind {
  const before = path.slice(path.indexOf('/api/v1') + 7, path.indexOf(`{${name}}`));
  return OF_PATHS.find(([start]) => before === start)![1];
}

/** What is merged is of one kind. */
function kindOfField({ path }: Known, name: string): Kind | undefined {
  return name === 'other_id' ? kindOfPath(path, 'id') : OF_FIELDS[name];
}

function placesOf(one: Known): Place[] {
  const parameters = (one.operation.parameters ?? []).flatMap(({ in: where, name }): Place[] =>
    where === 'path'
      ? [{ in: 'path', name, kind: kindOfPath(one.path, name) }]
      : where === 'query' && isId(name)
        ? [{ in: 'query', name, kind: OF_FIELDS[name]! }]
        : where === 'query' && name === 'after'
          ? [{ in: 'query', name, kind: kindOfPath(`${one.path}/{x}`, 'x') }]
          : [],
  );
  const fields = Object.keys(bodyOf(one)?.properties ?? {}).filter((name) => isId(name) && !OF_NOBODY.includes(name));
  return [...parameters, ...fields.map((name): Place => ({ in: 'body', name, kind: kindOfField(one, name)! }))];
}

const sweep = engagementOperations
  .filter(({ path }) => path.startsWith('/api/'))
  .filter(({ path, operation }) => (operation.security ?? []).length > 0 && !path.endsWith('/live-chat/conversations'))
  .flatMap((one) =>
    placesOf(one).map((place) => [`${one.operation.operationId} ${place.in} ${place.name}`, one, place] as const),
  );

/** One of each kind that a workspace has. */
async function namesOf(): Promise<{ names: Names; uuid: string; owner: TestCaller }> {
  const { owner, member, hear, uuid } = await given.inbox();
  const make = async (path: string, body: object): Promise<string> =>
    (accepted(await owner.send('POST', path, body)).body as { data: { uuid: string } }).data.uuid;
  await hear('Hi');
  const [{ uuid: conversation }] = (
    accepted(await owner.send('GET', '/conversations')).body as { data: [{ uuid: string }] }
  ).data;
  const { data: items } = accepted(await owner.send('GET', `/conversations/${conversation}/messages`)).body as {
    data: [{ uuid: string }];
  };
  const upload = accepted(
    await owner.send('POST', '/conversations/uploads', { name: 'a.png', mime_type: 'image/png', size: 4 }),
  ).body.data as { uuid: string; upload_url: string };
  const put = { method: 'PUT', body: 'PNG!', headers: { 'content-type': 'image/png' } };
  expect((await fetch(upload.upload_url, put)).ok).toBe(true);
  const workflow = await make('/workflows', {
    name: 'A',
    definition: { trigger: { type: 'webhook' }, steps: [{ id: 'a', type: 'close' }] },
  });
  accepted(await owner.send('POST', `/workflows/${workflow}/trigger`, {}));
  const [{ uuid: execution }] = (
    accepted(await owner.send('GET', `/workflows/${workflow}/executions`)).body as { data: [{ uuid: string }] }
  ).data;
  const names: Names = {
    contact: await make('/contacts', { first_name: 'Anna', email: newEmail() }),
    tag: await make('/tags', { name: 'VIP' }),
    segment: await make('/segments', { name: 'Few', type: 'static' }),
    suppression: await make('/suppressions', { email: newEmail() }),
    canned: await make('/canned-responses', { title: 'Hi', content: 'Hi', scope: 'team' }),
    conversation,
    note: await make(`/conversations/${conversation}/notes`, { body: 'Careful' }),
    desk: await make('/live-chat/desks', { name: 'Support' }),
    user: (await member('agent')).user!.uuid,
    file: upload.uuid,
    import: await make('/contacts/imports', { name: 'a.csv', size: 4 }),
    account: await make('/email-accounts', {
      ...{ email: newEmail(), from_name: 'Shop', smtp: { host: '127.0.0.1', port: 2525 } },
    }),
    mail: randomUUID(),
    generated: randomUUID(),
    item: items[0].uuid,
    document: await make('/knowledge-base', { type: 'document', title: 'Returns', content: 'Within 30 days.' }),
    ...{ workflow, execution },
    campaign: await make('/campaigns', { name: 'April', subject: 'Hello', html_body: '<p>Hello</p>' }),
  };
  // As a worker leaves one that it can't understand.
  await sql(
    `INSERT INTO inbound_emails (client_id, id, account_id, file_id, envelope_to, state)
     VALUES ($1, $2, $3, gen_random_uuid(), '{}', 'failed')`,
    ...[uuid, names.mail, names.account],
  );
  // As a model leaves one.
  await sql(
    `INSERT INTO ai_replies (client_id, id, day, user_id, model) VALUES ($1, $2, now()::date, gen_random_uuid(), 'small')`,
    ...[uuid, names.generated],
  );
  return { names, uuid, owner };
}

let owner: TestCaller;
let ours: Names;
let theirs: Names;
let their: string;
let before: Readonly<Record<string, string>>;
beforeAll(async () => {
  const [own, other] = [await namesOf(), await namesOf()];
  ({ owner, names: ours } = own);
  ({ names: theirs, uuid: their } = other);
  before = await digestOf(their);
});

/** Asks for what is ours, but for one place. */
function ask(one: Known, place: Place, name: string): Promise<Reply> {
  const nameOf = (where: Place['in'], field: string, kind: Kind): string =>
    place.in === where && place.name === field ? name : ours[kind];
  const path = one.path
    .replace('/api/v1', '')
    .replaceAll(/\{(\w+)\}/g, (_, field: string) => nameOf('path', field, kindOfPath(one.path, field)));
  const query = place.in === 'query' ? `?${place.name}=${name}` : '';
  const body = bodyOf(one);
  const fields = Object.entries(body?.properties ?? {})
    .filter(
      ([field]) =>
        body?.required?.includes(field) ||
        (place.in === 'body' && (field === place.name || field === WITH[place.name])),
    )
    .map(([field, { type, example, default: otherwise }]): [string, unknown] => {
      const kind = kindOfField(one, field);
      const value = kind === undefined ? (example ?? otherwise) : nameOf('body', field, kind);
      return [field, kind !== undefined && type === 'array' ? [value] : value];
    });
  return owner.send(
    one.method,
    path + query,
    body ? { ...Object.fromEntries(fields), ...BESIDE[one.operation.operationId] } : undefined,
  );
}

describe('Of another workspace, what a request names is as what never was', () => {
  it('wherever the document lets it name something', () => {
    expect(sweep.map(([, , { kind }]) => kind)).toEqual(expect.arrayContaining([...KINDS]));
    expect(sweep.filter(([, , { kind }]) => kind === undefined)).toEqual([]);
    expect(sweep.length).toBeGreaterThan(45);
  });

  it.each(sweep)('%s', async (_, one, place) => {
    const never = randomUUID();
    const [foreign, unknown] = [await ask(one, place, theirs[place.kind]), await ask(one, place, never)];
    const text = foreign.text.replaceAll(theirs[place.kind], '<id>');
    expect([foreign.status, text]).toEqual([unknown.status, unknown.text.replaceAll(never, '<id>')]);
    if (place.in === 'path') {
      // One that is not there is gone already.
      const isGone = one.operation.operationId === 'cannedResponsesDelete';
      expect(foreign.body).toMatchObject({
        message: isGone ? 'Deleted.' : expect.stringMatching(/^[A-Z][a-z ]+ not found\.$/),
      });
    } else if (one.operation.operationId === 'assignConversation') {
      expect([foreign.status, Object.keys(foreign.body as object)]).toEqual([422, ['message']]);
    } else {
      const [field = ''] = Object.keys((foreign.body as { errors: object }).errors);
      expect([foreign.status, field.replace(/\.0$/, '')]).toEqual([422, place.name]);
    }
    expect(await digestOf(their)).toEqual(before);
  });
});
