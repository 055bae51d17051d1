import 'reflect-metadata';
import { SignJWT } from 'jose';
import { ClientsModule } from '../clients/clients.module.js';
import { ClientsService } from '../clients/clients.service.js';
import { parseId } from '../platform/common/ids/type-id.js';
import { loadConfig } from '../config.js';
import { IdentityKeysModule } from '../dialects/layer/identities/identity-keys.module.js';
import { IdentityKeysService } from '../dialects/layer/identities/identity-keys.service.js';
import { layerUri } from '../dialects/layer/layer-id.js';
import { readOptions, required, runCommand, withModules } from './command.js';
import { developmentKeyIn, type DevelopmentKey } from './development-key.js';

const USAGE =
  'npm run -s layer:identity-token -- --client ID --user USER_ID --nonce NONCE [--first-name NAME] [--last-name NAME] [--display-name NAME] [--avatar-url URL]';
const TEXT = { type: 'string' } as const;

/** What a client's own server does, for those who want to try it without one. */
async function run(): Promise<void> {
  const options = readOptions({
    ...{ client: TEXT, user: TEXT, nonce: TEXT },
    ...{ 'first-name': TEXT, 'last-name': TEXT, 'display-name': TEXT, 'avatar-url': TEXT },
  });
  const { client, user, nonce } = required(options, 'client', 'user', 'nonce');
  const { production, dataDir } = loadConfig();
  if (production) {
    throw new Error('This is for development: in production your own server signs identity tokens.');
  }
  const key = await developmentKeyIn(dataDir);
  await register(client, key);
  const token = await new SignJWT({
    ...{ iss: 'parlance-development', prn: user, nce: nonce },
    ...{ first_name: options['first-name'], last_name: options['last-name'] },
    ...{ display_name: options['display-name'], avatar_url: options['avatar-url'] },
  })
    .setProtectedHeader({ typ: 'JWT', alg: 'ES256', cty: 'layer-eit;v=1', kid: layerUri('keys', key.id) })
    .setIssuedAt()
    .setExpirationTime('10 minutes')
    .sign(key.privateKey);
  process.stdout.write(`${token}\n`);
}

/** From now on the client's users may be named with this key. */
async function register(client: string, { id, publicKey }: DevelopmentKey): Promise<void> {
  await withModules([ClientsModule, IdentityKeysModule], async (context) => {
    const clientId = parseId('client', client);
    const row = clientId && (await context.get(ClientsService, { strict: false }).findEnabled(clientId));
    if (!row) {
      throw new Error(`There is no client ${client}.`);
    }
    const tenant = { clientId: row.id, livemode: row.livemode };
    await context.get(IdentityKeysService, { strict: false }).ensure(tenant, id, { algorithm: 'ES256', publicKey });
  });
}

await runCommand(USAGE, run);
