import { describe, expect, it } from '@jest/globals';
import { useServer } from '../support/server.js';

const server = useServer();

describe('A page', () => {
  it.each([
    '/',
    '/docs',
    '/docs/',
    '/docs/swagger-ui-init.js',
    '/docs/authorize.js',
    '/demo',
    '/demo/chat.js',
    '/signed-in',
  ])('(%s) runs no scripts but our own, and is framed by nobody', async (path) => {
    const { headers } = await fetch(server.url + path, { redirect: 'manual' });
    expect(headers.get('x-frame-options')).toBe('DENY');
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  });
});
