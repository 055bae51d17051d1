import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { auth, newEmail, PASSWORD } from '../support/accounts.js';
import { accepted, type Reply } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { givenUsers, inWorkspace, signedIn, type TestUser } from '../support/users.js';

/** Requests of each race, half of them at either process. */
const AT_ONCE = 10;

const mail = new MailServer();
let one: ServerProcess;
let other: ServerProcess;
beforeAll(async () => {
  await ownDatabase();
  const settings = {
    ...{ DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error', SMTP_URL: await mail.start() },
    PUBLIC_URL: 'https://chat.example.com',
  };
  [one, other] = await Promise.all([
    startProcess({ ...settings, ROLE: 'all' }),
    startProcess({ ...settings, ROLE: 'web' }),
  ]);
});
afterAll(async () => {
  await Promise.all([one.end('SIGTERM'), other.end('SIGTERM')]);
  await mail.stop();
});

const given = givenUsers(() => one);
/** Asks `/api/auth` of a process. */
const asker = (at: () => ServerProcess): ReturnType<typeof auth> =>
  auth(() => ({ url: at().url, port: Number(new URL(at().url).port) }));
const [here, there] = [asker(() => one), asker(() => other)];
/** Asks both processes at once, again and again; the statuses, the lowest first. */
async function race(ask: (at: typeof here) => Promise<Reply>): Promise<number[]> {
  const replies = await Promise.all(Array.from({ length: AT_ONCE }, (_, count) => ask(count % 2 ? here : there)));
  return replies.map(({ status }) => status).sort();
}
const onlyOneOf = (first: number, others: number): number[] => [first, ...Array<number>(AT_ONCE - 1).fill(others)];

describe('At two processes at once', () => {
  it('registrations of one address make one user, whose link proves it once', async () => {
    const email = newEmail();
    const register = { email, password: PASSWORD, name: 'Ann' };
    expect(await race(({ post }) => post('/register', register))).toEqual(Array<number>(AT_ONCE).fill(202));
    // Whatever is to be sent has been.
    await until(
      async () => (await sql('SELECT FROM mails WHERE email = $1 AND next_attempt_at IS NOT NULL', email)).length === 0,
    );
    const token = await mail.token(email);
    expect(await race(({ post }) => post('/verify-email', { token }))).toEqual(onlyOneOf(204, 400));
    expect(await sql('SELECT FROM users WHERE email = $1', email)).toHaveLength(1);
    expect((await there.login(email)).status).toBe(200);
  });

  it('a link to choose a new password chooses one', async () => {
    const email = await here.user(mail);
    accepted(await there.post('/forgot-password', { email }));
    const token = await mail.token(email, 2);
    const passwords = Array.from({ length: AT_ONCE }, (_, count) => `another horse battery ${count}`);
    let asked = 0;
    const statuses = await race(({ post }) => post('/reset-password', { token, password: passwords[asked++] }));
    expect(statuses).toEqual(onlyOneOf(204, 400));
    const logins = await Promise.all(passwords.map((password) => here.login(email, password)));
    expect(logins.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await here.login(email)).status).toBe(401);
  });

  it('an invitation is accepted once, or revoked', async () => {
    const { owner, workspace } = await given.team();
    for (const isRevoked of [false, true]) {
      const email = newEmail();
      const path = inWorkspace(workspace, '/invitations');
      const { id } = accepted(await owner.send('POST', path, { email, role: 'agent' })).body as { id: string };
      const token = await mail.token(email);
      const revoking = isRevoked ? owner.send('DELETE', `${path}/${id}`) : null;
      const body = { token, name: 'Ben', password: PASSWORD };
      const statuses = await race(({ post }) => post('/accept-invitation', body));
      const revoked = (await revoking)?.status === 204;
      expect(statuses.filter((status) => status === 200)).toHaveLength(revoked ? 0 : 1);
      // Used or revoked, or by then somebody with an account.
      expect(statuses.filter((status) => ![200, 400, 409].includes(status))).toEqual([]);
      const members = await sql(
        'SELECT FROM memberships JOIN users ON users.id = user_id WHERE email = $1 AND client_id = $2',
        ...[email, parseId('client', workspace.id)],
      );
      expect(members).toHaveLength(revoked ? 0 : 1);
    }
  });

  it('of two owners who leave, one stays', async () => {
    const { owner, workspace } = await given.team();
    const second = await given.member(workspace, 'owner');
    const atOther: TestUser = await signedIn(other.url, second.uuid, second.email);
    const left = await Promise.all([owner, atOther].map((who) => who.send('POST', inWorkspace(workspace, '/leave'))));
    expect(left.map(({ status }) => status).sort()).toEqual([204, 409]);
    const owners = await sql(
      `SELECT FROM memberships WHERE client_id = $1 AND role = 'owner'`,
      parseId('client', workspace.id),
    );
    expect(owners).toHaveLength(1);
  });
});
