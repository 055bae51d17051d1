import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '../../../src/platform/common/tenancy/roles.js';
import type { Reply } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { workspaceOperations, type Operation } from '../../support/truth.js';
import { givenUsers, type TestUser, type Workspace } from '../../support/users.js';

const server = useServer();
const given = givenUsers(() => server);
const roleOf = (operation: Operation): Role => (operation as unknown as { 'x-required-role': Role })['x-required-role'];
const ofMembers = workspaceOperations.filter(({ path }) => path.includes('{workspaceId}'));
const each = ofMembers.map((one) => [one.operation.operationId, one] as const);

/** Its path in this workspace, with the examples of the document for all else: they name nothing there is. */
function pathOf({ path, operation }: (typeof ofMembers)[number], { id }: Pick<Workspace, 'id'>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const schema = operation.parameters?.find((one) => one.name === name)?.schema as { example?: string };
    return name === 'workspaceId' ? id : String(schema.example);
  });
}
/** With a field that nobody knows: whoever may ask is told of it, so that nothing happens. */
const ask = (user: TestUser, one: (typeof ofMembers)[number], workspace: Pick<Workspace, 'id'>): Promise<Reply> =>
  user.send(one.method, pathOf(one, workspace), one.operation.requestBody ? { nobody_knows: 1 } : undefined);

let workspace: Workspace;
let users: Readonly<Record<Role, TestUser>>;
let stranger: TestUser;
beforeAll(async () => {
  const team = await given.team();
  workspace = team.workspace;
  const entries = await Promise.all(ROLES.map(async (role) => [role, await given.member(workspace, role)] as const));
  users = Object.fromEntries(entries) as Record<Role, TestUser>;
  stranger = (await given.team()).owner;
});

describe('Every route of a workspace', () => {
  it('is looked at', () => {
    expect(each.length).toBeGreaterThan(15);
  });

  it.each(each)('%s is for its role and those above, and for no member below', async (id, one) => {
    const least = ROLES.indexOf(roleOf(one.operation));
    expect(least).toBeGreaterThanOrEqual(0);
    // Who leaves is no member any more.
    const asked = id === 'workspaceMembersLeave' ? [] : ROLES;
    for (const role of asked) {
      const { status, body } = await ask(users[role], one, workspace);
      const isRefused = status === 403;
      expect([role, isRefused]).toEqual([role, ROLES.indexOf(role) < least]);
      if (isRefused) {
        expect(body).toEqual({ error: 'forbidden', detail: `Forbidden - Needs the role ${ROLES[least]}` });
      } else {
        expect(status).not.toBe(401);
        expect(body?.detail).not.toBe('Workspace not found');
      }
    }
  });

  it.each(each)('%s is nobody else’s, as if there were no such workspace', async (_, one) => {
    const foreign = await ask(stranger, one, workspace);
    const unknown = await ask(stranger, one, { id: 'clt_00000000000000000000000000' });
    const malformed = await ask(stranger, one, { id: 'nonsense' });
    for (const reply of [foreign, unknown, malformed]) {
      expect([reply.status, reply.body]).toEqual([404, { error: 'not_found', detail: 'Workspace not found' }]);
    }
  });
});
