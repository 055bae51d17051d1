import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auth, newEmail, PASSWORD } from '../support/accounts.js';
import { accepted, type Reply } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { openPage, type OpenPage } from '../support/page.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const mail = new MailServer();
const server = useServer(async () => startServer({ ROLE: 'all', SMTP_URL: await mail.start() }));
const { post, login, as, user } = auth(() => server);

afterAll(() => mail.stop());
const open = (path: string): Promise<OpenPage> => openPage(server.url, path);

describe('The page behind a mailed link', () => {
  it('proves an e-mail address, and chooses a password, each when its button is pressed', async () => {
    const email = newEmail();
    accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' }));
    const verify = await open(`/verify-email#token=${await mail.token(email)}`);
    expect(verify.window.location.href).toBe(`${server.url}/verify-email`);
    expect((await login(email)).status).toBe(403);
    expect(await verify.press()).toContain('Done');
    expect((await login(email)).status).toBe(200);
    accepted(await post('/forgot-password', { email }));
    const reset = await open(`/reset-password#token=${await mail.token(email, 2)}`);
    const input = reset.document.querySelector('input[name=password]');
    input.value = 'qwertyuiop';
    expect(await reset.press()).toContain('many people use');
    input.value = 'a battery of horses';
    expect(await reset.press()).toContain('Done');
    expect((await login(email, 'a battery of horses')).status).toBe(200);
  });

  it('says what an invitation is for, and makes an account of it', async () => {
    const owner = as((await login(await user(mail))).body.token as string);
    const inWorkspaces = (path: string, body: object): Promise<Reply> =>
      owner('POST', `/../ui/workspaces${path}`, body);
    const { id } = accepted(await inWorkspaces('', { name: 'Acme', livemode: false })).body as { id: string };
    const email = newEmail();
    accepted(await inWorkspaces(`/${id}/invitations`, { email, role: 'agent' }));
    const { document, press } = await open(`/invitation#token=${await mail.token(email)}`);
    const status = document.querySelector('[role=status]');
    await until(() => status.textContent);
    expect(status.textContent).toBe(`Join Acme as ${email}.`);
    document.querySelector('input[name=name]').value = 'Ben';
    document.querySelector('input[name=password]').value = PASSWORD;
    expect(await press()).toContain('Done');
    const ben = as((await login(email)).body.token as string);
    expect((await ben('GET', '/me')).body.workspaces).toMatchObject([{ id, name: 'Acme', role: 'agent' }]);
  });
});
