import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Statement } from '../../../src/platform/database/statement.js';
import { sql } from '../../support/sql.js';

type Bound =
  /** Goes by time or once it is done with: this statement deletes it. */
  | { readonly by: string }
  /** Goes with a row of this table. */
  | { readonly with: string }
  /** Goes with a row of this table, by the trigger of this name. */
  | { readonly with: string; readonly trigger: string }
  /** What a client keeps: as much as it makes and does not delete, or at most so many. */
  | { readonly kept: string };

/** What keeps each table from growing without end. Whoever adds a table says it here. */
const BOUNDS: Readonly<Record<string, readonly Bound[]>> = {
  addresses: [{ with: 'customers' }, { kept: 'a released one stays with what was said as it' }],
  ai_replies: [{ with: 'clients' }, { by: 'housekeeping.purge_ai_replies' }],
  ai_settings: [{ with: 'clients' }, { kept: 'one of a client' }],
  ai_usage: [{ with: 'clients' }, { kept: 'a few of each day and user' }],
  announcement_recipients: [{ with: 'announcements' }, { with: 'customers' }, { by: 'announcements.remove_for' }],
  announcements: [{ kept: 'what the client said' }],
  api_keys: [{ with: 'clients' }, { kept: 'what the operator made' }],
  audit_entries: [{ with: 'clients' }, { by: 'housekeeping.purge_audit_entries' }, { by: 'audit_entries.write' }],
  campaign_clicks: [{ with: 'campaign_recipients' }, { kept: 'one of each link in each mail' }],
  campaign_counters: [{ with: 'campaigns' }, { kept: 'sixteen of a campaign' }],
  campaign_days: [{ with: 'clients' }, { kept: 'sixteen of each day' }],
  campaign_hours: [{ with: 'campaigns' }, { kept: 'sixteen of each hour of a campaign' }],
  campaign_links: [{ with: 'campaigns' }, { kept: 'five hundred of a campaign: what mails link to goes on working' }],
  campaign_recipients: [{ with: 'campaigns' }, { kept: 'one of each mail: who got it may unsubscribe by it for ever' }],
  campaign_variants: [{ with: 'campaigns' }, { kept: 'five of a campaign' }],
  campaigns: [{ with: 'clients' }, { kept: 'ten thousand of a client, and what was sent' }],
  canned_responses: [{ with: 'clients' }, { by: 'canned_responses.delete' }, { kept: 'a thousand of a client' }],
  channel_members: [{ with: 'channels' }, { with: 'customers' }, { by: 'members.leave' }],
  channels: [{ by: 'channel_deletions.delete' }, { kept: 'where customers talk' }],
  chunks: [{ with: 'documents' }, { by: 'chunks.remove' }],
  clients: [{ kept: 'what the operator made' }],
  contact_aliases: [{ with: 'contacts' }],
  contact_segments: [{ with: 'clients' }, { kept: 'two hundred of a client' }],
  contact_tags: [{ with: 'contacts' }, { with: 'tags' }],
  contact_touches: [{ with: 'contacts' }],
  contacts: [{ with: 'customers' }],
  conversation_entries: [{ with: 'conversations' }, { kept: 'what the team noted and did' }],
  conversations: [{ with: 'channels' }, { kept: 'one of a channel with an address' }],
  counters: [{ with: 'clients' }, { kept: 'one of each name' }],
  customer_sessions: [{ with: 'customers' }, { by: 'housekeeping.purge_customer_sessions' }],
  customers: [{ by: 'erasure.remove' }, { kept: 'who talks' }],
  daily_stats: [{ with: 'clients' }, { kept: 'a few of each day, and of each day and user' }],
  deliveries: [{ kept: 'what was sent to phones and came from them' }],
  delivery_counts: [{ kept: 'a few of each address and day' }],
  delivery_jobs: [{ by: 'delivery_jobs.drop' }],
  delivery_months: [{ kept: 'a few of each address and month' }],
  devices: [{ with: 'customers' }, { kept: 'at most so many of a customer' }],
  documents: [{ with: 'clients' }, { by: 'documents.remove' }, { kept: 'ten thousand of a client' }],
  email_accounts: [{ with: 'addresses' }, { kept: 'what the client writes mails as' }],
  email_deliveries: [{ with: 'email_messages' }],
  email_messages: [{ with: 'channels' }, { kept: 'what mails said' }],
  events: [{ by: 'housekeeping.purge_events' }],
  execution_steps: [{ with: 'executions' }],
  executions: [{ with: 'workflows' }, { by: 'executions.remove_some' }, { by: 'housekeeping.purge_executions' }],
  file_channels: [{ with: 'files' }, { with: 'channels' }, { by: 'files.detach' }],
  file_removals: [{ by: 'file_removals.removed' }],
  files: [{ by: 'files.delete_unheld' }, { by: 'file_removals.expire' }, { kept: 'what messages hold' }],
  follows: [{ with: 'customers' }, { kept: 'who follows whom' }],
  former_members: [{ with: 'channels' }, { with: 'customers' }, { by: 'housekeeping.purge_former_members' }],
  hidden_messages: [{ with: 'messages' }, { with: 'customers' }],
  idempotency_keys: [{ by: 'idempotency_keys.purge' }],
  identity_keys: [{ with: 'clients' }, { kept: 'twenty of a client' }],
  imap_mailboxes: [{ with: 'email_accounts' }, { by: 'imap_mailboxes.remove' }],
  import_errors: [{ with: 'imports' }],
  imports: [{ with: 'clients' }, { by: 'housekeeping.purge_imports' }],
  inbound_emails: [
    { with: 'email_accounts' },
    { by: 'inbound_emails.remove' },
    { by: 'housekeeping.purge_inbound_emails' },
  ],
  inbound_parts: [{ with: 'messaging_providers' }, { by: 'housekeeping.purge_inbound_parts' }],
  invitations: [{ with: 'clients' }, { kept: 'a hundred open ones of a client, and who was asked in' }],
  listeners: [
    ...[{ with: 'replicas' }, { by: 'feed.leave' }, { by: 'housekeeping.purge_listeners' }],
    { kept: 'one of each endpoint and identity key' },
  ],
  live_chat_desks: [{ with: 'addresses' }],
  mails: [{ by: 'housekeeping.purge_mails' }],
  memberships: [{ with: 'clients' }, { with: 'users' }, { by: 'memberships.remove' }],
  message_authors: [{ kept: 'who said what was sent as an address' }],
  merged_contacts: [{ with: 'contacts' }, { by: 'housekeeping.purge_merged_contacts' }],
  merged_conversations: [{ with: 'conversations' }],
  message_words: [{ with: 'conversations', trigger: 'forget_words' }, { kept: 'what was said' }],
  messages: [{ with: 'channels' }, { kept: 'what was said' }],
  messaging_providers: [{ kept: 'replaced ones stay, so that what they still tell is understood' }],
  migrations: [{ kept: 'one of each release' }],
  nonces: [{ by: 'housekeeping.purge_nonces' }],
  notifications: [{ by: 'pushes.fan_out' }],
  open_sockets: [{ with: 'replicas' }, { with: 'customers' }],
  opt_outs: [{ kept: 'proof of who wants no messages' }],
  personal_tokens: [{ with: 'memberships' }],
  presences: [{ with: 'replicas' }, { with: 'channel_members' }],
  push_credentials: [{ with: 'clients' }, { kept: 'one of each provider' }],
  pushes: [{ with: 'devices' }, { by: 'pushes.drop' }],
  ratings: [{ with: 'conversations' }],
  receipts: [{ with: 'channel_members' }, { by: 'receipts.read' }, { by: 'receipts.deliver' }],
  replicas: [{ by: 'replicas.reap' }],
  replies: [{ with: 'conversations' }],
  search_jobs: [{ by: 'search_jobs.write' }],
  segment_members: [{ with: 'contacts' }, { with: 'contact_segments' }],
  socket_owners: [{ by: 'housekeeping.purge_socket_owners' }],
  storage_uses: [{ with: 'clients' }, { kept: 'one of a client' }],
  suppressions: [{ with: 'clients' }, { kept: 'one of each address that wants nothing' }],
  tags: [{ with: 'clients' }, { kept: 'at most so many of a client' }],
  text_templates: [{ with: 'clients' }, { by: 'text_templates.delete' }, { kept: 'a thousand of a client' }],
  user_identities: [{ with: 'users' }],
  user_sessions: [{ with: 'users' }, { by: 'housekeeping.purge_user_sessions' }],
  user_tokens: [{ with: 'users' }, { by: 'housekeeping.purge_user_tokens' }],
  users: [{ kept: 'who signed up' }],
  webhook_deliveries: [{ with: 'events' }, { with: 'webhook_endpoints' }],
  webhook_endpoints: [{ with: 'clients' }, { kept: 'twenty of a client' }],
  workflow_events: [{ with: 'clients' }, { by: 'workflow_events.drop' }],
  workflow_versions: [{ with: 'workflows' }, { by: 'workflow_versions.drop' }],
  workflows: [{ with: 'clients' }, { by: 'workflows.remove' }, { kept: 'a thousand of a client' }],
  workspace_settings: [{ with: 'clients' }, { kept: 'one of a client' }],
};

