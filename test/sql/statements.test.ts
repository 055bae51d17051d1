import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ListStatement } from '../../src/platform/database/list.sql.js';
import type { Statement } from '../../src/platform/database/statement.js';
import { beside, sql } from '../support/sql.js';

const SOURCES = new URL('../../src', import.meta.url).pathname;
const HERE = new URL('.', import.meta.url).pathname;
/** `UPDATE_SQL=1 npm test -- test/sql` writes the files anew; what changed is then read in the diff. */
const UPDATE = process.env.UPDATE_SQL !== undefined;
/** These find, make or clean up after tenants, or are about the processes that serve them, and so are of none. */
const OF_NO_TENANT = [
  ...['clients.find', 'clients.find_by_keys', 'clients.find_by_secret', 'clients.find_rates', 'clients.create'],
  'clients.lock',
  ...['clients.list', 'clients.list_asc', 'clients.list_first', 'clients.list_first_asc'],
  ...['customer_sessions.find_by_token', 'personal_tokens.find_by_token'],
  ...['idempotency_keys.purge', 'push_credentials.find_sealed_before'],
  'messaging_providers.catch_up_all',
  'messaging_providers.claim_catch_up',
  'messaging_providers.find_sealed_before',
  ...[
    'housekeeping.fold_delivery_counts',
    'housekeeping.purge_audit_entries',
    'housekeeping.purge_events',
    'housekeeping.purge_socket_owners',
    'housekeeping.purge_customer_sessions',
  ],
  ...['housekeeping.purge_former_members', 'housekeeping.purge_nonces', 'nonces.create', 'nonces.take'],
  ...['housekeeping.purge_listeners', 'member_sockets.find_left'],
  ...['file_removals.expire', 'file_removals.claim', 'file_removals.removed'],
  ...['replicas.beat', 'replicas.register', 'replicas.reap', 'replicas.unregister'],
  ...['revocations.find_revoked', 'revocations.find_disabled', 'feed.position', 'feed.read', 'feed.writers'],
  ...['webhook_queue.sweep', 'pushes.fan_out', 'pushes.claim', 'delivery_jobs.claim'],
  'imap_mailboxes.hold',
  ...['messaging_providers.hold', 'housekeeping.purge_inbound_parts', 'inbox.wake'],
  ...['imports.claim', 'housekeeping.purge_imports', 'documents.claim', 'housekeeping.purge_merged_contacts'],
  ...['ai_settings.find_sealed_before', 'housekeeping.purge_ai_replies', 'documents.embed_by_installation'],
  ...['campaign_recipients.due_accounts', 'campaign_recipients.recover', 'campaign_recipients.recover_own'],
  ...['campaigns.to_prepare', 'campaigns.to_judge', 'campaigns.to_settle'],
  ...['email_accounts.find_by_token', 'email_accounts.find_by_inbound_name', 'email_accounts.find_sealed_before'],
  ...['workflows.find_by_token', 'workflows.due_schedule', 'workflow_events.waiting', 'executions.claim'],
  'housekeeping.purge_executions',
  ...[
    'search_jobs.find_clients',
    'inbound_emails.claim',
    'housekeeping.purge_inbound_emails',
    'email_deliveries.claim',
  ],
];

/** Users are of no tenant, and with them all that is theirs. */
const OF_USERS =
  /^(memberships|workspaces)\.(list_of_user|list_sites|find_active|find_by_number|lock_owner|count_owned)$|^invitations\.find_by_token$|^(users|user_sessions|user_tokens|user_identities|mails)\.|^housekeeping\.purge_(user_sessions|user_tokens|mails)$/;

const files = (readdirSync(SOURCES, { recursive: true }) as string[]).filter((file) => file.endsWith('.sql.ts')).sort();
const modules: (readonly [string, Statement[]])[] = [];
/** Without a statement of their own: parts that others are made of, and are read there. */
const fragments: (readonly [string, unknown[]])[] = [];
// One after another: at once, Jest loses a module that several of them import.
for (const file of files) {
  const exported: unknown[] = Object.values((await import(join(SOURCES, file))) as object);
  const all = exported.flatMap((one) => (isList(one) ? ofList(one) : (one as unknown[]))).filter(isStatement);
  const name = basename(file, '.sql.ts');
  if (all.length > 0) {
    modules.push([name, [...new Set(all)]]);
  } else {
    fragments.push([name, exported]);
  }
}
const statements = modules.flatMap(([, all]) => all);
const each = statements.map((statement) => [statement.name, statement.text] as const);
const bound = each.filter(([name]) => !OF_NO_TENANT.includes(name) && !OF_USERS.test(name));

