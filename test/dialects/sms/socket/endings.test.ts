import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseSid } from '../../../../src/platform/common/ids/sid.js';
import { parseId } from '../../../../src/platform/common/ids/type-id.js';
import { accepted } from '../../../support/given.js';
import { startProcess } from '../../../support/process.js';
import { useServer } from '../../../support/server.js';
import { SETTINGS } from '../../../support/settings.js';
import { sql } from '../../../support/sql.js';
import { teamsOn, type Team } from '../../../support/texting.js';
import { UiSocket } from '../../../support/ui-socket.js';
import { inWorkspace, type TestUser } from '../../../support/users.js';

const server = useServer();
const given = teamsOn(() => server);
/** Milliseconds in which what was lost has ended: five seconds, and some more on a busy machine. */
const SOON = 30_000;

const isOpen = ({ wire }: UiSocket): boolean => wire.readyState === 1;
async function expectEnded(socket: UiSocket, code: number): Promise<void> {
  const start = performance.now();
  expect((await socket.closed).code).toBe(code);
  expect(performance.now() - start).toBeLessThan(SOON);
}

describe('A socket is closed within five seconds', () => {
  it.each<[string, number, (acme: Team, user: TestUser) => Promise<unknown>]>([
    ['its user logs out', 4401, async (_, user) => accepted(await user.send('POST', '/api/auth/logout'))],
    [
      'its session has had its time',
      4401,
      (_, { uuid }) => sql('UPDATE user_sessions SET expires_at = now() WHERE user_id = $1', uuid),
    ],
    [
      'another process ended its session',
      4401,
      (_, { uuid }) => sql('UPDATE user_sessions SET revoked_at = now() WHERE user_id = $1', uuid),
    ],
    [
      'its user is removed',
      4403,
      async ({ owner, workspace }, { id }) =>
        accepted(await owner.send('DELETE', inWorkspace(workspace, `/members/${id}`))),
    ],
    [
      'its user leaves',
      4403,
      async ({ workspace }, user) => accepted(await user.send('POST', inWorkspace(workspace, '/leave'))),
    ],
    [
      'another process removed its user',
      4403,
      ({ uuid }, user) => sql('DELETE FROM memberships WHERE client_id = $1 AND user_id = $2', uuid, user.uuid),
    ],
  ])('when %s; others stay open', async (_, code, lose) => {
    const acme = await given.team();
    const user = await given.member(acme.workspace, 'agent');
    const [socket, bystander] = await Promise.all(
      [user, acme.owner].map((one) => UiSocket.of(server.url, one, acme.workspace)),
    );
    await lose(acme, user);
    await expectEnded(socket!, code);
    expect(isOpen(bystander!)).toBe(true);
    bystander!.end();
  });

  it('when its workspace is deleted, or disabled by another process; and not when its user may less', async () => {
    const [acme, other, third] = await Promise.all([given.team(), given.team(), given.team()]);
    const agent = await given.member(third.workspace, 'agent');
    const [socket, second] = await Promise.all(
      [acme, other].map((one) => UiSocket.of(server.url, one.owner, one.workspace)),
    );
    const lowered = await UiSocket.of(server.url, agent, third.workspace);
    const path = inWorkspace(third.workspace, `/members/${agent.id}`);
    accepted(await third.owner.send('PATCH', path, { role: 'viewer' }));
    accepted(await acme.owner.send('DELETE', inWorkspace(acme.workspace, `?confirm=${acme.workspace.name}`)));
    await sql('UPDATE clients SET disabled_at = now() WHERE id = $1', other.uuid);
    await Promise.all([socket!, second!].map((one) => expectEnded(one, 4403)));
    await third.send('Hello');
    await lowered.next('message.created');
    lowered.end();
  });
});

describe('A page that does not read', () => {
  it('is closed, while another gets all of it', async () => {
    const acme = await given.team();
    const sid = await acme.send('Hello');
    const messageId = parseSid(sid)!;
    // As the worker has counted it by then.
    await sql(`UPDATE deliveries SET segments = 1, encoding = 'GSM-7' WHERE client_id = $1`, acme.uuid);
    await sql(
      `UPDATE messages SET content = repeat('x', 60000) WHERE client_id = $1 AND id = $2`,
      acme.uuid,
      messageId,
    );
    const [fast, slow] = await Promise.all([1, 2].map(() => UiSocket.of(server.url, acme.owner, acme.workspace)));
    slow!.wire.pause();
    for (let round = 1; round <= 5; round += 1) {
      // 30 MB in all, far more than the kernel holds for a reader.
      await sql(
        `INSERT INTO events (client_id, id, type, channel_id, data)
         SELECT $1, gen_random_uuid(), 'delivery.updated', channel_id, jsonb_build_object('id', id)
         FROM deliveries CROSS JOIN generate_series(1, 100) WHERE client_id = $1 AND id = $2`,
        ...[acme.uuid, messageId],
      );
      await fast!.next('message.updated', round * 100);
    }
    slow!.wire.resume();
    expect([4100, 1006]).toContain((await slow!.closed).code);
    expect(isOpen(fast!)).toBe(true);
    fast!.end();
  });
});

describe('Two processes', () => {
  let acme: Team;
  beforeAll(async () => {
    acme = await given.team();
  });

  it('hear each other; at the end of one its pages go on at the other where they were', async () => {
    const there = await startProcess({ ...SETTINGS, DATABASE_URL: process.env.TEST_DATABASE_URL! });
    try {
      const [here, page] = await Promise.all(
        [server, there].map(({ url }) => UiSocket.of(url, acme.owner, acme.workspace)),
      );
      await acme.send('Hello');
      const [told] = await here!.next('message.created');
      const [heard] = await page!.next('message.created');
      expect(heard).toEqual(told);
      const ended = there.end('SIGTERM');
      expect((await page!.closed).code).toBe(4200);
      await acme.send('Are you there?');
      expect(await ended).toBe(0);
      const again = await UiSocket.of(server.url, acme.owner, acme.workspace, heard!.id);
      const [, missed] = await again.next('message.created', 2);
      expect(missed!.data.body).toBe('Are you there?');
      expect(parseId('event', missed!.id!)).not.toBeNull();
      [here!, again].forEach((one) => one.end());
    } finally {
      await there.end('SIGKILL');
    }
  });
});
