import type { Statement } from '../../platform/database/statement.js';
import { LISTENED } from '../../platform/outbox/raise.js';
import type { Binding } from '../binding.js';
import { literally, searchable } from '../contacts/searchable.js';
import type { CampaignStatus } from './campaign.entity.js';

const COUNTS = [
  ...['recipients', 'skipped', 'sent', 'failed', 'unknown', 'bounced', 'opened', 'clicked'],
  ...['machine_opens', 'machine_clicks', 'unsubscribed', 'replied'],
];

/** What a list shows of campaign `one`: CampaignSummary. */
const SUMMARY = `
  one.number::float8 AS number, one.id, one.name, one.type, one.subject, one.preview_text AS "previewText", one.audience,
  one.email_account_id AS "accountId", account.number::float8 AS "accountNumber", one.tracks_opens AS "tracksOpens",
  one.tracks_clicks AS "tracksClicks", one.status, one.status_reason AS "statusReason", one.scheduled_at AS "scheduledAt",
  one.started_at AS "startedAt", one.sent_at AS "sentAt", one.created_at AS "createdAt",
  one.winner, one.winner_due_at AS "winnerDueAt", counted.counts`;

const BODIES = `
  one.html_body AS "htmlBody", one.text_body AS "textBody", one.body_json AS "bodyJson", one.winner_by AS "winnerBy",
  one.winner_after_minutes AS "winnerAfterMinutes", ARRAY(
    SELECT jsonb_build_object('letter', variant.letter, 'subject', variant.subject, 'htmlBody', variant.html_body,
                              'textBody', variant.text_body, 'share', variant.share)
    FROM campaign_variants variant WHERE variant.client_id = $1 AND variant.campaign = one.number ORDER BY variant.letter
  ) AS variants`;

const JOINS = `
  LEFT JOIN email_accounts account ON account.client_id = $1 AND account.customer_id = one.email_account_id
  CROSS JOIN LATERAL (
    SELECT jsonb_build_object(${COUNTS.map((name) => `'${name}', coalesce(sum(shard.${name}), 0)`).join(', ')}) AS counts,
           coalesce(sum(shard.recipients), 0) AS recipients
    FROM campaign_counters shard WHERE shard.client_id = $1 AND shard.campaign = one.number
  ) counted`;

/** Held by whoever makes one, so that there are never more than there may be. */
export const LOCK: Statement = {
  name: 'campaigns.lock',
  text: `SELECT name FROM counters WHERE client_id = $1 AND name = 'campaigns' FOR NO KEY UPDATE`,
};

/** No row: there are `$3` already. */
export const CREATE: Statement = {
  name: 'campaigns.create',
  text: `
    INSERT INTO campaigns (client_id, number, id, name)
    SELECT $1, draw_numbers($1, 'campaigns', 1), $2, ''
    WHERE (SELECT count(*) FROM campaigns known WHERE known.client_id = $1 AND known.deleted_at IS NULL) < $3
    RETURNING number::float8 AS number`,
};

/** Campaign `$2`, where it is one that may still be written: all that its author says of it. */
export const WRITE: Statement = {
  name: 'campaigns.write',
  text: `
    UPDATE campaigns
    SET name = $3, subject = $4, preview_text = $5, html_body = $6, text_body = $7, body_json = $8, audience = $9,
        email_account_id = $10, tracks_opens = $11, tracks_clicks = $12, scheduled_at = $13,
        type = $14, winner_by = $15, winner_after_minutes = $16, updated_at = now()
    WHERE client_id = $1 AND number = $2 AND status IN ('draft', 'scheduled') AND deleted_at IS NULL
    RETURNING number`,
};

/** The one with number `$2`, or with id `$3`. */
export const FIND: Statement = {
  name: 'campaigns.find',
  text: `
    SELECT ${SUMMARY}, ${BODIES} FROM campaigns one ${JOINS}
    WHERE one.client_id = $1 AND (one.number = $2::bigint OR one.id = $3::uuid) AND one.deleted_at IS NULL`,
};

/** The same, deleted ones too, by ids `$2`. */
export const FIND_MANY: Statement = {
  name: 'campaigns.find_many',
  text: `
    SELECT ${SUMMARY} FROM campaigns one ${JOINS}
    WHERE one.client_id = $1 AND one.id = ANY($2::uuid[]) AND one.deleted_at IS NULL`,
};

/** Holds campaign `$2`, so that its state changes once. */
export const HOLD: Statement = {
  name: 'campaigns.hold',
  text: `
    SELECT status, started_at AS "startedAt", scheduled_at AS "scheduledAt", type, winner FROM campaigns
    WHERE client_id = $1 AND number = $2 AND deleted_at IS NULL FOR NO KEY UPDATE`,
};

