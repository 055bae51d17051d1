import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testClient } from './support/given.js';
import { startServer, type TestServer } from './support/server.js';
import { sql } from './support/sql.js';

const PROGRAM = new URL('../dist/src/cli/client-create.js', import.meta.url).pathname;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const clientCreate = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const settings = { PATH: process.env.PATH, DATABASE_URL: process.env.TEST_DATABASE_URL, ...env };
    execFile(process.execPath, [PROGRAM, ...args], { env: settings }, (failure, out, error) =>
      resolve({ code: failure ? Number(failure.code) : 0, out, error }),
    );
  });
const count = async (): Promise<number> => (await sql('SELECT FROM clients WHERE name = $1', 'Wrong usage')).length;

describe('client:create', () => {
  it('prints keys that work, as JSON and nothing else', async () => {
    const args = ['--name', 'Acme', '--domain', 'Example.com', '--subdomain', 'api', '--subdomain', 'app'];
    const { code, out, error } = await clientCreate([...args, '--ip', '127.0.0.0/8', '--ip', '::1', '--json']);
    expect([code, error]).toEqual([0, '']);
    const printed = JSON.parse(out) as Record<'id' | 'public_key' | 'secret_key', string>;
    expect(printed).toEqual({
      id: expect.stringMatching(/^clt_/),
      public_key: expect.stringMatching(/^pk_test_/),
      secret_key: expect.stringMatching(/^sk_test_/),
      domain: 'example.com',
      livemode: false,
    });
    const acme = testClient(server.url, '018f0000-0000-7000-8000-000000000000', printed.public_key, printed.secret_key);
    const { status, body } = await acme.send('GET', `/api/v1/client/${printed.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'Acme',
      allowed_subdomains: ['api', 'app'],
      allowed_ips: ['127.0.0.0/8', '::1'],
    });
    expect((await acme.send('POST', '/api/v1/customers', { name: 'John', email: 'john@example.com' })).status).toBe(
      201,
    );
  });

  it('prints the same in words', async () => {
    const { code, out } = await clientCreate(['--name', 'Acme', '--domain', 'acme.com', '--live']);
    expect(code).toBe(0);
    expect(out).toContain('Created the live client "Acme" of acme.com.');
    const [publicKey, secretKey] = [/pk_live_\w{38}/.exec(out)![0], /sk_live_\w{38}/.exec(out)![0]];
    const acme = testClient(server.url, '018f0000-0000-7000-8000-000000000000', publicKey, secretKey);
    const reply = await acme.send('GET', '/api/v1/customers', undefined, { origin: 'https://acme.com' });
    expect(reply.status).toBe(200);
  });

  it.each<[string, string[]]>([
    ['--name is missing.', []],
    ['--name is missing.', ['--domain', 'acme.com']],
    ['--domain is missing.', ['--name', 'Wrong usage']],
    ['--what', ['--name', 'Wrong usage', '--domain', 'acme.com', '--what']],
    ['surplus', ['--name', 'Wrong usage', '--domain', 'acme.com', 'surplus']],
    ['--name', ['--name']],
  ])('is told how it is used: %s %j', async (problem, args) => {
    const { code, out, error } = await clientCreate(args);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(problem);
    expect(error).toContain('Usage: npm run -s client:create -- --name NAME --domain DOMAIN');
    expect(error.trim().split('\n')).toHaveLength(1);
    expect(await count()).toBe(0);
  });

  it.each<[string, string[]]>([
    ['The domain field must be a host name', ['--domain', 'not a host']],
    ['The allowed_ips.0 field must be an address', ['--domain', 'acme.com', '--ip', '10.0.0.1/8']],
    ['The allowed_subdomains.0 field must be a label', ['--domain', 'acme.com', '--subdomain', 'a.b']],
    ['The name field', ['--domain', 'acme.com', '--name', '']],
  ])('says what is wrong: %s', async (problem, args) => {
    const { code, out, error } = await clientCreate(['--name', 'Acme', ...args]);
    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(problem);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  it('says so when there is no database, and not its password', async () => {
    const DATABASE_URL = 'postgres://me:hunter2@127.0.0.1:1/none';
    const { code, out, error } = await clientCreate(['--name', 'Acme', '--domain', 'acme.com'], { DATABASE_URL });
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('The database at 127.0.0.1:1 can not be used.');
    expect(error).not.toContain('hunter2');
  });
});
