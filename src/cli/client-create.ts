import 'reflect-metadata';
import { CreateClientDto } from '../clients/client.dto.js';
import { presentCreatedClient } from '../clients/client.presenter.js';
import { ClientsModule } from '../clients/clients.module.js';
import { ClientsService } from '../clients/clients.service.js';
import { InputPipe } from '../platform/common/fields/input.pipe.js';
import { readOptions, required, runCommand, withModules } from './command.js';

const USAGE =
  'npm run -s client:create -- --name NAME --domain DOMAIN [--subdomain LABEL …] [--ip ADDRESS …] ' +
  '[--origin-policy required|if_present] [--storage-limit BYTES] [--live] [--json]';

type CreatedClient = ReturnType<typeof presentCreatedClient>;

async function run(): Promise<void> {
  const { json, ...fields } = readArguments();
  // The admin API's own rules, before anything is started.
  const input = new InputPipe().transform(fields, { type: 'body', metatype: CreateClientDto }) as CreateClientDto;
  const client = await withModules([ClientsModule], async (context) =>
    presentCreatedClient(await context.get(ClientsService, { strict: false }).create(input)),
  );
  process.stdout.write(json ? inJson(client) : inWords(client));
}

/** @throws WrongUsage */
function readArguments(): Record<string, unknown> & { readonly json: boolean } {
  const values = readOptions({
    name: { type: 'string' },
    domain: { type: 'string' },
    subdomain: { type: 'string', multiple: true, default: [] },
    ip: { type: 'string', multiple: true, default: [] },
    'origin-policy': { type: 'string' },
    'storage-limit': { type: 'string' },
    live: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const { name, domain } = required(values, 'name', 'domain');
  const { subdomain, ip, live, json, 'origin-policy': origin_policy, 'storage-limit': limit } = values;
  // What is no number is refused where the limit is read.
  const storage_limit = limit === undefined || !/^\d+$/.test(limit) ? limit : Number(limit);
  const sites = { domain, allowed_subdomains: subdomain, allowed_ips: ip, origin_policy };
  return { name, ...sites, livemode: live, storage_limit, json };
}

function inJson({ id, public_key, secret_key, domain, livemode }: CreatedClient): string {
  return `${JSON.stringify({ id, public_key, secret_key, domain, livemode })}\n`;
}

function inWords({ id, name, domain, public_key, secret_key, livemode }: CreatedClient): string {
  return [
    `Created the ${livemode ? 'live' : 'test'} client "${name}" of ${domain}.`,
    `  id          ${id}`,
    `  public key  ${public_key}`,
    `  secret key  ${secret_key}`,
    'The secret key is shown this once: keep it now.\n',
  ].join('\n');
}

await runCommand(USAGE, run);
