import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { formatId } from '../../../../src/platform/common/ids/type-id.js';
import { accepted } from '../../../support/given.js';
import { useServer } from '../../../support/server.js';
import { sql } from '../../../support/sql.js';
import { PHONE, teamsOn, type Team } from '../../../support/texting.js';
import { UiSocket, type UiFrame } from '../../../support/ui-socket.js';
import { until } from '../../../support/until.js';
import { inWorkspace } from '../../../support/users.js';

const server = useServer();
const given = teamsOn(() => server);
const open = ({ owner, workspace }: Team, lastEventId?: string): Promise<UiSocket> =>
  UiSocket.of(server.url, owner, workspace, lastEventId);
/** The frames about one message. */
const about = (socket: UiSocket, sid: string): UiFrame[] => socket.events.filter(({ data }) => data.sid === sid);
const bodies = (socket: UiSocket): string[] => socket.of('message.created').map(({ data }) => data.body as string);

describe('A page that is open', () => {
  let acme: Team;
  beforeAll(async () => {
    acme = await given.team();
  });

  it('is told of messages both ways, as the list shows them, and of their statuses', async () => {
    const viewer = await given.member(acme.workspace, 'viewer');
    const [socket, other] = [await UiSocket.of(server.url, viewer, acme.workspace), await open(await given.team())];
    const sid = await acme.send('Hello');
    const answer = await acme.hear('Hi!');
    await socket.next('message.created', 2);
    await acme.report(sid, 'delivered');
    const shown = async (): Promise<unknown> =>
      accepted(await viewer.send('GET', inWorkspace(acme.workspace, `/messages/${sid}`))).body;
    await until(() => about(socket, sid).some(({ data }) => data.status === 'delivered'));
    expect(about(socket, sid).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['message.created', 'message.updated']),
    );
    expect(about(socket, sid).at(-1)!.data).toEqual(await shown());
    expect(about(socket, answer)[0]).toMatchObject({
      type: 'message.created',
      data: { direction: 'inbound', status: 'received', body: 'Hi!', from: PHONE },
    });
    expect(other.events).toEqual([]);
    [socket, other].forEach((one) => one.end());
  });

  it('is told what becomes of a conversation: what is said, read by the team, and archived', async () => {
    const team = await given.team();
    const socket = await open(team);
    await team.hear('Hello?');
    await team.hear('Anybody there?');
    const last = async (isSo: (data: UiFrame['data']) => boolean): Promise<UiFrame['data']> =>
      until(() => {
        const data = socket.of('conversation.updated').at(-1)?.data;
        return data && isSo(data) ? data : null;
      });
    const { id } = await last(({ unreadCount }) => unreadCount === 2);
    const path = inWorkspace(team.workspace, `/conversations/${id}`);
    accepted(await team.owner.send('POST', `${path}/read`));
    await last(({ unreadCount }) => unreadCount === 0);
    accepted(await team.owner.send('PATCH', path, { archived: true }));
    const shown = accepted(await team.owner.send('GET', path)).body;
    expect(await last(({ archived }) => archived as boolean)).toEqual(shown);
    const ids = socket.events.map((frame) => frame.id);
    expect(new Set(ids).size).toBe(ids.length);
    const from = socket.of('conversation.updated').at(-1)!.id;
    accepted(await team.owner.send('PATCH', path, { archived: false }));
    await last(({ archived }) => archived === false);
    socket.end();
    const again = await open(team, from);
    await until(() => again.of('conversation.updated').at(-1)?.data.archived === false);
    expect(again.frames[0]!.data.resumed).toBe(true);
    again.end();
  });

  it('is told of what was said in a conversation and went to no phone', async () => {
    const socket = await open(acme);
    const sid = await acme.send('Hello');
    const [created] = await socket.next('message.created');
    const { conversationId } = created!.data;
    const headers = { 'x-workspace-id': acme.workspace.id };
    const [sender] = await sql<{ id: string }>(
      'SELECT customer_id AS id FROM addresses WHERE client_id = $1',
      acme.uuid,
    );
    const body = { channel_uuid: conversationId, sender_uuid: sender!.id, type: 'system', content: 'Ann took over.' };
    const { id } = accepted(await acme.owner.send('POST', '/api/v1/messages', body, headers)).body as { id: string };
    const [, noted] = await socket.next('message.created', 2);
    expect(noted!.data).toMatchObject({ id, conversationId, medium: null, status: null, body: 'Ann took over.' });
    expect(sid).toBe(created!.data.sid);
    socket.end();
  });

  it('is told what was deleted, and who may not be written to', async () => {
    const socket = await open(acme);
    const sid = await acme.send('A mistake');
    const [created] = await socket.next('message.created');
    const headers = { 'x-workspace-id': acme.workspace.id };
    const path = `/api/v1/messages/${created!.data.id}?mode=all_participants`;
    accepted(await acme.owner.send('DELETE', path, undefined, headers));
    await until(() => about(socket, sid).some(({ data }) => data.deleted));
    expect(about(socket, sid).at(-1)).toMatchObject({ type: 'message.updated', data: { body: null, deleted: true } });

    await acme.hear('STOP', '+14155550111');
    const [begun] = await socket.next('opt_out.updated');
    expect(begun!.data).toMatchObject({ number: '+14155550111', source: 'keyword', keyword: 'STOP', endedAt: null });
    await acme.hear('START', '+14155550111');
    const [, ended] = await socket.next('opt_out.updated', 2);
    expect(ended!.data).toMatchObject({ id: begun!.data.id, endedAt: expect.any(String) });
    socket.end();
  });
});

