-- campaigns.count
SELECT count(*)::int AS total FROM campaigns WHERE client_id = $1 AND deleted_at IS NULL;

-- campaigns.create
INSERT INTO campaigns (client_id, number, id, name)
SELECT $1, draw_numbers($1, 'campaigns', 1), $2, ''
WHERE (SELECT count(*) FROM campaigns known WHERE known.client_id = $1 AND known.deleted_at IS NULL) < $3
RETURNING number::float8 AS number;

-- campaigns.default_account
SELECT account.customer_id AS id FROM email_accounts account
JOIN addresses address ON address.client_id = $1 AND address.customer_id = account.customer_id
  AND address.released_at IS NULL
WHERE account.client_id = $1
ORDER BY address.is_default DESC, account.number LIMIT 1;

-- campaigns.find
  SELECT
one.number::float8 AS number, one.id, one.name, one.type, one.subject, one.preview_text AS "previewText", one.audience,
one.email_account_id AS "accountId", account.number::float8 AS "accountNumber", one.tracks_opens AS "tracksOpens",
one.tracks_clicks AS "tracksClicks", one.status, one.status_reason AS "statusReason", one.scheduled_at AS "scheduledAt",
one.started_at AS "startedAt", one.sent_at AS "sentAt", one.created_at AS "createdAt",
one.winner, one.winner_due_at AS "winnerDueAt", counted.counts,
one.html_body AS "htmlBody", one.text_body AS "textBody", one.body_json AS "bodyJson", one.winner_by AS "winnerBy",
one.winner_after_minutes AS "winnerAfterMinutes", ARRAY(
  SELECT jsonb_build_object('letter', variant.letter, 'subject', variant.subject, 'htmlBody', variant.html_body,
                            'textBody', variant.text_body, 'share', variant.share)
  FROM campaign_variants variant WHERE variant.client_id = $1 AND variant.campaign = one.number ORDER BY variant.letter
) AS variants FROM campaigns one
LEFT JOIN email_accounts account ON account.client_id = $1 AND account.customer_id = one.email_account_id
CROSS JOIN LATERAL (
  SELECT jsonb_build_object('recipients', coalesce(sum(shard.recipients), 0), 'skipped', coalesce(sum(shard.skipped), 0), 'sent', coalesce(sum(shard.sent), 0), 'failed', coalesce(sum(shard.failed), 0), 'unknown', coalesce(sum(shard.unknown), 0), 'bounced', coalesce(sum(shard.bounced), 0), 'opened', coalesce(sum(shard.opened), 0), 'clicked', coalesce(sum(shard.clicked), 0), 'machine_opens', coalesce(sum(shard.machine_opens), 0), 'machine_clicks', coalesce(sum(shard.machine_clicks), 0), 'unsubscribed', coalesce(sum(shard.unsubscribed), 0), 'replied', coalesce(sum(shard.replied), 0)) AS counts,
         coalesce(sum(shard.recipients), 0) AS recipients
  FROM campaign_counters shard WHERE shard.client_id = $1 AND shard.campaign = one.number
) counted
  WHERE one.client_id = $1 AND (one.number = $2::bigint OR one.id = $3::uuid) AND one.deleted_at IS NULL;

-- campaigns.find_many
  SELECT
