import { createEngagement, type Engagement } from '../../client/engagement.js';
import { makeKey, hashKey } from '../../src/clients/key-format.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { Role } from '../../src/platform/common/tenancy/roles.js';
import { accepted, call, truthfulFetch, type Reply } from './given.js';
import type { ServerAddress } from './server.js';
import { givenUsers, inWorkspace, keyOf, type TestUser, type Workspace } from './users.js';
import { sql } from './sql.js';

/** Somebody who acts in one workspace. */
export interface TestCaller {
  readonly token: string;
  readonly user: TestUser | null;
  /** The generated client; each answer is held against the OpenAPI document. */
  readonly api: Engagement;
  /** The same by hand, under `/api/v1`. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

/** A workspace with its owner, and ways to ask as others in it. */
export interface TestTeam {
  readonly workspace: Workspace;
  readonly uuid: string;
  readonly owner: TestCaller;
  /** A new user of this role, by its session. */
  readonly member: (role: Role) => Promise<TestCaller>;
  /** A new user of this role, by a personal token. */
  token(role: Role, scopes: readonly string[]): Promise<TestCaller>;
  /** A secret key of the workspace. */
  readonly key: (scopes?: readonly string[]) => Promise<TestCaller>;
}

export function givenTeams(server: () => Pick<ServerAddress, 'url'>) {
  const users = givenUsers(server);

  const caller = (token: string, user: TestUser | null, workspaceId?: string): TestCaller => ({
    token,
    user,
    api: createEngagement({ baseUrl: server().url, token, workspaceId, fetch: truthfulFetch }),
    send: (method, path, body, headers) =>
      call(`${server().url}/api/v1${path}`, method, body, {
        authorization: `Bearer ${token}`,
        ...(workspaceId === undefined ? {} : { 'x-workspace-id': workspaceId }),
        ...headers,
      }),
  });

  const team = async (): Promise<TestTeam> => {
    const { owner, workspace } = await users.team();
    const bySession = (user: TestUser): TestCaller => caller(user.token, user, workspace.id);
    return {
      workspace,
      uuid: parseId('client', workspace.id)!,
      owner: bySession(owner),
      member: async (role) => bySession(await users.member(workspace, role)),
      token: async (role, scopes) => {
        const user = await users.member(workspace, role);
        const body = { name: 'Script', scopes };
        const made = accepted(await user.send('POST', inWorkspace(workspace, '/personal-tokens'), body));
        return caller((made.body as { token: string }).token, user);
      },
      key: async (scopes = ['*']) => caller(await keyOf(owner, workspace, { scopes }), null),
    };
  };

  return { team, caller, user: users.user };
}

/** A personal token that was never made. */
export const tokenOfNobody = (): string => makeKey('pat', false);

/** Revokes a personal token without telling any process. */
export async function revoke(token: string): Promise<void> {
  await sql(`UPDATE personal_tokens SET revoked_at = now() WHERE token_sha256 = $1`, hashKey(token));
}
