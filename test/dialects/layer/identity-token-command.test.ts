import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { given as givenOn } from '../../support/given.js';
import { expectRefusedToken, layerApp, type LayerApp } from '../../support/layer.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const PROGRAM = new URL('../../../dist/src/cli/layer-identity-token.js', import.meta.url).pathname;

const server = useServer();
let app: LayerApp;
let dataDir: string;
beforeAll(async () => {
  app = await layerApp(() => server, await given.client());
  dataDir = await mkdtemp(join(tmpdir(), 'parlance-key-'));
});
afterAll(async () => {
  await rm(dataDir, { recursive: true });
});
const given = givenOn(() => server);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const identityToken = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const settings = {
      ...{ PATH: process.env.PATH, DATABASE_URL: process.env.TEST_DATABASE_URL, DATA_DIR: dataDir },
      ...env,
    };
    execFile(process.execPath, [PROGRAM, ...args], { env: settings }, (failure, out, error) =>
      resolve({ code: failure ? Number(failure.code) : 0, out, error }),
    );
  });
const keysOf = (clientId: string): Promise<{ id: string }[]> =>
  sql('SELECT id FROM identity_keys WHERE client_id = $1 ORDER BY id', clientId);

describe('layer:identity-token', () => {
  it('prints a token that makes a session, each time with the same key', async () => {
    const kids = new Set<unknown>();
    for (const name of [app.client.id, app.client.uuid]) {
      const args = ['--client', name, '--user', 'jane', '--nonce', await app.nonce(), '--first-name', 'Jane'];
      const { code, out, error } = await identityToken(args);
      expect([code, error]).toEqual([0, '']);
      const token = out.trimEnd();
      kids.add(decodeProtectedHeader(token).kid);
      expect(decodeJwt(token)).toMatchObject({ prn: 'jane', first_name: 'Jane' });
      const body = { identity_token: token, app_id: app.appId };
      expect((await app.send('POST', '/sessions', body)).status).toBe(201);
      // The nonce was good once, however well the token is signed.
      const again = await app.send('POST', '/sessions', body);
      expectRefusedToken(again, 'its nonce was never given, was used before, or is older than ten minutes.');
    }
    expect(kids.size).toBe(1);
    expect(await keysOf(app.client.uuid)).toHaveLength(2);
    expect((await stat(join(dataDir, 'layer-development-key'))).mode & 0o777).toBe(0o600);
  });

  it('is for development', async () => {
    const globex = await given.client();
    const args = ['--client', globex.id, '--user', 'jane', '--nonce', 'x'];
    const { code, out, error } = await identityToken(args, { NODE_ENV: 'production' });
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('in production your own server signs identity tokens');
    expect(await keysOf(globex.uuid)).toEqual([]);
  });

  it.each(['clt_x', '018f0000-0000-7000-8000-000000000000'])('knows no client %s', async (client) => {
    const { code, out, error } = await identityToken(['--client', client, '--user', 'jane', '--nonce', 'x']);
    expect([code, out, error]).toEqual([1, '', `There is no client ${client}.\n`]);
  });

  it.each<[string, string[]]>([
    ['--client is missing.', []],
    ['--user is missing.', ['--client', 'x', '--nonce', 'x']],
    ['--nonce is missing.', ['--client', 'x', '--user', 'x']],
    ['--what', ['--what']],
  ])('is told how it is used: %s', async (problem, args) => {
    const { code, out, error } = await identityToken(args);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(problem);
    expect(error).toContain('Usage: npm run -s layer:identity-token -- --client ID');
  });
});
