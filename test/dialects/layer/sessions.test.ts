import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeKey } from '../../../src/clients/key-format.js';
import type { ClientsService } from '../../../src/clients/clients.service.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { accepted, call, given as givenOn, must, type Reply, type TestClient } from '../../support/given.js';
import {
  ACCEPT,
  expectChallenge,
  expectLayerError,
  expectRefusedToken,
  layerApp,
  type LayerApp,
} from '../../support/layer.js';
import { startServer, useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer(startServer);
let acme: TestClient;
let app: LayerApp;
beforeAll(async () => {
  acme = await given.client();
  app = await layerApp(() => server, acme);
});
const given = givenOn(() => server);

const open = (identity_token: string, app_id = app.appId): Promise<Reply> =>
  app.send('POST', '/sessions', { identity_token, app_id });

const customerOf = async (externalId: string): Promise<Record<string, unknown>[]> =>
  must(await acme.api.GET('/api/v1/customers', { params: { query: { external_id: externalId } } })).data;

describe('A session', () => {
  it('is made for whoever the client’s server says it is', async () => {
    const jane = await app.session('jane');
    expect(jane.token).toMatch(/^cst_test_/);
    const [customer] = await customerOf('jane');
    expect(customer).toMatchObject({ external_id: 'jane', name: 'jane', email: null });
    const answer = await jane.send('GET', '/?action=validateConnectionForWebsocket&client=4.0');
    expect(answer.status).toBe(200);
    // The same token opens the core.
    const headers = { authorization: `Bearer ${jane.token}`, origin: 'https://example.com' };
    const own = await call(`${server.url}/api/v1/customers/${String(customer!.id)}`, 'GET', undefined, headers);
    expect(own.body).toEqual(customer);
  });

  it('lasts for thirty days', async () => {
    const before = Date.now();
    await app.session('thirty-days');
    const [row] = await sql<{ expires_at: Date }>(
      `SELECT expires_at FROM customer_sessions JOIN customers customer ON customer.id = customer_id
       WHERE customer.client_id = $1 AND external_id = 'thirty-days'`,
      acme.uuid,
    );
    expect(row!.expires_at.getTime() - before).toBeGreaterThanOrEqual(30 * 86_400_000 - 1_000);
    expect(row!.expires_at.getTime() - before).toBeLessThan(30 * 86_400_000 + 60_000);
  });

  it('keeps what the token says of the name and the avatar', async () => {
    const claims = { first_name: 'Ada', last_name: 'Lovelace', avatar_url: 'https://example.com/ada.png' };
    await app.session('ada', claims);
    expect((await customerOf('ada'))[0]).toMatchObject({ name: 'Ada Lovelace' });
    const ada = await app.session('ada', { display_name: 'Countess', avatar_url: null });
    expect((await customerOf('ada'))[0]).toMatchObject({ name: 'Countess' });
    const [row] = await sql(`SELECT profile FROM customers WHERE client_id = $1 AND external_id = 'ada'`, acme.uuid);
    expect(row!.profile).toEqual({
      first_name: 'Ada',
      last_name: 'Lovelace',
      avatar_url: 'https://example.com/ada.png',
    });
    expect(ada.userId).toBe('ada');
  });

  it('leaves a name alone that the token does not speak of', async () => {
    const john = await given.customer(acme, 'John Doe');
    for (const name of [john.id, parseId('customer', john.id)!, `layer:///identities/${john.id}`]) {
      await app.session(name);
    }
    const { data } = must(await acme.api.GET('/api/v1/customers', { params: { query: { limit: 100 } } }));
    expect(data.filter(({ id }) => id === john.id)).toEqual([john]);
    expect(data.filter(({ external_id: id }) => id?.includes(john.id))).toEqual([]);
  });

  it('is found by each name of the app', async () => {
    const { id, uuid } = acme;
    const names = [id, uuid, uuid.toUpperCase(), `layer:///apps/staging/${uuid}`, `layer:///apps/production/${uuid}`];
    for (const name of names) {
      expect([name, (await open(await app.identityToken('jane'), name)).status]).toEqual([name, 201]);
    }
  });

  it('is ended by itself and by no other', async () => {
    const [one, other] = [await app.session('jane'), await app.session('jane')];
    const refused = await one.send('DELETE', `/sessions/${other.token}`);
    expectLayerError(refused, 'access_denied');
    expect((await one.send('DELETE', '/sessions/nothing')).status).toBe(403);
    const ended = await one.send('DELETE', `/sessions/${one.token}`);
    expect([ended.status, ended.text]).toEqual([204, '']);
    expectChallenge(await one.send('GET', '/?action=x'));
    expect((await other.send('GET', '/?action=x')).status).toBe(200);
  });

  it('is asked for without any other', async () => {
    const headers = { authorization: 'Layer session-token="nothing"' };
    const body = { identity_token: await app.identityToken('jane'), app_id: app.appId };
    expect((await app.send('POST', '/sessions', body, headers)).status).toBe(201);
  });
});

describe('Who has no session', () => {
  const ask = (authorization: string, more: Record<string, string> = {}): Promise<Reply> =>
    app.send('DELETE', '/sessions/x', undefined, { authorization, ...more });

  it('is told a nonce that gets one', async () => {
    const challenge = await app.send('DELETE', '/sessions/x');
    expectChallenge(challenge);
    await app.session('challenged', { nce: challenge.body.data.nonce });
  });

  it.each([
    '',
    'Layer',
    'Layer session-token=""',
    'Layer session-token=x',
    `Layer session-token="${makeKey('cst', false)}"`,
    `Layer session-token="${makeKey('cst', false)}'`,
    'Layer session-token="x" y',
  ])('is asked to say who it is: %j', async (authorization) => {
    expectChallenge(await ask(authorization));
  });

  it('is whoever brings keys or a token in the core’s words', async () => {
    const jane = await app.session('jane');
    expectChallenge(await ask(acme.headers.authorization!, { 'x-public-key': acme.publicKey }));
    expectChallenge(await ask(`Bearer ${jane.token}`));
    expectChallenge(await ask(`Layer session-token="${acme.secretKey}"`, { 'x-public-key': acme.publicKey }));
  });

  it('is whoever brings a session that the core made, which was given for less', async () => {
    const [mallory, victim] = [await given.customer(acme), await given.customer(acme)];
    const { token } = await given.session(acme, mallory);
    const authorization = `Layer session-token="${token}"`;
    const participants = [victim.id, 'squatted'];
    for (const [method, path, body] of [
      ['GET', `/identities/${victim.id}`, undefined],
      ['POST', '/conversations', { participants, distinct: false }],
      ['GET', '/?action=validateConnectionForWebsocket', undefined],
    ] as const) {
      expectChallenge(await app.send(method, path, body, { authorization }));
    }
    expect(await customerOf('squatted')).toEqual([]);
  });

  it('is not asked again in the core, where a session of this dialect is one as well', async () => {
    const jane = await app.session('jane');
    const [customer] = await customerOf('jane');
    const headers = { authorization: `Bearer ${jane.token}`, origin: 'https://example.com' };
    const own = await call(`${server.url}/api/v1/customers/${String(customer!.id)}`, 'GET', undefined, headers);
    expect(own.status).toBe(200);
    expect((await call(`${server.url}/api/v1/customers`, 'GET', undefined, headers)).status).toBe(403);
  });

  it('is whose session has expired, or was revoked by the client', async () => {
    const [late, revoked] = [await app.session('late'), await app.session('revoked')];
    await sql(
      `UPDATE customer_sessions SET expires_at = now() FROM customers customer
       WHERE customer.id = customer_id AND customer.client_id = $1 AND external_id = 'late'`,
      acme.uuid,
    );
    const [customer] = await customerOf('revoked');
    accepted(await acme.send('DELETE', `/api/v1/customers/${String(customer!.id)}/sessions`));
    expectChallenge(await late.send('GET', '/?action=x'));
    expectChallenge(await revoked.send('GET', '/?action=x'));
  });

  it('may be in single quotes', async () => {
    const { token } = await app.session('jane');
    const answer = await app.send('GET', '/?action=x', undefined, { authorization: `layer session-token='${token}'` });
    expect(answer.status).toBe(200);
  });
});

describe('A nonce', () => {
  it('is another each time', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.send('POST', '/nonces')));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
    expect(new Set(answers.map(({ body }) => body.nonce)).size).toBe(5);
  });

  const UNKNOWN = 'its nonce was never given, was used before, or is older than ten minutes.';

  it('is good once', async () => {
    const nce = await app.nonce();
    const tokens = await Promise.all(Array.from({ length: 6 }, () => app.identityToken('jane', { nce })));
    const answers = await Promise.all(tokens.map((token) => open(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422, 422]);
    answers.filter(({ status }) => status === 422).forEach((answer) => expectRefusedToken(answer, UNKNOWN));
  });

  it('is good for ten minutes', async () => {
    const [old, young] = [await app.nonce(), await app.nonce()];
    const age = (nonce: string, minutes: number) =>
      sql('UPDATE nonces SET expires_at = expires_at - make_interval(mins => $2) WHERE nonce = $1', nonce, minutes);
    await age(old, 11);
    await age(young, 9);
    expectRefusedToken(await open(await app.identityToken('jane', { nce: old })), UNKNOWN);
    expect((await open(await app.identityToken('jane', { nce: young }))).status).toBe(201);
  });

  it('must have been given', async () => {
    expectRefusedToken(await open(await app.identityToken('jane', { nce: 'of my own' })), UNKNOWN);
  });

  it('is not used up by whoever can’t sign', async () => {
    const nce = await app.nonce();
    const token = await app.identityToken('jane', { nce });
    const [header, payload] = token.split('.') as [string, string];
    expectRefusedToken(await open(`${header}.${payload}.${'A'.repeat(86)}`), 'its signature is wrong.');
    expect((await open(token)).status).toBe(201);
  });
});

