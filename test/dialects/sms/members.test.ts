import { describe, expect, it } from '@jest/globals';
import type { Reply } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { beside, somebodyWaits, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';
import { givenUsers, inWorkspace, type TestUser, type Workspace } from '../../support/users.js';

const server = useServer();
const given = givenUsers(() => server);
const refused = ({ status, body }: Reply): unknown[] => [status, body?.error];
const roleTo = (by: TestUser, workspace: Workspace, user: TestUser, role: string): Promise<Reply> =>
  by.send('PATCH', inWorkspace(workspace, `/members/${user.id}`), { role });
const remove = (by: TestUser, workspace: Workspace, user: TestUser): Promise<Reply> =>
  by.send('DELETE', inWorkspace(workspace, `/members/${user.id}`));
const leave = (user: TestUser, workspace: Workspace): Promise<Reply> =>
  user.send('POST', inWorkspace(workspace, '/leave'));
const rolesIn = async ({ id }: Workspace, by: TestUser): Promise<Record<string, string>> => {
  const { body } = await by.send('GET', inWorkspace({ id }, '/members'));
  return Object.fromEntries(body.data.map((one: { userId: string; role: string }) => [one.userId, one.role]));
};

describe('The members of a workspace', () => {
  it('are listed, the newest first', async () => {
    const { owner, workspace } = await given.team();
    const agent = await given.member(workspace, 'agent');
    const { status, body } = await agent.send('GET', inWorkspace(workspace, '/members'));
    expect([status, body]).toEqual([
      200,
      {
        data: [
          {
            ...{ userId: agent.id, name: 'The agent', email: agent.email, role: 'agent', twoFactor: false },
            ...{ joinedAt: expect.any(String), lastSeenAt: expect.any(String) },
          },
          expect.objectContaining({ userId: owner.id, role: 'owner' }),
        ],
        pagination: { currentPage: 1, totalPages: 1, totalItems: 2, hasNext: false },
      },
    ]);
  });

  it('are raised and lowered by those above them, at once', async () => {
    const { owner, workspace } = await given.team();
    const [admin, viewer] = [await given.member(workspace, 'admin'), await given.member(workspace, 'viewer')];
    expect((await viewer.send('GET', inWorkspace(workspace))).status).toBe(200);
    expect(await roleTo(admin, workspace, viewer, 'admin')).toMatchObject({
      ...{ status: 200, body: { userId: viewer.id, email: viewer.email, role: 'admin' } },
    });
    expect((await viewer.send('PATCH', inWorkspace(workspace), { name: 'Ours' })).status).toBe(200);
    expect((await roleTo(admin, workspace, viewer, 'viewer')).status).toBe(200);
    expect(refused(await viewer.send('PATCH', inWorkspace(workspace), { name: 'Mine' }))).toEqual([403, 'forbidden']);
    expect(await rolesIn(workspace, owner)).toMatchObject({ [viewer.id]: 'viewer' });
  });

  it('make nobody what they are not, themselves least of all', async () => {
    const { owner, workspace } = await given.team();
    const [admin, agent] = [await given.member(workspace, 'admin'), await given.member(workspace, 'agent')];
    const stranger = await given.user();
    const replies = [
      await roleTo(admin, workspace, agent, 'owner'),
      await roleTo(admin, workspace, admin, 'owner'),
      await roleTo(admin, workspace, owner, 'viewer'),
      await remove(admin, workspace, owner),
      await roleTo(agent, workspace, agent, 'admin'),
      await remove(agent, workspace, admin),
    ];
    expect(replies.map(refused)).toEqual(replies.map(() => [403, 'forbidden']));
    expect(refused(await roleTo(admin, workspace, stranger, 'agent'))).toEqual([404, 'not_found']);
    expect(refused(await roleTo(admin, workspace, agent, 'king'))).toEqual([400, 'invalid_params']);
    expect(await rolesIn(workspace, owner)).toEqual({
      ...{ [owner.id]: 'owner', [admin.id]: 'admin', [agent.id]: 'agent' },
    });
  });

  it('that are removed find nothing any more', async () => {
    const { owner, workspace } = await given.team();
    const agent = await given.member(workspace, 'agent');
    expect((await agent.send('GET', inWorkspace(workspace))).status).toBe(200);
    expect((await remove(owner, workspace, agent)).status).toBe(204);
    expect(refused(await agent.send('GET', inWorkspace(workspace)))).toEqual([404, 'not_found']);
    expect(refused(await remove(owner, workspace, agent))).toEqual([404, 'not_found']);
  });
});

describe('The last owner', () => {
  it('neither leaves, nor is lowered or removed', async () => {
    const { owner, workspace } = await given.team();
    const replies = [
      await leave(owner, workspace),
      await roleTo(owner, workspace, owner, 'admin'),
      await remove(owner, workspace, owner),
    ];
    expect(replies.map(refused)).toEqual(replies.map(() => [409, 'last_owner']));
    expect(await rolesIn(workspace, owner)).toEqual({ [owner.id]: 'owner' });
  });

  it('is one of two who leave at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { owner, workspace } = await given.team();
      const second = await given.member(workspace, 'owner');
      const replies = await Promise.all([leave(owner, workspace), leave(second, workspace)]);
      expect(replies.map(({ status }) => status).sort()).toEqual([204, 409]);
      const left = await sql(`SELECT role FROM memberships WHERE user_id = ANY ($1)`, [owner.uuid, second.uuid]);
      expect(left).toEqual([{ role: 'owner' }]);
    }
  });

  it('is waited for by whoever changes a role meanwhile, which then sees what was done', async () => {
    const { owner, workspace } = await given.team();
    const second = await given.member(workspace, 'owner');
    await beside(async (connection) => {
      await connection.query('BEGIN');
      await connection.query(`UPDATE memberships SET role = 'viewer' WHERE user_id = $1`, [second.uuid]);
      const left = leave(owner, workspace);
      await until(somebodyWaits);
      await connection.query('COMMIT');
      expect(refused(await left)).toEqual([409, 'last_owner']);
    });
  });
});
