import { once } from 'node:events';
import { beforeAll, describe, expect, it } from '@jest/globals';
import WebSocket from 'ws';
import { makeToken } from '../../../../src/clients/key-format.js';
import { accepted, call } from '../../../support/given.js';
import { useServer } from '../../../support/server.js';
import { sql } from '../../../support/sql.js';
import { teamsOn, type Team } from '../../../support/texting.js';
import { UiSocket } from '../../../support/ui-socket.js';
import { inWorkspace, keyOf } from '../../../support/users.js';

const server = useServer();
const given = teamsOn(() => server);
let acme: Team;
beforeAll(async () => {
  acme = await given.team();
});

/** The status that the handshake is answered with. */
async function answered(path: string, protocols: string[], origin?: string): Promise<number> {
  const wire = new WebSocket(
    server.url.replace('http', 'ws') + path,
    protocols,
    origin === undefined ? {} : { origin },
  );
  wire.on('error', () => undefined);
  const [status] = await Promise.race([
    once(wire, 'unexpected-response').then(([, { statusCode }]) => [statusCode as number]),
    once(wire, 'open').then(() => [101]),
  ]);
  wire.terminate();
  return status!;
}
type Asked = readonly [token: string | null, workspaceId: string];
const withToken = (token: string): string[] => ['parlance.v1', `bearer.${token}`];
const opened = (): Promise<UiSocket> => UiSocket.open(server.url, acme.owner.token);

describe('A handshake at /api/ui/ws', () => {
  it('is answered with parlance.v1 and nothing of the token', async () => {
    const socket = await opened();
    expect(socket.wire.protocol).toBe('parlance.v1');
    socket.end();
  });

  it('is refused in HTTP without the protocol, with a query, and to foreign pages', async () => {
    const { token } = acme.owner;
    const stranger = await given.user();
    const answers = await Promise.all([
      answered('/api/ui/ws', []),
      answered('/api/ui/ws', [`bearer.${token}`]),
      answered(`/api/ui/ws?token=${token}`, ['parlance.v1']),
      answered('/api/ui/ws', withToken(token), 'https://evil.example'),
      answered('/api/ui/ws', withToken(token), 'null'),
      answered('/api/ui/ws', ['parlance.v1'], 'https://evil.example'),
      answered('/api/ui/ws', withToken(stranger.token), 'https://sms.acme.com'),
      answered('/api/ui/ws', withToken(token), server.url),
    ]);
    expect(answers).toEqual([400, 400, 400, 403, 403, 403, 403, 101]);
  });

  it('is admitted from the site of a workspace of the user, and subscribes to that one only', async () => {
    const [{ owner, workspace }, other] = [acme, await given.workspace(acme.owner, { name: 'Other' })];
    accepted(await owner.send('PATCH', inWorkspace(workspace), { domain: 'sms.acme.com', allowedSubdomains: ['www'] }));
    const from = (origin: string) => UiSocket.open(server.url, owner.token, { origin });
    const [site, again] = [await from('https://www.sms.acme.com'), await from('https://sms.acme.com')];
    await site.subscribe({ workspaceId: workspace.id });
    again.send({ type: 'subscribe', data: { workspaceId: other.id } });
    expect((await again.closed).code).toBe(4403);
    site.end();
  });

  it('that asks for no upgrade is told to', async () => {
    const { status, headers, body } = await call(`${server.url}/api/ui/ws?token=x`, 'GET');
    expect([status, headers.get('upgrade'), body.error]).toEqual([426, 'websocket', 'upgrade_required']);
  });
});

describe('A socket at /api/ui/ws', () => {
  it('that does not subscribe within five seconds is closed with 4408', async () => {
    const socket = await opened();
    socket.send({ type: 'ping' });
    await socket.next('pong');
    expect((await socket.closed).code).toBe(4408);
  });

  it('may bring its token in the first frame', async () => {
    const socket = await UiSocket.open(server.url);
    await socket.subscribe({ workspaceId: acme.uuid, token: acme.owner.token });
    expect(socket.frames).toEqual([{ type: 'ready', data: { workspaceId: acme.workspace.id, resumed: false } }]);
    socket.end();
  });

  it.each<[number, string, () => Asked | Promise<Asked>]>([
    [4401, 'no token', () => [null, acme.workspace.id]],
    [4401, 'a token of nobody', () => [makeToken('ust'), acme.workspace.id]],
    [4401, 'no token at all', () => ['nonsense', acme.workspace.id]],
    [4401, 'a key', async () => [await keyOf(acme.owner, acme.workspace), acme.workspace.id]],
    [4403, 'another workspace', async () => [acme.owner.token, (await given.team()).workspace.id]],
    [4403, 'no workspace', () => [acme.owner.token, 'clt_01h455vb4pex5vsknk084sn02q']],
    [4403, 'nonsense for a workspace', () => [acme.owner.token, '../x']],
  ])('is closed with %i for %s', async (code, _, ask) => {
    const [token, workspaceId] = await ask();
    const socket = await UiSocket.open(server.url, token);
    socket.send({ type: 'subscribe', data: { workspaceId } });
    expect((await socket.closed).code).toBe(code);
    expect(socket.frames).toEqual([]);
  });

  it('of a session that was ended a moment ago is closed with 4401', async () => {
    const { user, workspace } = { user: await given.member(acme.workspace, 'viewer'), workspace: acme.workspace };
    // Into the caches of the server, which are then wrong.
    accepted(await user.send('GET', inWorkspace(workspace)));
    await sql('UPDATE user_sessions SET revoked_at = now() WHERE user_id = $1', user.uuid);
    const socket = await UiSocket.open(server.url, user.token);
    socket.send({ type: 'subscribe', data: { workspaceId: workspace.id } });
    expect((await socket.closed).code).toBe(4401);
    expect(socket.frames).toEqual([]);
  });

  it.each<[string, number, (socket: UiSocket) => void]>([
    ['eleven frames at once', 4100, (socket) => Array.from({ length: 11 }, () => socket.send({ type: 'ping' }))],
    ['5 KB', 1009, (socket) => socket.send({ type: 'ping', data: 'x'.repeat(5_000) })],
    ['a binary frame', 1003, (socket) => socket.send(Buffer.from('{"type":"ping"}'))],
    ['no JSON', 1008, (socket) => socket.send('ping')],
    ['null', 1008, (socket) => socket.send('null')],
    ['no type', 1008, (socket) => socket.send({})],
    ['a message', 1008, (socket) => socket.send({ type: 'message.created', data: {} })],
    ['a subscription to nothing', 1008, (socket) => socket.send({ type: 'subscribe' })],
    ['a workspace that is no text', 1008, (socket) => socket.send({ type: 'subscribe', data: { workspaceId: [] } })],
    [
      'a field that nobody knows',
      1008,
      (socket) => socket.send({ type: 'subscribe', data: { workspaceId: acme.workspace.id, lastEventID: 'evt_' } }),
    ],
    [
      'two subscriptions',
      1008,
      (socket) => [1, 2].map(() => socket.send({ type: 'subscribe', data: { workspaceId: acme.workspace.id } })),
    ],
  ])('that says %s is closed with %i', async (_, code, say) => {
    const socket = await opened();
    say(socket);
    expect((await socket.closed).code).toBe(code);
  });
});