describe('An app', () => {
  it.each(['x', 'clt_x', randomUUID(), 'layer:///apps/staging/x', `layer:///apps/other/${randomUUID()}`])(
    'is not known as %s',
    async (name) => {
      const answer = await open('x', name);
      expectLayerError(answer, 'invalid_app_id');
    },
  );

  it('that is disabled is not known either', async () => {
    const globex = await layerApp(() => server, await given.client());
    const token = await globex.identityToken('jane');
    await server.get<ClientsService>('ClientsService').disable(globex.client.uuid);
    expectLayerError(await open(token, globex.appId), 'invalid_app_id');
  });

  it('is spoken to from its own pages only', async () => {
    const jane = await app.session('jane');
    const origin = { origin: 'https://evil.example' };
    const body = { identity_token: await app.identityToken('jane'), app_id: app.appId };
    for (const answer of [
      await jane.send('GET', '/?action=x', undefined, origin),
      await app.send('POST', '/sessions', body, origin),
    ]) {
      expectLayerError(answer, 'access_denied');
    }
    expect((await app.send('POST', '/sessions', body)).status).toBe(201);
  });

  it('is spoken to by native apps, which have no Origin', async () => {
    const body = { identity_token: await app.identityToken('jane'), app_id: app.appId };
    const opened = await call(`${server.url}/layer/sessions`, 'POST', body, { accept: ACCEPT });
    expect(opened.status).toBe(201);
    const authorization = `Layer session-token="${opened.body.session_token}"`;
    const answer = await call(`${server.url}/layer/identities/jane`, 'GET', undefined, {
      accept: ACCEPT,
      authorization,
    });
    expect(answer.body).toMatchObject({ user_id: 'jane' });
  });

  it.each<[string, 'missing_property' | 'invalid_property', object]>([
    ['identity_token', 'missing_property', { app_id: 'x' }],
    ['app_id', 'missing_property', { identity_token: 'x' }],
    ['app_id', 'invalid_property', { identity_token: 'x', app_id: 7 }],
    ['what', 'invalid_property', { identity_token: 'x', app_id: 'x', what: 1 }],
  ])('is told which field is wrong: %s', async (property, id, body) => {
    expectLayerError(await app.send('POST', '/sessions', body), id, { property });
  });
});

describe('The root', () => {
  it('says where things are, to everybody', async () => {
    for (const path of ['', '/', '/?client=4.0']) {
      const { status, headers, body } = await app.send('GET', path);
      expect([status, body.nonces]).toEqual([200, `${server.url}/layer/nonces`]);
      expect(headers.get('link')).toContain(`<${server.url}/layer/conversations>; rel=conversations`);
    }
  });

  it('tells who can’t connect why', async () => {
    expectChallenge(await app.send('GET', '?action=validateConnectionForWebsocket'));
  });

  it.each(['GET', 'HEAD'])('answers a %s of ping to whoever asks', async (method) => {
    const { status, text } = await call(`${server.url}/layer/ping?client=4.0`, method);
    expect([status, text]).toEqual([204, '']);
  });
});
