import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hashKey, makeToken } from '../../../src/clients/key-format.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { accepted, call, given as givenOn, type Reply } from '../../support/given.js';
import { startServer, useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';
import { sql } from '../../support/sql.js';
import { givenUsers, inWorkspace, type TestUser, type Workspace } from '../../support/users.js';

const server = useServer();
/** As in production: an e-mail address has to be proven. */
const strict = useServer(() => startServer({ SMTP_URL: 'smtp://127.0.0.1:1' }));
const given = givenUsers(() => server);
const refused = ({ status, body }: Reply): unknown[] => [status, body?.error];
const invite = (by: TestUser, workspace: Workspace, email: string, role = 'agent'): Promise<Reply> =>
  by.send('POST', inWorkspace(workspace, '/invitations'), { email, role });
const anEmail = (): string => `${randomUUID()}@example.com`;
const PASSWORD = 'correct horse battery staple';

/** An invitation, and the token that its mail would hold. */
async function invited(by: TestUser, workspace: Workspace, email: string, role = 'agent') {
  const { id } = accepted(await invite(by, workspace, email, role)).body as { id: string };
  return { id, token: await mailed(id) };
}

/** What the worker does when it writes the mail: the token is made then, and stored nowhere. */
async function mailed(id: string): Promise<string> {
  const token = makeToken('umt');
  await sql(`UPDATE invitations SET token_sha256 = $2 WHERE id = $1`, parseId('invitation', id), hashKey(token));
  return token;
}

const post = (path: string, body: object, token?: string): Promise<Reply> =>
  call(`${server.url}/api/auth/${path}`, 'POST', body, token === undefined ? {} : { authorization: `Bearer ${token}` });
const accept = (token: string, more: object = {}, session?: string): Promise<Reply> =>
  post('accept-invitation', { token, ...more }, session);

describe('An invitation', () => {
  it('asks somebody new in, who becomes a user and a member', async () => {
    const { owner, workspace } = await given.team();
    const email = anEmail();
    const { id, token } = await invited(owner, workspace, email);
    expect((await post('invitations/look', { token })).body).toEqual({
      workspace: { id: workspace.id, name: 'Acme' },
      ...{ email, role: 'agent', needsAccount: true },
    });
    expect((await accept(token)).body).toEqual({ error: 'missing_params', detail: 'Missing: name, password' });
    const { status, body } = await accept(token, { name: 'Ben', password: PASSWORD });
    expect([status, body]).toEqual([
      200,
      { workspace: { id: workspace.id, name: 'Acme', role: 'agent' }, token: expect.stringMatching(/^ust_/) },
    ]);
    const seen = await call(`${server.url}${inWorkspace(workspace)}`, 'GET', undefined, {
      authorization: `Bearer ${body.token}`,
    });
    expect(seen.body.role).toBe('agent');
    const log = accepted(await owner.send('GET', inWorkspace(workspace, '/audit-log?limit=1'))).body.data as unknown[];
    expect(log).toMatchObject([
      { action: 'invitation.accepted', subject: id, details: { role: 'agent' }, user: { name: 'Ben', email } },
    ]);
    expect((await accept(token)).status).toBe(400);
    const { pagination } = accepted(await owner.send('GET', inWorkspace(workspace, '/audit-log'))).body;
    expect(pagination.totalItems).toBe(2);
  });

  it('asks somebody in who has an account, and gives no session away', async () => {
    const { owner, workspace } = await given.team();
    const ben = await given.user('Ben');
    const { token } = await invited(owner, workspace, ben.email.toUpperCase());
    expect((await post('invitations/look', { token })).body).toMatchObject({ email: ben.email, needsAccount: false });
    expect((await accept(token, {}, ben.token)).body).toEqual({
      workspace: { id: workspace.id, name: 'Acme', role: 'agent' },
    });
    expect((await ben.send('GET', inWorkspace(workspace))).body.role).toBe('agent');
  });

  it('is for nobody else', async () => {
    const { owner, workspace } = await given.team();
    const eve = await given.user('Eve');
    const { token } = await invited(owner, workspace, anEmail());
    expect(refused(await accept(token, { name: 'Eve', password: PASSWORD }, eve.token))).toEqual([403, 'forbidden']);
    expect(refused(await accept(token, {}, makeToken('ust')))).toEqual([401, 'unauthorized']);
    expect(refused(await eve.send('GET', inWorkspace(workspace)))).toEqual([404, 'not_found']);
  });

  it('opens nothing for whoever registered that e-mail and never proved it', async () => {
    const { owner, workspace } = await given.team();
    const squatter = await given.user('Mallory');
    await sql(`UPDATE users SET email_verified_at = NULL WHERE id = $1`, squatter.uuid);
    const { token } = await invited(owner, workspace, squatter.email);
    const reply = await call(`${strict.url}/api/auth/accept-invitation`, 'POST', { token });
    expect(refused(reply)).toEqual([403, 'email_not_verified']);
  });

  it('works once, and not after it was revoked, renewed or has expired', async () => {
    const { owner, workspace } = await given.team();
    const ben = await given.user('Ben');
    const used = await invited(owner, workspace, ben.email);
    expect((await accept(used.token)).status).toBe(200);
    const revoked = await invited(owner, workspace, anEmail());
    const path = inWorkspace(workspace, `/invitations/${revoked.id}`);
    expect((await owner.send('DELETE', path)).status).toBe(204);
    expect(refused(await owner.send('DELETE', path))).toEqual([404, 'not_found']);
    expect(refused(await owner.send('POST', `${path}/resend`))).toEqual([404, 'not_found']);
    const expired = await invited(owner, workspace, anEmail());
    await sql(`UPDATE invitations SET expires_at = now() WHERE id = $1`, parseId('invitation', expired.id));
    const renewed = await invited(owner, workspace, anEmail());
    expect((await owner.send('POST', inWorkspace(workspace, `/invitations/${renewed.id}/resend`))).status).toBe(200);
    const fresh = await mailed(renewed.id);
    const tokens = [used.token, revoked.token, expired.token, renewed.token, makeToken('umt'), 'guessed'];
    for (const token of tokens) {
      expect(refused(await accept(token, { name: 'Ben', password: PASSWORD }))).toEqual([400, 'invalid_token']);
      expect(refused(await post('invitations/look', { token }))).toEqual([400, 'invalid_token']);
    }
    expect((await post('invitations/look', { token: fresh })).status).toBe(200);
  });

  it('is accepted once by many at once, and never beside being revoked', async () => {
    const { owner, workspace } = await given.team();
    const ben = await given.user('Ben');
    const one = await invited(owner, workspace, ben.email);
    const replies = await Promise.all(Array.from({ length: 5 }, () => accept(one.token)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    for (let round = 0; round < 5; round += 1) {
      const eve = await given.user('Eve');
      const two = await invited(owner, workspace, eve.email);
      const [taken, gone] = await Promise.all([
        accept(two.token),
        owner.send('DELETE', inWorkspace(workspace, `/invitations/${two.id}`)),
      ]);
      const isMember = (await eve.send('GET', inWorkspace(workspace))).status === 200;
      expect([
        [200, 404, true],
        [400, 204, false],
      ]).toContainEqual([taken.status, gone.status, isMember]);
    }
  });

  it('is refused to members, twice, and above one’s own role', async () => {
    const { owner, workspace } = await given.team();
    const admin = await given.member(workspace, 'admin');
    expect(refused(await invite(admin, workspace, owner.email))).toEqual([409, 'conflict']);
    expect(refused(await invite(admin, workspace, anEmail(), 'owner'))).toEqual([403, 'forbidden']);
    const email = anEmail();
    const { id } = await invited(admin, workspace, email);
    expect(refused(await invite(owner, workspace, email))).toEqual([409, 'conflict']);
    await sql(`UPDATE invitations SET expires_at = now() WHERE id = $1`, parseId('invitation', id));
    expect((await invite(owner, workspace, email)).status).toBe(201);
    const { body } = await admin.send('GET', inWorkspace(workspace, '/invitations'));
    expect(body.data).toEqual([
      {
        ...{ id: expect.stringMatching(/^inv_/), email, role: 'agent', invitedBy: owner.id },
        ...{ expiresAt: expect.any(String), createdAt: expect.any(String) },
      },
    ]);
  });

  it('is the operator’s to make, too', async () => {
    const client = await givenOn(() => server).client({ name: 'Umbrella' });
    const email = anEmail();
    const ask = (body: object): Promise<Reply> =>
      call(`${server.url}/admin/v1/clients/${client.id}/invitations`, 'POST', body, {
        authorization: `Bearer ${ADMIN_KEY}`,
      });
    const { status, body } = await ask({ email, role: 'owner' });
    expect([status, body]).toMatchObject([201, { object: 'invitation', client_id: client.id, email, role: 'owner' }]);
    const again = await ask({ email, role: 'owner' });
    expect([again.status, again.body.code]).toEqual([409, 'already_exists']);
    const taken = await accept(await mailed(body.id), { name: 'Ann', password: PASSWORD });
    expect(taken.body.workspace).toEqual({ id: client.id, name: 'Umbrella', role: 'owner' });
  });
});
