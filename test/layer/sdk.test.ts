import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../support/given.js';
import { layerApp, type LayerApp } from '../support/layer.js';
import { openSdk } from '../support/layer-sdk.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

// What an SDK without types hands out is what the tests are about.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Sdk = any;

let server: TestServer;
let acme: TestClient;
let app: LayerApp;
beforeAll(async () => {
  server = await startServer();
  acme = await given.client({ domain: 'localhost' });
  app = await layerApp(() => server, acme);
});
afterAll(() => server.stop());
const given = givenOn(() => server);

/** A user's page: logged in, and its socket open. */
async function logIn(userId: string): Promise<Sdk> {
  const layer = openSdk('http://localhost/');
  const client = new layer.Client({
    ...{ appId: app.appId, url: `${server.url}/layer`, websocketUrl: `${server.url.replace('http', 'ws')}/layer` },
    ...{ telemetryEnabled: false, isTrustedDevice: false, logLevel: Number(process.env.SDK_LOG ?? 0) },
  });
  client.on('challenge', (event: { nonce: string; callback: (token: string) => void }) => {
    void app.identityToken(userId, { nce: event.nonce }).then((token) => event.callback(token));
  });
  client.connect(userId);
  await until(() => client.isReady && client.socketManager.isOpen);
  return { layer, client };
}

describe('layer-websdk', () => {
  it('logs in', async () => {
    const { client } = await logIn('john');
    expect(client.user.id).toBe('layer:///identities/john');
    client.destroy();
  });
});
