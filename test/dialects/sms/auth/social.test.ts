import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auth, newEmail, PASSWORD } from '../../../support/accounts.js';
import { accepted, truthfulFetch, type Reply } from '../../../support/given.js';
import { openPage } from '../../../support/page.js';
import { startServer, useServer, type ServerAddress } from '../../../support/server.js';
import { browse, CLIENT, GithubServer, OpenIdServer } from '../../../support/social-providers.js';
import { sql } from '../../../support/sql.js';
import { until } from '../../../support/until.js';

const SITE = 'https://chat.example.com';
const callback = (provider: string): string => `${SITE}/api/auth/social/${provider}/callback`;
const openId = new OpenIdServer([callback('google'), callback('microsoft')]);
const github = new GithubServer();

let env: Record<string, string>;
beforeAll(async () => {
  const [issuer, url] = [await openId.start(), await github.start()];
  env = {
    PUBLIC_URL: SITE,
    ...{ GOOGLE_CLIENT_ID: CLIENT.id, GOOGLE_CLIENT_SECRET: CLIENT.secret, GOOGLE_ISSUER: issuer },
    ...{ GITHUB_CLIENT_ID: CLIENT.id, GITHUB_CLIENT_SECRET: CLIENT.secret, GITHUB_URL: url, GITHUB_API_URL: url },
  };
});
const server = useServer(() =>
  startServer({
    ...env,
    ...{ MICROSOFT_CLIENT_ID: CLIENT.id, MICROSOFT_CLIENT_SECRET: CLIENT.secret, MICROSOFT_ISSUER: env.GOOGLE_ISSUER! },
  }),
);
const byInvitation = useServer(() => {
  const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, ...rest } = env;
  const away = { MICROSOFT_CLIENT_ID: GITHUB_CLIENT_ID!, MICROSOFT_CLIENT_SECRET: GITHUB_CLIENT_SECRET! };
  return startServer({ ...rest, ...away, MICROSOFT_ISSUER: 'http://127.0.0.1:1', SIGNUP: 'invite' });
});
const { post, ask, login, as } = auth(() => server);
afterAll(() => openId.stop());

const shown = ({ status, body }: Reply): object => ({ status, error: body.error });
const googled = (email: string, more: object = {}): string =>
  openId.person({ email, email_verified: true, name: 'Ann', ...more });

/** A page that has begun a sign-in. */
async function begun(provider: string, on = post) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const { url } = accepted(await on(`/social/${provider}/start`, { challenge })).body as { url: string };
  return { verifier, url };
}

/** Goes to the provider as this person, and comes back with what it says: the query of the callback. */
async function visited(provider: string, url: string, person: string): Promise<string> {
  const there = new URL(url);
  expect(there.searchParams.get('redirect_uri')).toBe(callback(provider));
  there.searchParams.set('login_hint', person);
  return new URL(await browse(there.href, SITE)).search;
}

/** Brings that back here. */
async function bring(provider: string, query: string, to: ServerAddress = server) {
  const response = await truthfulFetch(`${to.url}/api/auth/social/${provider}/callback${query}`, {
    redirect: 'manual',
  });
  const text = await response.text();
  const error = text === '' ? undefined : (JSON.parse(text) as { error: string }).error;
  return { status: response.status, error, location: response.headers.get('location') };
}

/** What the page is told where that is taken. */
async function returned(provider: string, query: string, to?: ServerAddress): Promise<URLSearchParams> {
  const { status, location } = await bring(provider, query, to);
  expect(status).toBe(302);
  const [page, fragment] = location!.split('#');
  expect(page).toBe(`${SITE}/signed-in`);
  return new URLSearchParams(fragment);
}

async function cameBack(provider: string, person: string, to: ServerAddress = server) {
  const { verifier, url } = await begun(provider, auth(() => to).post);
  const answer = await returned(provider, await visited(provider, url, person), to);
  return { verifier, code: answer.get('code')! };
}

async function signIn(provider: string, person: string, to: ServerAddress = server): Promise<Reply> {
  return auth(() => to).post('/social/exchange', await cameBack(provider, person, to));
}

const usersOf = async (email: string): Promise<number> =>
  (await sql<{ n: number }>(`SELECT count(*)::integer AS n FROM users WHERE email = $1`, email))[0]!.n;

