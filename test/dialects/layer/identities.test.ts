import { beforeEach, describe, expect, it } from '@jest/globals';
import { accepted, given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { expectLayerError, layerApp, type LayerApp, type LayerSession } from '../../support/layer.js';
import { useServer } from '../../support/server.js';

const server = useServer();
let acme: TestClient;
let app: LayerApp;
let me: LayerSession;
beforeEach(async () => {
  acme = await given.client();
  app = await layerApp(() => server, acme);
  me = await app.session('me');
});
const given = givenOn(() => server);

const usersIn = ({ status, headers, body }: Reply): { status: number; users: string[]; count: string | null } => ({
  status,
  users: (body as { user_id: string }[]).map(({ user_id }) => user_id),
  count: headers.get('layer-count'),
});
/** Newest first. */
async function users(...names: string[]): Promise<void> {
  for (const name of names) {
    await app.session(name);
  }
}

describe('An identity', () => {
  it('is a customer, whole', async () => {
    await app.session('ada', {
      first_name: 'Ada',
      last_name: 'Lovelace',
      avatar_url: 'https://example.com/ada.png',
    });
    accepted(await me.send('PUT', '/following/users/ada'));
    const { status, body } = await me.send('GET', '/identities/ada');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'layer:///identities/ada',
      url: `${server.url}/layer/identities/ada`,
      user_id: 'ada',
      display_name: 'Ada Lovelace',
      avatar_url: 'https://example.com/ada.png',
      first_name: 'Ada',
      last_name: 'Lovelace',
      phone_number: null,
      email_address: null,
      public_key: null,
      metadata: {},
      identity_type: 'user',
    });
  });

  it('of a stranger is told without what is its own business', async () => {
    const body = { name: 'John', email: 'j@example.com', metadata: { salary: 1 }, external_id: 'john' };
    const john = await acme.send('POST', '/api/v1/customers', body);
    const basic = {
      ...{ id: 'layer:///identities/john', url: `${server.url}/layer/identities/john` },
      ...{ user_id: 'john', display_name: 'John', avatar_url: null },
    };
    const told = await me.send('GET', '/identities/john');
    expect([told.status, told.body]).toEqual([200, basic]);
    expect((await me.send('GET', '/identities/me')).body).toMatchObject({
      ...{ user_id: 'me', identity_type: 'user' },
    });
    const [self] = (await acme.send('GET', '/api/v1/customers?external_id=me')).body.data;
    await given.channel(acme, [self, john.body]);
    expect((await me.send('GET', '/identities/john')).body).toMatchObject({
      ...{ ...basic, email_address: 'j@example.com', metadata: { salary: 1 } },
    });
  });

  it('is a customer of the core, by its external id or its own', async () => {
    const body = { name: 'John', email: 'john@example.com', metadata: { team: 'sales' }, external_id: 'john' };
    const john = await acme.send('POST', '/api/v1/customers', body);
    expect(john.status).toBe(201);
    accepted(await me.send('PUT', '/following/users/john'));
    const known = await me.send('GET', '/identities/john');
    expect(known.body).toMatchObject({
      ...{ user_id: 'john', display_name: 'John', email_address: 'john@example.com', metadata: { team: 'sales' } },
    });
    expect((await me.send('GET', `/identities/${String(john.body.id)}`)).body).toEqual(known.body);
    const jane = await given.customer(acme, 'Jane');
    expect((await me.send('GET', `/identities/${jane.id}`)).body).toMatchObject({
      ...{ id: `layer:///identities/${jane.id}`, user_id: jane.id, display_name: 'Jane' },
    });
  });

  it('is found by any name there can be', async () => {
    for (const name of ["o'hara (~!*)", 'a/b', 'ü@é?#%', '__proto__', 'x'.repeat(255)]) {
      const session = await app.session(name);
      const { status, body } = await me.send('GET', `/identities/${encodeURIComponent(name)}`);
      expect([name, status, body.user_id, body.id]).toEqual([name, 200, name, session.identity]);
      expect(decodeURIComponent(body.id as string)).toBe(`layer:///identities/${name}`);
      const { pathname } = new URL(body.url as string);
      expect((await me.send('GET', pathname.replace('/layer', ''))).body).toEqual(body);
      expect((await me.send('GET', `/identities/${encodeURIComponent(session.identity)}`)).body).toEqual(body);
    }
  });

  it('that is not there, or another app’s, is not found', async () => {
    const globex = await layerApp(() => server, await given.client());
    await globex.session('theirs');
    const foreign = await given.customer(globex.client);
    for (const name of ['nobody', 'theirs', foreign.id, 'layer%3A%2F%2F%2Fidentities%2F%25zz', 'a%00']) {
      expectLayerError(await me.send('GET', `/identities/${name}`), 'not_found');
      expectLayerError(await me.send('PUT', `/following/users/${name}`), 'not_found');
      expectLayerError(await me.send('DELETE', `/following/users/${name}`), 'not_found');
      expectLayerError(await me.send('GET', `/following/users/${name}`), 'not_found');
    }
  });
});