function isStatement(value: unknown): value is Statement {
  return typeof value === 'object' && value !== null && 'name' in value && 'text' in value;
}

/** Those in its own order first. */
function ofList({ own, asc, desc, first }: ListStatement): Statement[] {
  return [...new Set([first[own], own === 'asc' ? asc : desc, first.asc, first.desc, asc, desc])];
}

function isList(value: unknown): value is ListStatement {
  return typeof value === 'object' && value !== null && 'own' in value;
}

/** Without the indentation of the source around it, nor comments of ours. */
function formatted(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const kept = lines.filter((line) => line !== '');
  const depth = Math.min(...kept.slice(text.startsWith('\n') ? 0 : 1).map((line) => line.search(/\S/)), 99);
  return kept.map((line) => (line.search(/\S/) >= depth ? line.slice(depth) : line.trimStart())).join('\n');
}

interface Reference {
  readonly table: string;
  readonly alias: string;
}

/** Where a statement reads or changes a tenant's table; what it inserts into is looked at apart. */
function referencesIn(text: string, tables: readonly string[]): Reference[] {
  const pattern = new RegExp(
    `(?:\\b(?:FROM|JOIN|UPDATE|USING|ONLY)\\s+|,\\s*)(${tables.join('|')})\\b(?!\\.)(?:\\s+(?:AS\\s+)?([a-z_]+))?`,
    'g',
  );
  return [...text.matchAll(pattern)].map(([, table, alias]) => ({ table: table!, alias: alias ?? table! }));
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** What of a tenant's table is not held to `$1`; nothing is how it should be. */
function unbound(text: string, tables: readonly string[]): string[] {
  const found: string[] = [];
  const references = referencesIn(text, tables);
  // One table alone in its FROM need not repeat its name.
  let unnamed = count(text, /(?<![.\w])client_id = \$1(?!\d)/g);
  for (const alias of new Set(references.map((one) => one.alias))) {
    const needed = references.filter((one) => one.alias === alias).length;
    const missing = needed - count(text, new RegExp(`\\b${alias}\\.client_id = \\$1(?!\\d)`, 'g'));
    if (missing > 0) {
      unnamed -= missing;
      found.push(...Array<string>(missing).fill(alias));
    }
  }
  const inserts = [...text.matchAll(/INSERT INTO (\w+) \((\w+)[^)]*\)\s+(?:VALUES \(|SELECT )(\S+?)[,\s]/g)];
  const wrong = inserts
    .filter(([, , column, value]) => column !== 'client_id' || value !== '$1')
    .map(([whole]) => whole);
  const unread = count(text, /INSERT INTO/g) - inserts.length;
  return [...(unnamed < 0 ? found : []), ...wrong, ...Array<string>(unread).fill('an INSERT of another form')];
}

const tenantTables = async (): Promise<string[]> =>
  (
    await sql<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'client_id' ORDER BY length(table_name) DESC`,
    )
  ).map(({ name }) => name);

describe('The statements', () => {
  it('are all here, each under a name of its own', () => {
    expect(files.length).toBeGreaterThanOrEqual(5);
    const names = statements.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    // PostgreSQL cuts a longer name, and two could become one.
    expect(names.filter((name) => !/^[a-z_]+\.[a-z_]+$/.test(name) || name.length > 63)).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(OF_NO_TENANT));
  });

  it.each(fragments)('are made of what %s exports, which is nothing but parts', (_, exported) => {
    expect(exported.map((one) => typeof one)).toEqual(exported.map(() => 'function'));
    expect(exported.length).toBeGreaterThan(0);
  });

  it.each(modules)('of %s are the ones that were read and committed', (module, all) => {
    const path = join(HERE, `${module}.sql`);
    const text = all.map((one) => `-- ${one.name}\n${formatted(one.text)};\n`).join('\n');
    if (UPDATE) {
      writeFileSync(path, text);
    }
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  it('have no committed text without a source', () => {
    const committed = readdirSync(HERE).filter((file) => file.endsWith('.sql'));
    expect(committed.sort()).toEqual(modules.map(([module]) => `${module}.sql`).sort());
  });

  it.each(each)('%s is one that PostgreSQL can prepare', async (_, text) => {
    await beside(async (connection) => {
      await connection.query(`PREPARE statement AS ${text}`);
    });
  });
});

describe('Across tenants', () => {
  it('statements run in these files, and in no others', () => {
    const sources = (readdirSync(SOURCES, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
    const crossing = sources.filter((file) => /\.acrossTenants[<(]/.test(readFileSync(join(SOURCES, file), 'utf8')));
    expect(crossing.sort()).toEqual([
      'clients/clients.repository.ts',
      'customers/sessions/customer-sessions.repository.ts',
      'delivery/email/accounts/account-secret-rotation.ts',
      'delivery/email/accounts/email-accounts.repository.ts',
      'delivery/email/imap/imap-mailboxes.repository.ts',
      'delivery/email/inbound/inbound-emails.repository.ts',
      'delivery/email/outbound/email-deliveries.repository.ts',
      'delivery/providers/providers.repository.ts',
      'delivery/providers/smpp/smpp.repository.ts',
      'delivery/worker/jobs.repository.ts',
      'dialects/layer/sessions/nonces.repository.ts',
      'engagement/ai/ai-secret-rotation.ts',
      'engagement/campaigns/recipients.repository.ts',
      'engagement/conversations/inbox.repository.ts',
      'engagement/imports/imports.repository.ts',
      'engagement/knowledge/documents.repository.ts',
      'engagement/message-search/message-search.repository.ts',
      'engagement/workflows/running/executions.repository.ts',
      'engagement/workflows/triggers/triggers.repository.ts',
      'engagement/workflows/workflows.repository.ts',
      'files/file-removals.repository.ts',
      'notify/push/push-secret-rotation.ts',
      'notify/push/pushes.repository.ts',
      'notify/realtime/revocations.repository.ts',
      'notify/webhooks/delivery-queue.repository.ts',
      'notify/worker/housekeeping.ts',
      'platform/cluster/replicas.ts',
      'platform/database/idempotency-purge.ts',
      'platform/outbox/feed.repository.ts',
      'users/accounts/users.repository.ts',
      'users/mails/mails.repository.ts',
      'users/sessions/user-sessions.repository.ts',
      'users/social/user-identities.repository.ts',
      'users/tokens/user-tokens.repository.ts',
      'users/two-factor/two-factor.repository.ts',
      'workspaces/invitations/invitations.repository.ts',
      'workspaces/memberships.repository.ts',
      'workspaces/sockets/member-sockets.repository.ts',
      'workspaces/tokens/personal-tokens.repository.ts',
      'workspaces/workspaces.repository.ts',
    ]);
  });
});

describe('The client’s id', () => {
  it.each(bound)('binds each table of a tenant in %s', async (_, text) => {
    expect(text).toMatch(/client_id = \$1(?!\d)|INSERT INTO \w+ \(client_id/);
    expect(unbound(text, await tenantTables())).toEqual([]);
  });

  it.each<[string, string]>([
    ['customers', 'SELECT * FROM customers WHERE id = $2'],
    ['customers', 'SELECT * FROM customers WHERE client_id = $2'],
    ['customers', 'SELECT * FROM customers WHERE client_id = $11'],
    ['channel', 'SELECT 1 FROM customers c JOIN channels channel ON channel.id = $2 WHERE c.client_id = $1'],
    ['b', 'SELECT 1 FROM customers a, customers b WHERE a.client_id = $1'],
    ['messages', 'DELETE FROM messages USING channels c WHERE c.client_id = $1'],
    ['member', 'SELECT (SELECT 1 FROM channel_members member) FROM channels c WHERE c.client_id = $1'],
    ['INSERT INTO customers (client_id, id) VALUES ($2,', 'INSERT INTO customers (client_id, id) VALUES ($2, $1)'],
    ['INSERT INTO customers (id, client_id) VALUES ($1,', 'INSERT INTO customers (id, client_id) VALUES ($1, $2)'],
    ['an INSERT of another form', 'INSERT INTO customers VALUES ($1, $2)'],
  ])('is missed at %s', async (problem, text) => {
    expect(unbound(text, await tenantTables())).toEqual([problem]);
  });
});