describe('Signing in by a provider', () => {
  it('is offered where it is set up, and else not there', async () => {
    const { ask: askThere, post: postThere } = auth(() => byInvitation);
    expect((await ask('GET', '/social')).body).toEqual({ data: ['google', 'microsoft', 'github'] });
    expect((await askThere('GET', '/social')).body).toEqual({ data: ['google', 'microsoft'] });
    const challenge = createHash('sha256').update('x').digest('base64url');
    for (const provider of ['github', 'facebook', '__proto__']) {
      expect(shown(await postThere(`/social/${provider}/start`, { challenge }))).toEqual({
        status: 404,
        error: 'not_found',
      });
      expect(await bring(provider, '?code=x&state=y', byInvitation)).toMatchObject({ status: 404, error: 'not_found' });
    }
  });

  it('makes an account with a proven e-mail address, and then finds it by the provider’s id alone', async () => {
    const email = newEmail();
    const person = googled(email.toUpperCase(), { name: ' Ann\r\nBcc: x ' });
    const first = accepted(await signIn('google', person)).body;
    expect(first.user).toMatchObject({ email, name: 'Ann Bcc: x', emailVerified: true });
    expect((await as(first.token as string)('GET', '/me')).status).toBe(200);
    openId.people.set(person, { email: newEmail(), email_verified: false });
    const again = accepted(await signIn('google', person)).body;
    expect(again.user.id).toBe(first.user.id);
    expect(again.token).not.toBe(first.token);
    expect((await login(email)).status).toBe(401);
  });

  it('makes one account, however many come at once', async () => {
    const email = newEmail();
    const person = googled(email);
    const ways = await Promise.all([1, 2, 3].map(() => cameBack('google', person)));
    const ends = await Promise.all(ways.map((way) => post('/social/exchange', way)));
    expect(ends.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await usersOf(email)).toBe(1);
  });

  it('asks GitHub for the e-mail address, and takes the primary one if it is proven', async () => {
    const email = newEmail();
    const emails = [
      { email: newEmail(), primary: false, verified: true },
      { email, primary: true, verified: true },
    ];
    const { user } = accepted(await signIn('github', github.person({ name: 'Grace', emails }))).body;
    expect(user).toMatchObject({ email, name: 'Grace', emailVerified: true });
    const unproven = github.person({ emails: [{ email: newEmail(), primary: true, verified: false }] });
    expect(shown(await signIn('github', unproven))).toEqual({ status: 403, error: 'email_not_verified' });
  });

  it.each<[string, string, object]>([
    ['Google', 'google', { email_verified: false }],
    ['Google, which says nothing of it', 'google', { email_verified: undefined }],
    ['Microsoft', 'microsoft', { email_verified: undefined }],
    ['Microsoft, of another’s domain', 'microsoft', { email_verified: undefined, xms_edov: false }],
    ['Microsoft, which denies it', 'microsoft', { email_verified: false, xms_edov: true }],
  ])('is refused with an e-mail address that is not proven by %s', async (_, provider, claims) => {
    const email = newEmail();
    accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' }));
    expect(shown(await signIn(provider, googled(email, claims)))).toEqual({ status: 403, error: 'email_not_verified' });
    expect((await login(email)).status).toBe(200);
  });

  it.each([true, 1, '1'])('believes Microsoft whose domain an address is (%p)', async (isVerified) => {
    const email = newEmail();
    const person = googled(email, { email_verified: undefined, xms_edov: isVerified });
    expect(accepted(await signIn('microsoft', person)).body.user.email).toBe(email);
  });

  it('takes an account that never proved its e-mail address away from whoever made it', async () => {
    const email = newEmail();
    const { token } = accepted(await post('/register', { email, password: PASSWORD, name: 'Mallory' })).body;
    accepted(await post('/forgot-password', { email }));
    const { user } = accepted(await signIn('google', googled(email))).body;
    expect(user).toMatchObject({ email, name: 'Ann', emailVerified: true });
    expect((await as(token as string)('GET', '/me')).status).toBe(401);
    expect((await login(email)).status).toBe(401);
  });

  it('leaves an account that is proven its password and its sessions', async () => {
    const email = newEmail();
    const { token } = accepted(await post('/register', { email, password: PASSWORD, name: 'Ann Own' })).body;
    await sql(`UPDATE users SET email_verified_at = now() WHERE email = $1`, email);
    const { user } = accepted(await signIn('google', googled(email))).body;
    expect(user).toMatchObject({ email, name: 'Ann Own' });
    expect((await as(token as string)('GET', '/me')).status).toBe(200);
    expect((await login(email)).status).toBe(200);
    await sql(`UPDATE users SET disabled_at = now() WHERE email = $1`, email);
    expect(shown(await signIn('google', googled(email)))).toEqual({ status: 401, error: 'invalid_credentials' });
  });

  it('needs a code besides where the user set that up', async () => {
    const email = newEmail();
    const person = googled(email);
    accepted(await signIn('google', person));
    await sql(`UPDATE users SET totp_confirmed_at = now() WHERE email = $1`, email);
    const { body } = accepted(await signIn('google', person));
    expect(body).toEqual({ twoFactor: { challenge: expect.stringMatching(/^umt_/), expiresAt: expect.any(String) } });
  });

  it('makes no account where nobody may sign up, and lets in who has one', async () => {
    const email = newEmail();
    expect(shown(await signIn('google', googled(email), byInvitation))).toEqual({
      status: 403,
      error: 'signup_disabled',
    });
    expect(await usersOf(email)).toBe(0);
    accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' }));
    expect((await signIn('google', googled(email), byInvitation)).status).toBe(200);
  });
});

