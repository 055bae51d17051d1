import { describe, expect, it } from '@jest/globals';
import { must, type Reply } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { startServer } from '../../support/server.js';
import { givenUsers, inWorkspace, type TestUser } from '../../support/users.js';

const server = useServer();
const operators = useServer(() => startServer({ WORKSPACES: 'operator', PUBLIC_URL: 'https://chat.example.com' }));
const given = givenUsers(() => server);
const workspaces = (user: TestUser, query = ''): Promise<Reply> => user.send('GET', `/api/ui/workspaces${query}`);
const refused = ({ status, body }: Reply): unknown[] => [status, body.error];

describe('A workspace', () => {
  it('is made by a user, who owns it, and is a live one without a word', async () => {
    const ann = await given.user();
    const body = { name: 'Acme', defaultCountry: 'de', timezone: 'Europe/Berlin' };
    const { status, body: made } = await ann.send('POST', '/api/ui/workspaces', body);
    expect([status, made]).toEqual([
      201,
      {
        ...{ id: expect.stringMatching(/^clt_/), name: 'Acme', livemode: true, role: 'owner' },
        publicKey: expect.stringMatching(/^pk_live_/),
        ...{
          defaultCountry: 'DE',
          timezone: 'Europe/Berlin',
          smartEncoding: true,
          asksForRatings: false,
          domain: 'localhost',
        },
        ...{ allowedSubdomains: [], allowedIps: [] },
        optOut: expect.objectContaining({ scope: 'number' }),
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    ]);
    expect((await ann.send('GET', inWorkspace(made))).body).toEqual(made);
  });

  it('is one of a client of the core, with the same id', async () => {
    const { owner, workspace } = await given.team();
    const { status, body } = await owner.send('GET', `/api/v1/client/${workspace.id}`, undefined, {
      'x-workspace-id': workspace.id,
    });
    expect([status, body]).toMatchObject([200, { id: workspace.id, name: 'Acme', public_key: workspace.publicKey }]);
  });

  it('is listed for its members, the newest first, page by page', async () => {
    const ann = await given.user();
    const names = ['One', 'Two', 'Three'];
    for (const name of names) {
      await given.workspace(ann, { name });
    }
    await given.team();
    const page = await workspaces(ann, '?limit=2');
    expect(page.body.data.map(({ name }: { name: string }) => name)).toEqual(['Three', 'Two']);
    expect(page.body.pagination).toEqual({ currentPage: 1, totalPages: 2, totalItems: 3, hasNext: true });
    const past = await workspaces(ann, '?page=999999999&limit=2');
    expect(past.body).toEqual({
      data: [],
      pagination: { currentPage: 999_999_999, totalPages: 2, totalItems: 3, hasNext: false },
    });
  });

  it.each([
    'page=0',
    'page=-1',
    'page=1.5',
    'page=1e9',
    'limit=101',
    'limit=0',
    'limit=',
    'colour=red',
    'page=1&page=2',
  ])('is not listed by ?%s', async (query) => {
    const reply = await workspaces(await given.user(), `?${query}`);
    const [name] = query.split('=');
    expect([...refused(reply), Object.keys(reply.body.fields)]).toEqual([400, 'invalid_params', [name]]);
  });

  it('is changed but for what is left out', async () => {
    const { owner, workspace } = await given.team();
    const change = {
      name: 'Umbrella',
      smartEncoding: false,
      domain: 'sms.acme.com',
      allowedSubdomains: ['api'],
      allowedIps: ['127.0.0.1'],
      optOut: { scope: 'workspace', stop: ['ARRET'], replies: { help: '' } },
    } as const;
    const changed = await owner.send('PATCH', inWorkspace(workspace), change);
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({
      ...{ ...workspace, ...change },
      optOut: {
        scope: 'workspace',
        stop: expect.arrayContaining(['STOP', 'ARRET']),
        replies: { ...workspace.optOut.replies, help: '' },
      },
    });
    const renamed = await owner.send('PATCH', inWorkspace(workspace), { name: 'Acme again' });
    expect(renamed.body).toEqual({ ...changed.body, name: 'Acme again' });
  });

  it.each<[object, string]>([
    [{ name: 7 }, 'name'],
    [{ domain: 'https://acme.com' }, 'domain'],
    [{ allowedSubdomains: ['a.b'] }, 'allowedSubdomains.0'],
    [{ allowedIps: ['10.0.0.1/8'] }, 'allowedIps.0'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ defaultCountry: 'ZZ' }, 'defaultCountry'],
    [{ optOut: { scope: 'everybody' } }, 'optOut.scope'],
    [{ nobody_knows: 1 }, 'nobody_knows'],
  ])('is not changed to %j', async (change, field) => {
    const { owner, workspace } = await given.team();
    const { status, body } = await owner.send('PATCH', inWorkspace(workspace), change);
    expect([status, body]).toEqual([
      400,
      { error: 'invalid_params', detail: body.fields[field], fields: { [field]: expect.stringContaining(field) } },
    ]);
  });

  it('without a name is missing something, which is said before anything else', async () => {
    const ann = await given.user();
    for (const name of [undefined, null, '', ' ']) {
      const reply = await ann.send('POST', '/api/ui/workspaces', { name, livemode: 'yes' });
      expect(reply.body).toEqual({ error: 'missing_params', detail: 'Missing: name' });
      expect(reply.status).toBe(400);
    }
  });

  it('is deleted by its name, and nobody finds it any more', async () => {
    const { owner, workspace } = await given.team();
    const admin = await given.member(workspace, 'admin');
    const other = await owner.send('DELETE', inWorkspace(workspace, '?confirm=Umbrella'));
    expect([...refused(other), other.body.fields]).toEqual([
      400,
      'invalid_params',
      { confirm: 'The confirm field must be the name of the workspace.' },
    ]);
    expect(refused(await owner.send('DELETE', inWorkspace(workspace)))).toEqual([400, 'missing_params']);
    expect((await owner.send('DELETE', inWorkspace(workspace, '?confirm=Acme'))).status).toBe(204);
    expect(refused(await owner.send('GET', inWorkspace(workspace)))).toEqual([404, 'not_found']);
    expect(refused(await admin.send('GET', inWorkspace(workspace)))).toEqual([404, 'not_found']);
    expect((await workspaces(owner)).body.data).toEqual([]);
  });

  it('is one of twenty at most, also of those that are made at once', async () => {
    const ann = await given.user();
    const made = await Promise.all(
      Array.from({ length: 22 }, () => ann.send('POST', '/api/ui/workspaces', { name: 'Acme' })),
    );
    expect(made.map(({ status }) => status).sort()).toEqual([...Array<number>(20).fill(201), 403, 403]);
    expect((await workspaces(ann)).body.pagination.totalItems).toBe(20);
  });

  it('is the operator’s to make where WORKSPACES says so', async () => {
    const ann = await givenUsers(() => operators).user();
    expect(refused(await ann.send('POST', '/api/ui/workspaces', { name: 'Acme' }))).toEqual([403, 'forbidden']);
  });
});

