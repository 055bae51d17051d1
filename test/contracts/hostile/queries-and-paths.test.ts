import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  call,
  given as givenOn,
  type Channel,
  type Customer,
  type Message,
  type TestClient,
} from '../../support/given.js';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { expectFields, expectRefused, expectSane, linesOf } from '../../support/hostile.js';
import { exchangeOne, wire } from '../../support/raw-http.js';
import { useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';
import { sql } from '../../support/sql.js';
import { operations } from '../../support/truth.js';
import { endpoint } from '../../support/webhooks.js';

const server = useServer();
let acme: TestClient;
let umbrella: TestClient;
let john: Customer;
let channel: Channel;
let messages: Message[];
let hooks: { readonly id: string };
let theirs: { readonly john: Customer; readonly channel: Channel; readonly message: Message };
beforeAll(async () => {
  [acme, umbrella] = [await given.client(), await given.client()];
  ({ john, channel } = await given.pair(acme));
  messages = [await given.message(acme, channel, john), await given.message(acme, channel, john)];
  hooks = await endpoint(acme, 'https://example.com/hooks');
  const other = await given.pair(umbrella);
  theirs = { ...other, message: await given.message(umbrella, other.channel, other.john) };
});
const given = givenOn(() => server);

/** Every list, with all that it needs but the parameter that a test is about. */
const lists = operations
  .filter(({ operation }) => operation.parameters?.some(({ name }) => name === 'limit'))
  .map(({ path, operation }) => {
    const emails = (operation.parameters ?? []).filter(({ name }) => name.startsWith('email'));
    return { path, query: emails.map(({ name }) => `${name}=@email&`).join('') };
  });
const ask = async (list: (typeof lists)[number], query: string) => {
  const isAdmin = list.path.startsWith('/admin');
  const owners: ReadonlyArray<readonly [RegExp, string]> = [
    [/\/channel\//, channel.id],
    [/\/receipts$/, messages[0]!.id],
    [/\/deliveries$/, hooks.id],
    [/^\/admin/, acme.id],
  ];
  const id = owners.find(([pattern]) => pattern.test(list.path))?.[1] ?? john.id;
  const url = `${list.path.replace('{id}', id)}?${list.query.replaceAll('@email', String(john.email))}${query}`;
  const headers = isAdmin ? { authorization: `Bearer ${ADMIN_KEY}` } : acme.headers;
  return expectSane(await call(server.url + url, 'GET', undefined, headers));
};
/** The prefix of the ids that a list goes by. */
function cursorKind(path: string): string {
  const [, kind] = [
    [/by-email$|v1\/customers/, 'cus'],
    [/v1\/channels/, 'ch'],
    [/v1\/messages/, 'msg'],
    [/\/keys$/, 'key'],
    [/\/identity_keys$/, 'ik'],
    [/v1\/clients$/, 'clt'],
    [/v1\/events$/, 'evt'],
    [/\/deliveries$/, 'wd'],
    [/v1\/webhook_endpoints$/, 'we'],
  ].find(([pattern]) => (pattern as RegExp).test(path))!;
  return kind as string;
}
const get = async (path: string) => expectSane(await acme.send('GET', `/api/v1/${path}`));
const inChannel = (query: string) => get(`messages/channel/${channel.id}?${query}`);

describe.each(lists.map((list) => [list.path, list] as const))('%s', (path, list) => {
  it('29: a limit outside 1 to 100 is 422', async () => {
    for (const limit of ['-1', '0', '101', '1e9', '12345678901234567890', '000', '-0']) {
      expectFields(await ask(list, `limit=${limit}`), 'limit');
    }
  });

  it('30 and 31: a limit that is no plain whole number is 422', async () => {
    for (const limit of [
      'abc',
      'NaN',
      'Infinity',
      '1.5',
      '',
      '0x10',
      '1e1',
      '%2010',
      '10%20',
      '+5',
      '%D9%A1',
      '5%00',
    ]) {
      expectFields(await ask(list, `limit=${limit}`), 'limit');
    }
  });

  it('32: a scalar given twice is 422', async () => {
    const reply = await ask(list, 'limit=1&limit=2');
    expectFields(reply, 'limit');
    expect(reply.body.errors.limit).toEqual(['The limit field was given more than once.']);
    const id = messages[0]!.id;
    expectFields(await ask(list, `starting_after=${id}&starting_after=${id}`), 'starting_after');
    for (const name of list.query.match(/email\d?/g)?.filter((one, at) => at === 0 || one !== 'email') ?? []) {
      expectFields(await ask(list, `${name}=${john.email}`), name);
    }
  });

  it('33: brackets are part of a name that nobody knows, 422', async () => {
    for (const name of ['limit[]', 'limit[a]', 'starting_after[$ne]', '__proto__', '__proto__[limit]', 'constructor']) {
      expectFields(await ask(list, `${name}=1`), name);
    }
  });

  it('34: a cursor that is no id is 422', async () => {
    for (const cursor of [
      '%00',
      '%ff',
      '',
      'x',
      '0',
      '%F0%9F%98%80',
      'null',
      `${messages[0]!.id}%00`,
      'x'.repeat(8_000),
    ]) {
      expectFields(await ask(list, `starting_after=${cursor}`), 'starting_after');
    }
  });

  it('35 and 36: an unknown cursor, and one of another tenant or kind, are 422 alike', async () => {
    const kind = cursorKind(path);
    const ours = { cus: theirs.john.id, ch: theirs.channel.id, msg: theirs.message.id }[kind];
    const unknown = `${kind}_01h455vb4pex5vsknk084sn02q`;
    const others = ['cus', 'ch', 'msg', 'clt', 'key']
      .filter((one) => one !== kind)
      .map((one) => unknown.replace(kind, one));
    const expected = await ask(list, `starting_after=${unknown}`);
    expectFields(expected, 'starting_after');
    if (ours) {
      expect((await ask(list, `starting_after=${ours}`)).body.errors).toEqual(expected.body.errors);
    }
    for (const other of others) {
      expectFields(await ask(list, `starting_after=${other}`), 'starting_after');
    }
  });
});

describe('A cursor', () => {
  it('36: of another channel is unknown here', async () => {
    const other = await given.pair(acme);
    const message = await given.message(acme, other.channel, other.john);
    expectFields(await inChannel(`starting_after=${message.id}`), 'starting_after');
  });

  it('37: whose row is gone is refused, and never begins again at the first page', async () => {
    const gone = await given.message(acme, channel, john);
    expect((await inChannel(`starting_after=${gone.id}`)).status).toBe(200);
    await sql('DELETE FROM messages WHERE id = $1', parseId('message', gone.id));
    expectFields(await inChannel(`starting_after=${gone.id}`), 'starting_after');
  });
});

const ID = '01h455vb4pex5vsknk084sn02q';
const PREFIX: Readonly<Record<string, string>> = { channel: 'ch', channels: 'ch', client: 'clt', clients: 'clt' };
const withIds = (path: string): string =>
  path
    .replace('{key_id}', `key_${ID}`)
    .replace('{id}', `${PREFIX[path.split('/').at(path.includes('admin') ? 3 : -2)!] ?? 'cus'}_${ID}`);
const headersAt = (path: string): Record<string, string> =>
  path.startsWith('/admin') ? { authorization: `Bearer ${ADMIN_KEY}` } : { ...acme.headers };

describe('A query', () => {
  it.each(
    operations
      .filter(({ path }) => !/^\/(health|version)/.test(path))
      .map(({ method, path }) => [method, path] as const),
  )('38: with a parameter that %s %s does not know is 422', async (method, path) => {
    const body = ['POST', 'PATCH'].includes(method) ? {} : undefined;
    const reply = await call(`${server.url}${withIds(path)}?what=1`, method, body, headersAt(path));
    expectSane(reply);
    expect(reply.body.errors).toMatchObject({ what: ['The what field is not known.'] });
  });
});

const SQL = [
  "' OR '1'='1",
  "'; DROP TABLE messages; --",
  '1) UNION SELECT secret_sha256 FROM api_keys --',
  "\\'; --",
  '$1',
];
describe('39: SQL in a parameter is only a text', () => {
  it.each(SQL)('%s', async (text) => {
    const escaped = encodeURIComponent(text);
    for (const list of lists) {
      expectFields(await ask(list, `starting_after=${escaped}`), 'starting_after');
      expectFields(await ask(list, `limit=${escaped}`), 'limit');
    }
    for (const path of [
      'customers',
      'channels',
      'client',
      'messages/channel',
      'messages/customer',
      'channels/customer',
    ]) {
      expectRefused(await get(`${path}/${escaped}`), 404);
    }
    expectFields(await get(`channels/by-email?email=${escaped}`), 'email');
    expectFields(await get(`messages/between?email1=${escaped}&email2=${escaped}`), 'email1', 'email2');
    const made = await acme.send('POST', '/api/v1/customers', { name: text, email: `${Date.now()}@example.com` });
    expect([made.status, made.body.name]).toEqual([201, text]);
    expect((await inChannel('')).body.total_count).toBeGreaterThan(1);
  });
});

describe('A path', () => {
  const WRONG = [
    '%00',
    '..%2f',
    '..%5c..',
    '12345678901234567890',
    '-1',
    '%20',
    'null',
    'undefined',
    '%F0%9F%98%80',
    '*',
  ];
  const kinds: Array<[string, string]> = [
    ['customers', 'ch'],
    ['channels', 'cus'],
    ['client', 'cus'],
    ['messages/channel', 'cus'],
    ['messages/customer', 'ch'],
    ['channels/customer', 'ch'],
  ];

  it.each(kinds)('40: a wrong id under %s is 404, a bad escape 400', async (path, prefix) => {
    const upper = john.id.toUpperCase();
    for (const id of [...WRONG, `${prefix}_${ID}`, upper, `cus_${ID}%00`, 'x'.repeat(8_000), `${john.id}/`]) {
      expectRefused(await get(`${path}/${id}`), 404);
    }
    for (const id of ['%zz', '%', '%E0%A4%A', '%ff', '%C0%AF']) {
      expectRefused(await get(`${path}/${id}`), 400);
    }
  });

  it('41: another spelling of a path is not found', async () => {
    for (const path of [
      '/API/v1/customers',
      '/api/v1/Customers',
      '/api/v1/customers/',
      '//api/v1/customers',
      '/api//v1/customers',
      '/api/v1/customers;x=1',
      '/api/v1/%63ustomers/',
      '/api/v1/./customers',
    ]) {
      expectRefused(await exchangeOne(server.port, wire('GET', path, linesOf(acme))), 404);
    }
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'LOCK', 'QUERY', 'SEARCH'])(
    '41: %s is 405 with Allow',
    async (method) => {
      const reply = await exchangeOne(server.port, wire(method, '/api/v1/customers', linesOf(acme)));
      if (method === 'QUERY' && reply.status === 400) {
        return; // This Node's parser does not know the method yet.
      }
      expectRefused(reply, 405);
      expect(reply.headers.get('allow')).toBe('GET, HEAD, POST');
    },
  );
});
