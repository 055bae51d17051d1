import { describe, expect, it } from '@jest/globals';
import { auth, newEmail, PASSWORD } from '../support/accounts.js';
import { runProgram } from '../support/client-create.js';
import { accepted } from '../support/given.js';
import { useServer } from '../support/server.js';

const server = useServer();
const userCreate = runProgram('user-create');

describe('user:create', () => {
  it('makes an owner with a workspace, and prints a link that works once', async () => {
    const email = newEmail();
    const args = ['--email', email.toUpperCase(), '--workspace', 'Acme', '--test', '--json'];
    const { code, out, error } = await userCreate(args, { PUBLIC_URL: 'https://chat.example.com' });
    expect([code, error]).toEqual([0, '']);
    const { link, workspace } = JSON.parse(out) as { link: string; workspace: string };
    const [, token] = /^https:\/\/chat\.example\.com\/reset-password#token=(\w+)$/.exec(link)!;
    const { post, login, as } = auth(() => server);
    expect((await login(email)).status).toBe(401);
    accepted(await post('/reset-password', { token, password: PASSWORD }));
    expect((await post('/reset-password', { token, password: PASSWORD })).status).toBe(400);
    const me = accepted(await as(accepted(await login(email)).body.token as string)('GET', '/me')).body;
    expect(me.user.emailVerified).toBe(true);
    expect(me.workspaces).toEqual([{ id: workspace, name: 'Acme', role: 'owner', livemode: false }]);
    const again = await userCreate(args);
    expect([again.code, again.out, again.error]).toEqual([1, '', 'This e-mail address has an account already.\n']);
  });

  it('is told how it is used, and what is wrong', async () => {
    const [usage, wrong] = await Promise.all([
      userCreate(['--email', newEmail()]),
      userCreate(['--email', 'nobody', '--workspace', 'Acme']),
    ]);
    expect([usage.code, wrong.code]).toEqual([2, 1]);
    expect(usage.error).toMatch(/^--workspace is missing\. Usage: npm run -s user:create/);
    expect(wrong.error).toMatch(/email/);
  });
});
