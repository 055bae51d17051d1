import { beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, call, type Reply } from '../../support/given.js';
import { OUR_NUMBER } from '../../support/phones.js';
import { useServer } from '../../support/server.js';
import { workspaceOperations } from '../../support/truth.js';
import { givenUsers, inWorkspace, keyOf, type TestUser, type Workspace } from '../../support/users.js';

const server = useServer();
const given = givenUsers(() => server);

/** What there is in a workspace of their own, by the parameter of the path that names it. */
type Names = Readonly<Record<string, string>>;
/** What the path names it by is the same of several. */
const CALLED: Readonly<Record<string, string>> = {
  'phone-numbers/{id}': 'phone-numbers/{numberId}',
  'opt-outs/{id}': 'opt-outs/{optOutId}',
};
/** They name what is of nobody: a social network, and the workspace itself. */
const OF_NOBODY = ['provider', 'workspaceId'];
/** What an operation needs to be told, by its id. */
const BODIES: Readonly<Record<string, object>> = {
  workspaceMembersUpdate: { role: 'agent' },
  archiveTextConversation: { archived: true },
  replyInTextConversation: { body: 'Hello' },
  updateNumber: { isDefault: true },
  verifyNumber: { method: 'sms' },
  confirmNumber: { code: '471100' },
};
const each = workspaceOperations
  .map(({ path, ...one }) => ({
    ...one,
    path: Object.entries(CALLED).reduce((named, [from, to]) => named.replace(from, to), path),
  }))
  .filter(({ path }) => Array.from(path.matchAll(/\{(\w+)\}/g)).some(([, name]) => !OF_NOBODY.includes(name!)))
  .map((one) => [one.operation.operationId, one] as const);

let us: { readonly owner: TestUser; readonly workspace: Workspace; readonly key: string };
let theirs: Names;
const never: Names = {
  userId: 'usr_00000000000000000000000000',
  invitationId: 'inv_00000000000000000000000000',
  keyId: 'key_00000000000000000000000000',
  tokenId: 'pt_00000000000000000000000000',
  channelId: 'ch_00000000000000000000000000',
  templateId: 'tpl_00000000000000000000000000',
  numberId: 'pn_00000000000000000000000000',
  optOutId: 'opt_00000000000000000000000000',
  sessionId: 'us_00000000000000000000000000',
  sid: `SM${'0'.repeat(32)}`,
};
beforeAll(async () => {
  const team = await given.team();
  us = { ...team, key: await keyOf(team.owner, team.workspace) };
  const { owner, workspace } = await given.team();
  const make = async (path: string, body: object): Promise<string> =>
    (accepted(await owner.send('POST', inWorkspace(workspace, path), body)).body as { id: string }).id;
  const numberId = await make('/phone-numbers', { number: OUR_NUMBER });
  const said = { to: '+14155552671', body: 'Hello' };
  const { sid } = accepted(await owner.send('POST', inWorkspace(workspace, '/messages'), said)).body as { sid: string };
  const sessions = accepted(await owner.send('GET', '/api/auth/sessions')).body as { data: { id: string }[] };
  const heard = async (): Promise<string> => {
    const inbound = { from: '+14155552671', to: OUR_NUMBER, body: 'Hi' };
    const { body } = accepted(await owner.send('POST', inWorkspace(workspace, '/simulator/inbound'), inbound));
    return (body as { conversationId: string }).conversationId;
  };
  theirs = {
    ...{ userId: owner.id, numberId, sid, sessionId: sessions.data[0]!.id },
    optOutId: await make('/opt-outs', { number: '+14155552672' }),
    invitationId: await make('/invitations', { email: `of-${workspace.id}@example.com`, role: 'agent' }),
    keyId: await make('/api-keys', { name: 'Theirs' }),
    tokenId: await make('/personal-tokens', { name: 'Theirs', scopes: ['contacts'] }),
    channelId: await heard(),
    templateId: await make('/templates', { name: 'Theirs', body: 'Hi {{name}}' }),
  };
});

const shown = ({ status, body }: Reply): unknown[] => [status, body];

describe('What is of another workspace', () => {
  it.each(each)('is nothing to %s', async (id, { method, path }) => {
    const ask = (names: Names): Promise<Reply> => {
      const named = path.replace(/\{(\w+)\}/g, (__, name: string) => names[name] ?? us.workspace.id);
      const headers = { authorization: `Bearer ${path.startsWith('/api/messages') ? us.key : us.owner.token}` };
      return call(server.url + named, method, BODIES[id], headers);
    };
    const foreign = await ask(theirs);
    expect(foreign.status).toBe(404);
    expect(shown(foreign)).toEqual(shown(await ask(never)));
  });

  it.each<[string, string, (names: Names) => object]>([
    ['an opt-out', '/opt-outs', ({ numberId }) => ({ number: '+14155552673', numberId })],
    ['a message', '/messages', ({ templateId }) => ({ to: '+14155552673', templateId })],
  ])('is nothing where %s names it', async (_, path, body) => {
    const ask = (names: Names): Promise<Reply> => us.owner.send('POST', inWorkspace(us.workspace, path), body(names));
    const foreign = await ask(theirs);
    expect(foreign.status).toBe(404);
    expect(shown(foreign)).toEqual(shown(await ask(never)));
  });

  it('narrows a list to nothing', async () => {
    const list = (names: Names): Promise<Reply> =>
      us.owner.send('GET', inWorkspace(us.workspace, `/conversations?numberId=${names.numberId}`));
    const foreign = accepted(await list(theirs));
    expect(foreign.body.data).toEqual([]);
    expect(foreign.body).toEqual(accepted(await list(never)).body);
  });
});
