import { expect, it } from '@jest/globals';
import { given as givenOn } from '../../support/given.js';
import { layerApp } from '../../support/layer.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();

it('An avatar that is no web address is left out, and its owner let in', async () => {
  const acme = await givenOn(() => server).client();
  const app = await layerApp(() => server, acme);
  await app.session('grace', { avatar_url: 'https://example.com/grace.png' });
  for (const avatar_url of ['javascript:alert(1)', 'data:image/svg+xml,<svg/>', 'ftp://example.com/a', 'a.png']) {
    await app.session('grace', { avatar_url });
    const [row] = await sql(`SELECT profile FROM customers WHERE client_id = $1 AND external_id = 'grace'`, acme.uuid);
    expect(row!.profile).toEqual({ avatar_url: 'https://example.com/grace.png' });
  }
});
