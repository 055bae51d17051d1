import { expect } from '@jest/globals';
import { sql } from './sql.js';

/** Of one client (`$1`): each query yields the rows whose counters are not what counting the rows comes to. */
const WRONG: Readonly<Record<string, string>> = {
  channels: `
    SELECT channel.id, message_count, last_position, last_message_at, counted.*
    FROM channels channel, LATERAL (
      SELECT count(*) FILTER (WHERE deleted_at IS NULL)::int AS shown, coalesce(max(position), 0) AS newest,
             count(*)::int AS places, max(created_at) FILTER (WHERE deleted_at IS NULL) AS at
      FROM messages m WHERE m.client_id = channel.client_id AND m.channel_id = channel.id
    ) counted
    WHERE client_id = $1
      AND (message_count, last_position, last_position, last_message_at) IS DISTINCT FROM (shown, newest, places, at)`,
  members: `
    SELECT member.channel_id, member.customer_id, message_count, seen_count, hidden_count, read_position, counted.*
    FROM channel_members member, LATERAL (
      SELECT count(*) FILTER (WHERE m.sender_id = member.customer_id)::int AS sent,
             count(*) FILTER (WHERE m.sender_id IS DISTINCT FROM member.customer_id
               AND (m.position <= member.read_position OR h.position IS NOT NULL))::int AS seen,
             count(h.position)::int AS hidden
      FROM messages m
      LEFT JOIN hidden_messages h ON h.client_id = m.client_id AND h.customer_id = member.customer_id
        AND h.channel_id = m.channel_id AND h.position = m.position
      WHERE m.client_id = member.client_id AND m.channel_id = member.channel_id AND m.deleted_at IS NULL
    ) counted
    WHERE client_id = $1 AND ((message_count, seen_count, hidden_count) IS DISTINCT FROM (sent, seen, hidden)
      OR read_position > delivered_position OR (message_count = 0) <> (last_message_at IS NULL))`,
  customers: `
    SELECT customer.id, message_count, latest_message_at, counted.*
    FROM customers customer, LATERAL (
      SELECT count(*)::int AS sent, max(created_at) AS at FROM messages m
      WHERE m.client_id = customer.client_id AND m.sender_id = customer.id AND m.deleted_at IS NULL
    ) counted
    WHERE client_id = $1 AND (message_count, latest_message_at) IS DISTINCT FROM (sent, at)`,
  counters: `
    SELECT name, value, counted.rows
    FROM counters JOIN (
      SELECT 'customers' AS name, count(*)::int AS rows FROM customers WHERE client_id = $1
      UNION ALL SELECT 'channels', count(*)::int FROM channels WHERE client_id = $1
      UNION ALL SELECT 'open_channels', count(*)::int FROM channels WHERE client_id = $1 AND is_open
      UNION ALL SELECT 'active_customers', count(DISTINCT sender_id)::int FROM messages
        WHERE client_id = $1 AND deleted_at IS NULL
      UNION ALL SELECT 'contacts.' || one, (
        SELECT count(*)::int FROM contacts WHERE client_id = $1 AND status = one
      ) FROM unnest('{active,inactive,unsubscribed}'::text[]) one
      UNION ALL SELECT 'conversations.' || one, (
        SELECT count(*)::int FROM conversations WHERE client_id = $1 AND status = one
      ) FROM unnest('{open,pending,snoozed,closed,spam}'::text[]) one
    ) counted USING (name)
    WHERE client_id = $1 AND value <> counted.rows`,
  contacts: `
    SELECT customer.id, customer.kind, contact.number, touch.number AS touched FROM customers customer
    LEFT JOIN contacts contact ON contact.client_id = customer.client_id AND contact.customer_id = customer.id
    LEFT JOIN contact_touches touch ON touch.client_id = customer.client_id AND touch.customer_id = customer.id
    WHERE customer.client_id = $1
      AND ((customer.kind = 'person') <> (contact.number IS NOT NULL) OR touch.number IS DISTINCT FROM contact.number)`,
  tags: `
    SELECT name, contacts_count, (
      SELECT count(*)::int FROM contact_tags marked WHERE marked.client_id = $1 AND marked.tag_id = tags.id
    ) AS contacts
    FROM tags
    WHERE client_id = $1 AND contacts_count <> (
      SELECT count(*) FROM contact_tags marked WHERE marked.client_id = $1 AND marked.tag_id = tags.id
    )`,
  conversations: `
    SELECT channel_id, last_position, preview, entries_count, counted.* FROM conversations, LATERAL (
      SELECT coalesce(max(position), 0) AS newest, max(created_at) AS at,
             (SELECT count(*)::int FROM conversation_entries entry
              WHERE entry.client_id = $1 AND entry.channel_id = conversations.channel_id) AS entries
      FROM messages m
      WHERE m.client_id = $1 AND m.channel_id = conversations.channel_id AND m.deleted_at IS NULL
    ) counted
    WHERE client_id = $1 AND ((last_position, entries_count) IS DISTINCT FROM (newest, entries)
      OR (status = 'closed') <> (resolved_at IS NOT NULL) OR status = 'closed' AND counted.at > resolved_at
      OR (SELECT count(*) FROM customers WHERE customers.client_id = $1 AND id = contact_id) <> (contact_id IS NOT NULL)::int)`,
  files: `
    SELECT file.id, file.expires_at, sent.channels FROM files file, LATERAL (
      SELECT count(*)::int AS channels FROM file_channels sent
      WHERE sent.client_id = file.client_id AND sent.file_id = file.id
    ) sent
    WHERE client_id = $1 AND (sent.channels = 0) <> (expires_at IS NOT NULL)`,
  file_channels: `
    SELECT sent.file_id, sent.channel_id, sent.message_count, held.* FROM file_channels sent
    FULL JOIN (
      SELECT m.channel_id, (part->>'fileId')::uuid AS file_id, count(DISTINCT m.position)::int AS messages
      FROM messages m, jsonb_array_elements(m.parts) part
      WHERE m.client_id = $1 AND m.deleted_at IS NULL AND part ? 'fileId'
      GROUP BY 1, 2
    ) held ON held.channel_id = sent.channel_id AND held.file_id = sent.file_id
    WHERE (sent.client_id = $1 OR sent.client_id IS NULL) AND sent.message_count IS DISTINCT FROM held.messages`,
  storage: `
    SELECT bytes, (SELECT sum(size) FROM files WHERE client_id = $1) AS files FROM storage_uses
    WHERE client_id = $1 AND bytes <> coalesce((SELECT sum(size) FROM files WHERE client_id = $1), 0)`,
  receipts: `
    SELECT receipt.* FROM receipts receipt
    JOIN channel_members member USING (client_id, channel_id, customer_id)
    WHERE client_id = $1
      AND receipt.position > CASE kind WHEN 'read' THEN read_position ELSE delivered_position END`,
};

/** Holds that every counter of a client says what counting its rows says. */
export async function expectExactRows(clientId: string): Promise<void> {
  const wrong: Record<string, unknown[]> = {};
  for (const [name, query] of Object.entries(WRONG)) {
    wrong[name] = await sql(query, clientId);
  }
  expect(wrong).toEqual(Object.fromEntries(Object.keys(WRONG).map((name) => [name, []])));
}
