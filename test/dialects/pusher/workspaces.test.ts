import { beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, call } from '../../support/given.js';
import { asClient, Listener, RawSocket, type Asker } from '../../support/pusher.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';
import { teamsOn, type Team } from '../../support/texting.js';
import { UiSocket } from '../../support/ui-socket.js';
import { inWorkspace, keyOf, type TestUser } from '../../support/users.js';

const server = useServer();
const given = teamsOn(() => server);
let acme: Team;
let room: string;
beforeAll(async () => {
  acme = await given.team();
  room = `private-workspace.${acme.workspace.id}`;
});
const asUser = ({ token }: TestUser, { workspace }: Team = acme): Asker =>
  asClient(server.url, { headers: { authorization: `Bearer ${token}`, 'x-workspace-id': workspace.id } });
const open = (team: Team = acme): RawSocket => RawSocket.open(server.url, team.workspace.publicKey);

describe('private-workspace', () => {
  it('tells members what the socket of their pages tells', async () => {
    const viewer = await given.member(acme.workspace, 'viewer');
    const page = new Listener(server.url, acme.workspace.publicKey, asUser(viewer));
    const socket = await UiSocket.of(server.url, viewer, acme.workspace);
    await page.subscribe(room);
    await acme.send('Hello');
    await acme.hear('STOP', '+14155550123');
    for (const type of ['message.created', 'conversation.updated', 'opt_out.updated']) {
      const [[told], [heard]] = [await socket.next(type), await page.next(type)];
      expect([type, heard!.data]).toEqual([type, told!.data]);
    }
    socket.end();
    page.end();
  });

  it('is for members alone, and they subscribe to nothing else', async () => {
    const other = await given.team();
    const key = await keyOf(acme.owner, acme.workspace, { scopes: ['*'] });
    const withKey = asClient(server.url, {
      headers: { authorization: `Bearer ${key}`, 'x-public-key': acme.workspace.publicKey, origin: 'http://localhost' },
    });
    const socket = open();
    await socket.next('pusher:connection_established');
    const refused = async (ask: Asker, name: string): Promise<string> =>
      ask(socket.id, name).then(
        () => 'allowed',
        ({ message }: Error) => message,
      );
    const says = 'Forbidden - Not allowed to subscribe to this channel';
    expect(
      await Promise.all([
        refused(asUser(acme.owner), `private-workspace.${other.workspace.id}`),
        refused(asUser(acme.owner), 'private-client'),
        refused(asUser(other.owner, other), room),
        refused(withKey, room),
      ]),
    ).toEqual([says, says, says, says]);
    const headers = { authorization: `Bearer ${acme.owner.token}`, 'x-workspace-id': other.workspace.id };
    const body = { socket_id: socket.id, channel_name: room };
    const foreign = await call(`${server.url}/broadcasting/auth`, 'POST', body, headers);
    expect([foreign.status, foreign.body]).toMatchObject([404, { code: 'not_found', error: 'Client not found' }]);
    socket.end();
  });

  it('takes no client events', async () => {
    const socket = open();
    await socket.subscribe(room, asUser(acme.owner));
    socket.send({ event: 'client-typing', channel: room, data: {} });
    expect((await socket.next('pusher:error'))[0]!.data).toMatchObject({ code: 4009 });
    socket.end();
  });

  it.each<[string, (user: TestUser) => Promise<unknown>]>([
    ['its session is ended', ({ uuid }) => sql('UPDATE user_sessions SET revoked_at = now() WHERE user_id = $1', uuid)],
    [
      'its user is removed',
      async ({ id }) => accepted(await acme.owner.send('DELETE', inWorkspace(acme.workspace, `/members/${id}`))),
    ],
  ])('ends within five seconds when %s, and is not begun anew', async (_, lose) => {
    const user = await given.member(acme.workspace, 'agent');
    const [socket, late] = [open(), open()];
    await socket.subscribe(room, asUser(user));
    await late.next('pusher:connection_established');
    const answer = await asUser(user)(late.id, room);
    const start = performance.now();
    await lose(user);
    expect((await socket.closed).code).toBe(4009);
    expect(performance.now() - start).toBeLessThan(30_000);
    late.send({ event: 'pusher:subscribe', data: { channel: room, ...answer } });
    expect((await late.next('pusher:subscription_error'))[0]!.data).toMatchObject({ status: 403 });
    late.end();
  });

  it('opens from the pages where users work', async () => {
    const options = { origin: server.url };
    const socket = RawSocket.open(server.url, acme.workspace.publicKey, '?protocol=7', options);
    await socket.subscribe(room, asUser(acme.owner));
    socket.end();
  });
});