describe('A page that comes back', () => {
  it('is told what it missed, in order, and then what happens', async () => {
    const acme = await given.team();
    const first = await open(acme);
    await acme.send('one');
    const [last] = await first.next('message.created');
    first.end();
    await acme.send('two');
    await acme.hear('three');
    const again = await open(acme, last!.id);
    await acme.send('four');
    await until(() => bodies(again).includes('four'));
    expect(again.frames[0]).toEqual({ type: 'ready', data: { workspaceId: acme.workspace.id, resumed: true } });
    // What the ten seconds before brought comes again, under the ids it had.
    expect(bodies(again)).toEqual(['one', 'two', 'three', 'four']);
    expect(again.of('message.created')[0]!.id).toBe(last!.id);
    again.end();
  });

  it.each<[string, (acme: Team, id: string) => Promise<string>]>([
    ['an event that nobody knows', () => Promise.resolve(formatId('event', randomUUID()))],
    ['no id', () => Promise.resolve('nonsense')],
    [
      'an event of another workspace',
      async () => {
        const other = await given.team();
        const socket = await open(other);
        await other.send('Hello');
        const [{ id }] = (await socket.next('message.created')) as [UiFrame];
        socket.end();
        return id!;
      },
    ],
    [
      'an event of eight days ago',
      async ({ uuid }, id) => {
        await sql(`UPDATE events SET created_at = now() - interval '8 days' WHERE client_id = $1`, uuid);
        await sql(`UPDATE listeners SET since = now() - interval '9 days' WHERE client_id = $1`, uuid);
        return id;
      },
    ],
    [
      'one after which not everything was written',
      async ({ uuid }, id) => {
        await sql(`UPDATE listeners SET since = now() WHERE client_id = $1 AND id = $1`, uuid);
        return id;
      },
    ],
    [
      'one of more than 10,000 ago',
      async ({ uuid }, id) => {
        await sql(
          `INSERT INTO events (client_id, id, type, channel_id, customer_id, data)
         SELECT client_id, gen_random_uuid(), type, channel_id, customer_id, data
         FROM events CROSS JOIN generate_series(1, 10001) WHERE client_id = $1 AND type = 'message.created'`,
          uuid,
        );
        return id;
      },
    ],
  ])('with %s is told to ask anew, and then what happens', async (_, lastOf) => {
    const acme = await given.team();
    const socket = await open(acme);
    await acme.send('before');
    const [last] = await socket.next('message.created');
    socket.end();
    const again = await open(acme, await lastOf(acme, last!.id!));
    await again.next('resync');
    await acme.send('after');
    await until(() => bodies(again).includes('after'));
    expect(again.frames.slice(0, 2)).toEqual([
      { type: 'ready', data: { workspaceId: acme.workspace.id, resumed: false } },
      { type: 'resync' },
    ]);
    again.end();
  });

  it('finds what happened while no server heard of it', async () => {
    const acme = await given.team();
    const socket = await open(acme);
    const sid = await acme.send('Hello');
    const [last] = await socket.next('message.created');
    socket.end();
    // As when the process had let go of it: only the pages still listen.
    await sql('DELETE FROM listeners WHERE client_id = $1 AND replica_id IS NOT NULL', acme.uuid);
    await acme.send('Are you there?');
    const [kept] = await sql<{ days: number }>(
      `SELECT extract(day FROM until - now())::int AS days FROM listeners WHERE client_id = $1 AND id = $1`,
      acme.uuid,
    );
    expect(kept!.days).toBeGreaterThanOrEqual(7);
    const again = await open(acme, last!.id);
    await until(() => bodies(again).includes('Are you there?'));
    expect(about(again, sid)).not.toEqual([]);
    again.end();
  });
});
