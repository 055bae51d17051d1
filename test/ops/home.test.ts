import { describe, expect, it } from '@jest/globals';
import { useServer } from '../support/server.js';

const server = useServer();

const HTML = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const at = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

describe('The address of the server', () => {
  it('opens a page whose links lead somewhere', async () => {
    const home = await at('/', HTML);
    expect([home.status, home.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const paths = [...(await home.text()).matchAll(/href="(\/[^"]*)"/g)].map(([, path]) => path!);
    expect(paths).toEqual(
      expect.arrayContaining(['/docs', '/docs/errors', '/openapi.json', '/asyncapi.yaml', '/health/ready', '/demo']),
    );
    for (const path of paths) {
      const page = await at(path);
      await page.arrayBuffer();
      expect([path, page.status]).toEqual([path, 200]);
    }
  });

  it.each<Record<string, string>>([{}, { accept: 'application/json' }, { accept: '*/*' }])(
    'answers an object to a program (%j)',
    async (accept) => {
      const home = await at('/', accept);
      expect([home.status, home.headers.get('vary')]).toEqual([200, 'Accept']);
      expect(await home.json()).toMatchObject({ name: 'Parlance', docs: '/docs', openapi: '/openapi.json' });
    },
  );

  it('names no demo to those who are not served it', async () => {
    const elsewhere = { 'x-forwarded-for': '192.0.2.1' };
    expect(await (await at('/', { ...HTML, ...elsewhere })).text()).not.toContain('/demo');
    expect(await (await at('/', elsewhere)).json()).not.toHaveProperty('demo');
  });

  it('takes nothing', async () => {
    const answer = await fetch(`${server.url}/`, { method: 'POST' });
    await answer.arrayBuffer();
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