one.number::float8 AS number, one.id, one.name, one.type, one.subject, one.preview_text AS "previewText", one.audience,
one.email_account_id AS "accountId", account.number::float8 AS "accountNumber", one.tracks_opens AS "tracksOpens",
one.tracks_clicks AS "tracksClicks", one.status, one.status_reason AS "statusReason", one.scheduled_at AS "scheduledAt",
one.started_at AS "startedAt", one.sent_at AS "sentAt", one.created_at AS "createdAt",
one.winner, one.winner_due_at AS "winnerDueAt", counted.counts FROM campaigns one
LEFT JOIN email_accounts account ON account.client_id = $1 AND account.customer_id = one.email_account_id
CROSS JOIN LATERAL (
  SELECT jsonb_build_object('recipients', coalesce(sum(shard.recipients), 0), 'skipped', coalesce(sum(shard.skipped), 0), 'sent', coalesce(sum(shard.sent), 0), 'failed', coalesce(sum(shard.failed), 0), 'unknown', coalesce(sum(shard.unknown), 0), 'bounced', coalesce(sum(shard.bounced), 0), 'opened', coalesce(sum(shard.opened), 0), 'clicked', coalesce(sum(shard.clicked), 0), 'machine_opens', coalesce(sum(shard.machine_opens), 0), 'machine_clicks', coalesce(sum(shard.machine_clicks), 0), 'unsubscribed', coalesce(sum(shard.unsubscribed), 0), 'replied', coalesce(sum(shard.replied), 0)) AS counts,
         coalesce(sum(shard.recipients), 0) AS recipients
  FROM campaign_counters shard WHERE shard.client_id = $1 AND shard.campaign = one.number
) counted
  WHERE one.client_id = $1 AND one.id = ANY($2::uuid[]) AND one.deleted_at IS NULL;

-- campaigns.hold
SELECT status, started_at AS "startedAt", scheduled_at AS "scheduledAt", type, winner FROM campaigns
WHERE client_id = $1 AND number = $2 AND deleted_at IS NULL FOR NO KEY UPDATE;

-- campaigns.lock
SELECT name FROM counters WHERE client_id = $1 AND name = 'campaigns' FOR NO KEY UPDATE;

-- campaigns.move
UPDATE campaigns
SET status = $3, status_reason = $4, updated_at = now(),
    scheduled_at = CASE WHEN $3 = 'scheduled' THEN $5::timestamptz ELSE scheduled_at END
WHERE client_id = $1 AND number = $2
RETURNING EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- campaigns.remove
WITH gone AS (
  DELETE FROM campaigns WHERE client_id = $1 AND number = $2 AND started_at IS NULL RETURNING number
), emptied AS (
  UPDATE campaign_variants
  SET subject = NULL, html_body = NULL, text_body = NULL, frozen_subject = NULL, frozen_html = NULL, frozen_text = NULL
  WHERE client_id = $1 AND campaign = $2 AND NOT EXISTS (SELECT FROM gone)
)
UPDATE campaigns
SET deleted_at = now(), subject = NULL, preview_text = NULL, html_body = NULL, text_body = NULL, body_json = NULL,
    audience = NULL, frozen_subject = NULL, frozen_html = NULL, frozen_text = NULL, frozen_audience = NULL
WHERE client_id = $1 AND number = $2 AND NOT EXISTS (SELECT FROM gone);

-- campaigns.start
WITH linked AS (
  INSERT INTO campaign_links (client_id, campaign, n, url)
  SELECT $1, $2, link.n, link.url FROM unnest($8::text[]) WITH ORDINALITY AS link (url, n)
)
UPDATE campaigns
SET status = 'sending', status_reason = NULL, frozen_subject = $3, frozen_html = $4, frozen_text = $5,
    frozen_audience = $6, email_account_id = $7, started_at = now(), updated_at = now(),
    prepare_to = (SELECT coalesce(max(contact.number), 0) FROM contacts contact WHERE contact.client_id = $1)
WHERE client_id = $1 AND number = $2
RETURNING EXISTS (SELECT FROM listeners WHERE client_id = $1) AS raised;

-- campaigns.workspace_name
SELECT client.name FROM campaigns one JOIN clients client ON client.id = one.client_id
WHERE one.client_id = $1 AND one.number = $2;

-- campaigns.write
UPDATE campaigns
SET name = $3, subject = $4, preview_text = $5, html_body = $6, text_body = $7, body_json = $8, audience = $9,
    email_account_id = $10, tracks_opens = $11, tracks_clicks = $12, scheduled_at = $13,
    type = $14, winner_by = $15, winner_after_minutes = $16, updated_at = now()
WHERE client_id = $1 AND number = $2 AND status IN ('draft', 'scheduled') AND deleted_at IS NULL
RETURNING number;