describe('What comes back from a provider', () => {
  const refused = { status: 400, error: 'invalid_token' };

  it('is taken once, and from nowhere else', async () => {
    const { url } = await begun('google');
    const query = await visited('google', url, googled(newEmail()));
    expect(await bring('google', query.replace(/state=\w+/, 'state=umt_made-up'))).toMatchObject(refused);
    expect(await bring('google', '')).toMatchObject(refused);
    await returned('google', query);
    expect(await bring('google', query)).toMatchObject(refused);
    const another = await visited('google', (await begun('google')).url, googled(newEmail()));
    expect(await bring('microsoft', another)).toMatchObject(refused);
  });

  it('is worth nothing to a page that began nothing', async () => {
    const { code, verifier } = await cameBack('google', googled(newEmail()));
    const other = randomBytes(32).toString('base64url');
    expect(shown(await post('/social/exchange', { code, verifier: other }))).toEqual(refused);
    expect(shown(await post('/social/exchange', { code, verifier }))).toEqual(refused);
  });

  it('begins one session', async () => {
    const way = await cameBack('google', googled(newEmail()));
    const ends = await Promise.all([1, 2, 3].map(() => post('/social/exchange', way)));
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  });

  it('is not another’s code, nor a state', async () => {
    const [mine, theirs] = [await begun('google'), await begun('google')];
    const query = new URLSearchParams(await visited('google', theirs.url, googled(newEmail())));
    const state = new URL(mine.url).searchParams.get('state')!;
    expect(shown(await post('/social/exchange', { code: state, verifier: mine.verifier }))).toEqual(refused);
    const fresh = await begun('google');
    query.set('state', new URL(fresh.url).searchParams.get('state')!);
    expect((await returned('google', `?${query.toString()}`)).get('error')).toBe('server_error');
  });

  it('may be a no', async () => {
    const answer = await returned('google', await visited('google', (await begun('google')).url, 'nobody'));
    expect([...answer]).toEqual([['error', 'access_denied']]);
  });

  it('is checked where it enters', async () => {
    const { code } = await cameBack('google', googled(newEmail()));
    const bad = { status: 400, error: 'invalid_params' };
    expect(shown(await post('/social/exchange', { code, verifier: 'short' }))).toEqual(bad);
    expect(shown(await post('/social/google/start', { challenge: '!'.repeat(43) }))).toEqual(bad);
    const elsewhere = { challenge: 'x'.repeat(43), redirectUri: 'https://evil.example' };
    expect(shown(await post('/social/google/start', elsewhere))).toEqual(bad);
  });
});

describe('The page of a sign-in', () => {
  it('begins it, ends it, and shows the token', async () => {
    const email = newEmail();
    const emails = [{ email, primary: true, verified: true }];
    const first = await openPage(server.url, '/signed-in');
    const buttons = await until(() => {
      const found = [...first.document.querySelectorAll('#providers button')];
      return found.length === 3 ? found : null;
    });
    expect(buttons.map(({ textContent }) => textContent)).toContain('Sign in with GitHub');
    buttons[2]!.click();
    const { url } = await until(() => {
      const answer = JSON.parse(first.answers.at(-1)!);
      return answer.url && first.window.sessionStorage.length > 0 ? (answer as { url: string }) : null;
    });
    const code = (await returned('github', await visited('github', url, github.person({ emails })))).get('code')!;
    const second = await openPage(server.url, `/signed-in#code=${code}`, first);
    await until(() => second.document.querySelector('output').textContent);
    expect(second.window.location.href).toBe(`${server.url}/signed-in`);
    expect(second.document.querySelector('[role=status]').textContent).toContain(email);
    const { body } = await as(second.document.querySelector('output').textContent)('GET', '/me');
    expect(body.user.email).toBe(email);
  });

  it('ends nothing that was begun elsewhere', async () => {
    const { code } = await cameBack('google', googled(newEmail()));
    const { document } = await openPage(server.url, `/signed-in#code=${code}`);
    const status = document.querySelector('[role=status]');
    expect(await until(() => status.textContent)).toContain('begun elsewhere');
  });
});

describe('A provider that does not answer', () => {
  it('is told from one that says no', async () => {
    const { url } = await begun('github');
    const query = await visited('github', url, github.person({}));
    await github.stop();
    expect((await returned('github', query)).get('error')).toBe('temporarily_unavailable');
    const reply = await auth(() => byInvitation).post('/social/microsoft/start', { challenge: 'x'.repeat(43) });
    expect(shown(reply)).toEqual({ status: 503, error: 'service_unavailable' });
    expect(reply.headers.get('retry-after')).toBe('10');
  });
});