/** State `$3` of campaign `$2`, which is held; `$4` why, `$5` when, where it is scheduled. */
export const MOVE: Statement = {
  name: 'campaigns.move',
  text: `
    UPDATE campaigns
    SET status = $3, status_reason = $4, updated_at = now(),
        scheduled_at = CASE WHEN $3 = 'scheduled' THEN $5::timestamptz ELSE scheduled_at END
    WHERE client_id = $1 AND number = $2
    RETURNING ${LISTENED} AS raised`,
};

/** Campaign `$2`, which is held, begins: what it says and whom it is for from now on. Its links are `$8`. */
export const START: Statement = {
  name: 'campaigns.start',
  text: `
    WITH linked AS (
      INSERT INTO campaign_links (client_id, campaign, n, url)
      SELECT $1, $2, link.n, link.url FROM unnest($8::text[]) WITH ORDINALITY AS link (url, n)
    )
    UPDATE campaigns
    SET status = 'sending', status_reason = NULL, frozen_subject = $3, frozen_html = $4, frozen_text = $5,
        frozen_audience = $6, email_account_id = $7, started_at = now(), updated_at = now(),
        prepare_to = (SELECT coalesce(max(contact.number), 0) FROM contacts contact WHERE contact.client_id = $1)
    WHERE client_id = $1 AND number = $2
    RETURNING ${LISTENED} AS raised`,
};

/** Campaign `$2` is gone where it reached nobody, and else stays for what its mails link to. */
export const REMOVE: Statement = {
  name: 'campaigns.remove',
  text: `
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
    WHERE client_id = $1 AND number = $2 AND NOT EXISTS (SELECT FROM gone)`,
};

/** What the workspace of campaign `$2` is called. */
export const WORKSPACE_NAME: Statement = {
  name: 'campaigns.workspace_name',
  text: `
    SELECT client.name FROM campaigns one JOIN clients client ON client.id = one.client_id
    WHERE one.client_id = $1 AND one.number = $2`,
};

/** The account that is the workspace's choice: the default one, or else the oldest. */
export const DEFAULT_ACCOUNT: Statement = {
  name: 'campaigns.default_account',
  text: `
    SELECT account.customer_id AS id FROM email_accounts account
    JOIN addresses address ON address.client_id = $1 AND address.customer_id = account.customer_id
      AND address.released_at IS NULL
    WHERE account.client_id = $1
    ORDER BY address.is_default DESC, account.number LIMIT 1`,
};

/** How many there are. */
export const COUNT: Statement = {
  name: 'campaigns.count',
  text: `SELECT count(*)::int AS total FROM campaigns WHERE client_id = $1 AND deleted_at IS NULL`,
};

export interface CampaignFilters {
  readonly status?: CampaignStatus | null;
  readonly type?: string | null;
  readonly search?: string | null;
}

const SORTS = {
  created_at: 'one.created_at',
  name: 'lower(one.name)',
  status: 'one.status',
  recipients_count: 'counted.recipients',
  sent_at: 'one.sent_at',
  scheduled_at: 'one.scheduled_at',
} as const;
export type CampaignSort = keyof typeof SORTS;

function conditionsOf({ status, type, search }: CampaignFilters, binding: Binding): string {
  const words = searchable(search ?? '')
    .split(/\s+/u)
    .filter(Boolean);
  const given: readonly (string | false)[] = [
    'one.client_id = $1 AND one.deleted_at IS NULL',
    status != null && `one.status = ${binding.bind(status, 'text')}`,
    type != null && `one.type = ${binding.bind(type, 'text')}`,
    ...words.map((word) => {
      const place = binding.bind(`%${literally(word)}%`, 'text');
      return `searchable(concat_ws(' ', one.name, one.subject)) LIKE ${place}`;
    }),
  ];
  return given.filter((one) => typeof one === 'string').join(' AND ');
}

export interface CampaignPageOf {
  readonly sort: CampaignSort;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** The number of one: what comes after it, in the default order. */
  readonly after: number | null;
}

/** At most ten thousand are looked at. Run without a name. */
export function pageOfCampaigns(filters: CampaignFilters, page: CampaignPageOf, binding: Binding): string {
  const { sort, direction, limit, offset, after } = page;
  const conditions = conditionsOf(filters, binding);
  const cursor = after === null ? '' : ` AND one.number < ${binding.bind(after, 'bigint')}`;
  return `
    SELECT ${SUMMARY} FROM campaigns one ${JOINS} WHERE ${conditions}${cursor}
    ORDER BY ${sort === 'created_at' ? '' : `${SORTS[sort]} ${direction} NULLS LAST, `}one.number ${direction}
    LIMIT ${binding.bind(limit, 'int')} OFFSET ${binding.bind(offset, 'bigint')}`;
}

/** How many there are. Run without a name. */
export function countOfCampaigns(filters: CampaignFilters, binding: Binding): string {
  return `SELECT count(*)::int AS total FROM campaigns one WHERE ${conditionsOf(filters, binding)}`;
}