describe('The identities', () => {
  const list = async (query = ''): Promise<ReturnType<typeof usersIn>> =>
    usersIn(await me.send('GET', `/identities${query}`));

  it('are those whom one follows, and those who share a conversation with one', async () => {
    await users('stranger', 'followed', 'both');
    accepted(await me.send('POST', '/following/users', ['followed', 'both']));
    const known = await Promise.all(
      ['me', 'both'].map(async (id) => (await acme.send('GET', `/api/v1/customers?external_id=${id}`)).body.data[0]),
    );
    await given.channel(acme, known);
    const jane = await given.customer(acme);
    await given.channel(acme, [...known, jane], 'Another');
    await given.channel(acme, [jane, await given.customer(acme)], 'Without me');
    expect(await list()).toEqual({ status: 200, users: [jane.id, 'both', 'followed'], count: '3' });
  });

  it('are none in the beginning', async () => {
    await users('stranger');
    expect(await list()).toEqual({ status: 200, users: [], count: '0' });
  });

  it('come in pages, newest first', async () => {
    await users('a', 'b', 'c', 'd', 'e');
    accepted(await me.send('POST', '/following/users', ['a', 'b', 'c', 'd', 'e']));
    expect(await list('?page_size=2')).toEqual({ status: 200, users: ['e', 'd'], count: '5' });
    expect(await list('?page_size=2&from_id=d')).toEqual({ status: 200, users: ['c', 'b'], count: '5' });
    expect(await list('?page_size=500&from_id=layer:///identities/b&client=4.0')).toMatchObject({ users: ['a'] });
    expect(await list('?from_id=a')).toMatchObject({ users: [], count: '5' });
    expect(usersIn(await me.send('GET', '/following?page_size=1&from_id=e'))).toMatchObject({
      ...{ users: ['d'], count: '5' },
    });
  });

  it('start after one of them, and nobody else', async () => {
    await users('a', 'stranger');
    accepted(await me.send('PUT', '/following/users/a'));
    for (const name of ['nobody', 'stranger', 'me']) {
      for (const path of ['/identities', '/following']) {
        const answer = await me.send('GET', `${path}?from_id=${name}`);
        expectLayerError(answer, 'invalid_property', { property: 'from_id' });
      }
    }
  });

  it.each(['0', '501', '-1', 'x', '1.5'])('are not paged by %s', async (size) => {
    const answer = await me.send('GET', `/identities?page_size=${size}`);
    expectLayerError(answer, 'invalid_property', { property: 'page_size' });
  });
});

describe('Following', () => {
  const following = async (): Promise<string[]> => usersIn(await me.send('GET', '/following')).users;

  it('begins and ends, however often it is said', async () => {
    await users('jane');
    expectLayerError(await me.send('GET', '/following/users/jane'), 'not_found');
    for (let times = 0; times < 2; times += 1) {
      const answer = await me.send('PUT', '/following/users/jane');
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    expect((await me.send('GET', '/following/users/jane')).status).toBe(204);
    const { body } = await me.send('GET', '/following');
    expect(body).toEqual([
      {
        id: 'layer:///identities/jane',
        url: `${server.url}/layer/identities/jane`,
        user_id: 'jane',
        display_name: 'jane',
        avatar_url: null,
      },
    ]);
    for (let times = 0; times < 2; times += 1) {
      expect((await me.send('DELETE', '/following/users/jane')).status).toBe(204);
    }
    expect(await following()).toEqual([]);
  });

  it('is one’s own', async () => {
    await users('jane');
    accepted(await me.send('PUT', '/following/users/jane'));
    const jane = await app.session('jane');
    expect(usersIn(await jane.send('GET', '/following')).users).toEqual([]);
  });

  it('begins with many at once, where they are', async () => {
    await users('a', 'b');
    const names = ['a', 'layer:///identities/b', 'nobody', 'a'];
    const bare = await me.send('POST', '/following/users', names);
    expect([bare.status, bare.text]).toEqual([202, '']);
    expect(await following()).toEqual(['b', 'a']);
    expect((await me.send('POST', '/following/users', [])).status).toBe(202);
  });

  it.each([[{}], [{ users: ['a'] }], [[7]], [['']], [['a\u0000']], [Array(501).fill('a')]])(
    'of %j is refused',
    async (body) => {
      const answer = await me.send('POST', '/following/users', body);
      expectLayerError(answer, 'invalid_property', { property: 'body' });
    },
  );

  it('ends with whoever is erased', async () => {
    const jane = await given.customer(acme);
    accepted(await me.send('PUT', `/following/users/${jane.id}`));
    expect((await acme.send('DELETE', `/api/v1/customers/${jane.id}`)).status).toBeLessThan(300);
    expect(await following()).toEqual([]);
  });
});
