import { describe, expect, it } from '@jest/globals';
import { SCOPES } from '../../src/platform/common/tenancy/scopes.js';
import { given as givenOn } from '../support/given.js';
import { docUrl } from '../support/refused.js';
import { useServer } from '../support/server.js';
import { operations } from '../support/truth.js';

const server = useServer();
const given = givenOn(() => server);

describe('Scopes', () => {
  const tenantOperations = operations.filter(({ path }) => path.startsWith('/api/v1/'));
  const resourceOf = (path: string): string => {
    const [first, , second] = path.split('/').slice(3);
    const inner = ['sessions', 'devices'].find((name) => name === second);
    return inner ?? first!.replace(/^webhook_endpoints$/, 'webhooks').replace(/^push_credentials$/, 'push');
  };
  const scopeOf = (method: string, path: string): string | null => {
    const resource = resourceOf(path);
    return resource === 'client' ? null : `${resource}:${method === 'GET' ? 'read' : 'write'}`;
  };

  it.each(tenantOperations.map(({ method, path }) => [method, path] as const))('%s %s', async (method, path) => {
    const scope = scopeOf(method, path);
    const others = SCOPES.filter((one) => one !== scope);
    const body = method === 'GET' ? undefined : {};
    const url = path.replace(/\{\w+\}/g, '018f0000-0000-7000-8000-000000000000');
    const refused = await (await given.client({ scopes: others })).send(method, url, body);
    const admitted = await (await given.client({ scopes: [scope ?? 'messages:read'] })).send(method, url, body);
    const all = await (await given.client({ scopes: ['*'] })).send(method, url, body);
    if (scope === null) {
      expect(refused.status).not.toBe(403);
    } else {
      const request_id = refused.headers.get('x-request-id');
      const error = `Forbidden - Missing scope: ${scope}`;
      expect(refused.body).toEqual({ error, code: 'forbidden', doc_url: docUrl('forbidden'), request_id });
      expect(refused.status).toBe(403);
    }
    expect([200, 404, 422]).toContain(admitted.status);
    expect(all.status).toBe(admitted.status);
  });
});
