import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { createWorkspaces, type Workspaces } from '../../client/workspaces.js';
import type { components } from '../../client/schema-workspaces.d.js';
import { hashKey, makeToken } from '../../src/clients/key-format.js';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import type { Role } from '../../src/platform/common/tenancy/roles.js';
import { accepted, call, must, truthfulFetch, type Reply } from './given.js';
import { sql } from './sql.js';

export type Workspace = components['schemas']['Workspace'];

/** A user of a test's own, signed in. */
export interface TestUser {
  readonly id: string;
  readonly uuid: string;
  readonly email: string;
  readonly token: string;
  /** The generated client; each answer is held against the OpenAPI document. */
  readonly api: Workspaces;
  /** The same by hand, for what the generated client's types forbid. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

/** Users and workspaces to start from. */
export function givenUsers(server: () => { readonly url: string }) {
  const user = async (name = 'Ann'): Promise<TestUser> => {
    const uuid = randomUUID();
    const email = `${uuid}@example.com`;
    await sql(
      `INSERT INTO users (id, email, name, email_verified_at) VALUES ($1, $2, $3, now())`,
      ...[uuid, email, name],
    );
    return signedIn(server().url, uuid, email);
  };

  const workspace = async (owner: TestUser, body: Partial<components['schemas']['CreateWorkspace']> = {}) =>
    must(await owner.api.POST('/api/ui/workspaces', { body: { name: 'Acme', livemode: false, ...body } }));

  /** A new user who is this in the workspace. */
  const member = async ({ id }: Pick<Workspace, 'id'>, role: Role): Promise<TestUser> => {
    const one = await user(`The ${role}`);
    const clientId = parseId('client', id);
    await sql(`INSERT INTO memberships (client_id, user_id, role) VALUES ($1, $2, $3)`, clientId, one.uuid, role);
    return one;
  };

  /** An owner with a workspace. */
  const team = async (body: Partial<components['schemas']['CreateWorkspace']> = {}) => {
    const owner = await user('The owner');
    return { owner, workspace: await workspace(owner, body) };
  };

  return { user, workspace, member, team };
}

/** One more session of a user. */
export async function signedIn(url: string, uuid: string, email: string): Promise<TestUser> {
  const token = makeToken('ust');
  await sql(
    `INSERT INTO user_sessions (id, user_id, token_sha256, password_version, expires_at, ends_at, last_seen_at)
     VALUES ($1, $2, $3, 0, now() + interval '1 day', now() + interval '2 days', now())`,
    ...[uuidv7(), uuid, hashKey(token)],
  );
  return {
    ...{ id: formatId('user', uuid), uuid, email, token },
    api: createWorkspaces({ baseUrl: url, token, fetch: truthfulFetch }),
    send: (method, path, body, headers) =>
      call(`${url}${path}`, method, body, { authorization: `Bearer ${token}`, ...headers }),
  };
}

/** The path of something in a workspace. */
export const inWorkspace = ({ id }: Pick<Workspace, 'id'>, path = ''): string => `/api/ui/workspaces/${id}${path}`;

/** A secret key of a workspace, made by one of its users. */
export async function keyOf(user: TestUser, workspace: Workspace, body: object = {}): Promise<string> {
  const reply = accepted(await user.send('POST', inWorkspace(workspace, '/api-keys'), { name: 'Shop', ...body }));
  return (reply.body as { key: string }).key;
}
