import { describe, expect, it } from '@jest/globals';
import { clientCreate } from '../support/client-create.js';
import { testClient } from '../support/given.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';

const server = useServer();

const count = async (): Promise<number> => (await sql('SELECT FROM clients WHERE name = $1', 'Wrong usage')).length;

describe('client:create', () => {
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
});
