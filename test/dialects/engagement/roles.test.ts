import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '../../../src/platform/common/tenancy/roles.js';
import { ENGAGEMENT_SCOPES } from '../../../src/platform/common/tenancy/scopes.js';
import { givenTeams, type TestCaller } from '../../support/engagement.js';
import type { Reply } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { engagementOperations } from '../../support/truth.js';

const server = useServer();
const given = givenTeams(() => server);
const SCOPE = 'x-required-scope';
const ROLE = 'x-required-role';
type Known = (typeof engagementOperations)[number];
const needsOf = ({ operation }: Known) => operation as { [SCOPE]?: string; [ROLE]?: Role };
const ofWorkspaces = engagementOperations.filter((one) => needsOf(one)[ROLE] !== undefined);
const each = ofWorkspaces.map((one) => [one.operation.operationId, one] as const);

/** With what names nothing and a field that nobody knows: whoever may ask is told so, and nothing happens. */
function ask(caller: TestCaller, { method, path, operation }: Known): Promise<Reply> {
  const named = path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '4242424242');
  const takesBody = operation.requestBody !== undefined;
  return caller.send(method, named, takesBody ? { nobody_knows: 1 } : undefined);
}

let members: Readonly<Record<Role, TestCaller>>;
let scopeless: TestCaller[];
const scoped = new Map<string, TestCaller[]>();
let stranger: TestCaller;
beforeAll(async () => {
  const team = await given.team();
  members = Object.fromEntries(
    await Promise.all(ROLES.map(async (role) => [role, await team.member(role)] as const)),
  ) as Record<Role, TestCaller>;
  const holding = (scope: string) => Promise.all([team.token('owner', [scope]), team.key([scope])]);
  scopeless = await holding('analytics');
  for (const scope of ENGAGEMENT_SCOPES) {
    scoped.set(scope, await holding(scope));
  }
  const { user } = (await given.team()).owner;
  stranger = given.caller(user!.token, user, team.workspace.id);
});

describe('Every route of a workspace', () => {
  it('is looked at', () => expect(each.length).toBeGreaterThan(5));

  it.each(each)('%s is for its role and those above', async (_, one) => {
    const least = ROLES.indexOf(needsOf(one)[ROLE]!);
    for (const role of ROLES) {
      const { status, body } = await ask(members[role], one);
      const isRefused = status === 403;
      expect([role, isRefused]).toEqual([role, ROLES.indexOf(role) < least]);
      if (isRefused) {
        const error = { error: 'Insufficient permissions.', code: 'FORBIDDEN' };
        expect(body).toEqual({ ...error, required_role: ROLES[least] });
      } else {
        expect([200, 404, 422]).toContain(status);
      }
    }
  });

  it.each(each)('%s is for tokens and keys of its scope', async (_, one) => {
    const scope = needsOf(one)[SCOPE];
    const without = await Promise.all(scopeless.map((caller) => ask(caller, one)));
    if (scope === undefined || scope === 'analytics') {
      expect(without.map(({ status }) => status)).not.toContain(403);
      return;
    }
    const refusal = [403, { message: 'Invalid ability provided.', required_scope: scope }];
    expect(without.map(({ status, body }) => [status, body])).toEqual([refusal, refusal]);
    for (const caller of scoped.get(scope)!) {
      expect((await ask(caller, one)).status).not.toBe(403);
    }
  });

  it.each(each)('%s is nobody else’s', async (_, one) => {
    const { status, body } = await ask(stranger, one);
    expect([status, body]).toEqual([403, { error: 'No active workspace.', code: 'NO_WORKSPACE' }]);
  });
});