const SOURCES = new URL('../../../src', import.meta.url).pathname;
const texts = new Map<string, string>();
// One after another: at once, Jest loses a module that several of them import.
for (const file of (readdirSync(SOURCES, { recursive: true }) as string[]).filter((name) => name.endsWith('.sql.ts'))) {
  const exported = (await import(join(SOURCES, file))) as Record<string, Statement | undefined>;
  Object.values(exported).forEach((one) => one?.name && one.text && texts.set(one.name, one.text));
}

it('Every table has something that keeps it from growing without end', async () => {
  const tables = await sql<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  );
  expect(tables.map(({ name }) => name)).toEqual(Object.keys(BOUNDS).sort());
});

it.each(Object.entries(BOUNDS))('%s goes as it is said to', async (table, bounds) => {
  const falls = await sql<{ with: string }>(
    `SELECT confrelid::regclass::text AS with FROM pg_constraint
     WHERE conrelid = $1::regclass AND contype = 'f' AND confdeltype = 'c'`,
    table,
  );
  for (const bound of bounds) {
    if ('trigger' in bound) {
      const [trigger] = await sql<{ source: string }>(
        `SELECT prosrc AS source FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
         WHERE tgrelid = $1::regclass AND tgname = $2 AND tgtype & 8 = 8`,
        ...[bound.with, bound.trigger],
      );
      expect(trigger?.source).toMatch(new RegExp(`DELETE FROM ${table}\\b`));
    } else if ('with' in bound) {
      expect(falls).toContainEqual(bound);
    } else if ('by' in bound) {
      expect([bound.by, texts.get(bound.by) ?? 'no such statement']).toEqual([
        bound.by,
        expect.stringMatching(new RegExp(`DELETE FROM ${table}\\b`)),
      ]);
    }
  }
});