describe('What a user may ask in a workspace', () => {
  it('is nothing where it is no member, as if there were none', async () => {
    const { workspace } = await given.team();
    const stranger = await given.user();
    const never = { ...workspace, id: 'clt_00000000000000000000000000' };
    const [foreign, unknown] = [
      await stranger.send('GET', inWorkspace(workspace)),
      await stranger.send('GET', inWorkspace(never)),
    ];
    expect([foreign.status, foreign.body]).toEqual([404, { error: 'not_found', detail: 'Workspace not found' }]);
    expect([unknown.status, unknown.body]).toEqual([foreign.status, foreign.body]);
    expect(refused(await stranger.send('PATCH', inWorkspace(workspace), { colour: 1 }))).toEqual([404, 'not_found']);
  });

  it('is said by its role', async () => {
    const { workspace } = await given.team();
    const viewer = await given.member(workspace, 'viewer');
    expect(must(await viewer.api.GET('/api/ui/workspaces/{workspaceId}', path(workspace.id))).role).toBe('viewer');
    const reply = await viewer.send('PATCH', inWorkspace(workspace), { name: 'Mine' });
    expect([reply.status, reply.body]).toEqual([
      403,
      { error: 'forbidden', detail: 'Forbidden - Needs the role admin' },
    ]);
  });
});

const path = (workspaceId: string) => ({ params: { path: { workspaceId } } });
