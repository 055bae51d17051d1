import { describe, expect, it } from '@jest/globals';
import { clientCreate } from '../support/client-create.js';
import { testClient } from '../support/given.js';
import { useServer } from '../support/server.js';

const server = useServer();

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

  it('is told how it is used, and what is wrong', async () => {
    const [usage, wrong] = await Promise.all([
      clientCreate(['--name', 'Acme']),
      clientCreate(['--name', 'Acme', '--domain', 'not a host']),
    ]);
    expect([usage.code, usage.out, wrong.code, wrong.out]).toEqual([2, '', 1, '']);
    expect(usage.error).toMatch(/^--domain is missing\. Usage: npm run -s client:create/);
    expect(wrong.error).toContain('The domain field must be a host name');
  });

  it('says so when there is no database, and not its password', async () => {
    const DATABASE_URL = 'postgres://me:hunter2@127.0.0.1:1/none';
    const { code, out, error } = await clientCreate(['--name', 'Acme', '--domain', 'acme.com'], { DATABASE_URL });
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('The database at 127.0.0.1:1 can not be used.');
    expect(error).not.toContain('hunter2');
  });
});
