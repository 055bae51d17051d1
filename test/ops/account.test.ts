import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auth, newEmail, PASSWORD } from '../support/accounts.js';
import { accepted, type Reply } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase } from '../support/sql.js';
import { until } from '../support/until.js';

interface Page {
  eval(script: string): void;
  fetch: (to: string, init: RequestInit) => Promise<Response>;
  readonly Event: new (name: string, options: { cancelable: boolean }) => object;
  readonly location: { readonly href: string };
  readonly document: { querySelector(selector: string): Part };
}
interface Part {
  value: string;
  textContent: string;
  dispatchEvent(event: object): void;
}
interface Jsdom {
  readonly JSDOM: new (html: string, options: object) => { readonly window: Page };
}
// Its types bring those of a browser along, for all files.
const { JSDOM } = createRequire(import.meta.url)('jsdom') as Jsdom;

beforeAll(ownDatabase);
const mail = new MailServer();
const server = useServer(async () => startServer({ ROLE: 'all', SMTP_URL: await mail.start() }));
const { post, login, as, user } = auth(() => server);

afterAll(() => mail.stop());

/** Opens a mailed link as a browser does. */
async function open(path: string) {
  const page = await fetch(`${server.url}${path}`);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const html = await page.text();
  const [, script] = /src="([^"]+\.js)"/.exec(html)!;
  const dom = new JSDOM(html, { url: `${server.url}${path}`, runScripts: 'outside-only' });
  dom.window.fetch = (to, init) => fetch(new URL(to, server.url), init);
  dom.window.eval(`(() => {${await (await fetch(`${server.url}${script}`)).text()}})()`);
  const { document } = dom.window;
  const press = async (): Promise<string> => {
    document.querySelector('form').dispatchEvent(new dom.window.Event('submit', { cancelable: true }));
    return until(() => document.querySelector('[role=status]').textContent);
  };
  return { dom, press };
}

describe('The page behind a mailed link', () => {
  it('proves an e-mail address, and chooses a password, each when its button is pressed', async () => {
    const email = newEmail();
    accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' }));
    const verify = await open(`/verify-email#token=${await mail.token(email)}`);
    expect(verify.dom.window.location.href).toBe(`${server.url}/verify-email`);
    expect((await login(email)).status).toBe(403);
    expect(await verify.press()).toContain('Done');
    expect((await login(email)).status).toBe(200);
    accepted(await post('/forgot-password', { email }));
    const reset = await open(`/reset-password#token=${await mail.token(email, 2)}`);
    const input = reset.dom.window.document.querySelector('input[name=password]');
    input.value = 'qwertyuiop';
    expect(await reset.press()).toContain('many people use');
    input.value = 'a battery of horses';
    reset.dom.window.document.querySelector('[role=status]').textContent = '';
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
    const { dom, press } = await open(`/invitation#token=${await mail.token(email)}`);
    const { document } = dom.window;
    const status = document.querySelector('[role=status]');
    await until(() => status.textContent);
    expect(status.textContent).toBe(`Join Acme as ${email}.`);
    document.querySelector('input[name=name]').value = 'Ben';
    document.querySelector('input[name=password]').value = PASSWORD;
    status.textContent = '';
    expect(await press()).toContain('Done');
    const ben = as((await login(email)).body.token as string);
    expect((await ben('GET', '/me')).body.workspaces).toMatchObject([{ id, name: 'Acme', role: 'agent' }]);
  });
});
