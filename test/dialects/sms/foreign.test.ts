import { beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, type Reply } from '../../support/given.js';
import { OUR_NUMBER } from '../../support/phones.js';
import { useServer } from '../../support/server.js';
import { workspaceOperations } from '../../support/truth.js';
import { givenUsers, inWorkspace, type TestUser, type Workspace } from '../../support/users.js';

const server = useServer();
const given = givenUsers(() => server);

/** What there is in a workspace of their own, by the parameter of the path that names it. */
type Names = Readonly<Record<string, string>>;
/** Those that belong to others' parts of the document, and are tested beside those. */
const OURS = ['userId', 'invitationId', 'keyId', 'tokenId', 'channelId', 'templateId'];
/** What an operation needs to be told, by its id. */
const BODIES: Readonly<Record<string, object>> = {
  workspaceMembersUpdate: { role: 'agent' },
  archiveTextConversation: { archived: true },
  replyInTextConversation: { body: 'Hello' },
};
const within = workspaceOperations.filter(({ path }) => OURS.some((name) => path.includes(`{${name}}`)));
const each = within.map((one) => [one.operation.operationId, one] as const);

let us: { readonly owner: TestUser; readonly workspace: Workspace };
let theirs: Names;
const never: Names = {
  userId: 'usr_00000000000000000000000000',
  invitationId: 'inv_00000000000000000000000000',
  keyId: 'key_00000000000000000000000000',
  tokenId: 'pt_00000000000000000000000000',
  channelId: 'ch_00000000000000000000000000',
  templateId: 'tpl_00000000000000000000000000',
};
beforeAll(async () => {
  us = await given.team();
  const { owner, workspace } = await given.team();
  const make = async (path: string, body: object): Promise<string> =>
    (accepted(await owner.send('POST', inWorkspace(workspace, path), body)).body as { id: string }).id;
  const heard = async (): Promise<string> => {
    await make('/phone-numbers', { number: OUR_NUMBER });
    const said = { from: '+14155552671', to: OUR_NUMBER, body: 'Hi' };
    const { body } = accepted(await owner.send('POST', inWorkspace(workspace, '/simulator/inbound'), said));
    return (body as { conversationId: string }).conversationId;
  };
  theirs = {
    userId: owner.id,
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
      return us.owner.send(method, named, BODIES[id]);
    };
    const foreign = await ask(theirs);
    expect(foreign.status).toBe(404);
    expect(shown(foreign)).toEqual(shown(await ask(never)));
  });
});
