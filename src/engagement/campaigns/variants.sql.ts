import type { Statement } from '../../platform/database/statement.js';
import { raise, RAISED } from '../../platform/outbox/raise.js';

/** What campaign `$2` tries, where it is one that may still be written: by letter, all of them. */
export const WRITE_VARIANTS: Statement = {
  name: 'campaigns.write_variants',
  text: `
    WITH given AS (
      SELECT * FROM jsonb_to_recordset($3::jsonb)
        AS one (letter text, subject text, "htmlBody" text, "textBody" text, share smallint)
    ), gone AS (
      DELETE FROM campaign_variants
      WHERE client_id = $1 AND campaign = $2 AND letter NOT IN (SELECT letter FROM given)
    )
    INSERT INTO campaign_variants (client_id, campaign, letter, subject, html_body, text_body, share)
    SELECT $1, $2, letter, subject, "htmlBody", "textBody", share FROM given ORDER BY letter
    ON CONFLICT (client_id, campaign, letter) DO UPDATE
    SET subject = excluded.subject, html_body = excluded.html_body, text_body = excluded.text_body, share = excluded.share`,
};

/** What the variants of campaign `$2` say from now on. */
export const FREEZE_VARIANTS: Statement = {
  name: 'campaigns.freeze_variants',
  text: `
    UPDATE campaign_variants variant
    SET frozen_subject = frozen.subject, frozen_html = frozen.html, frozen_text = frozen.text
    FROM jsonb_to_recordset($3::jsonb) AS frozen (letter text, subject text, html text, text text)
    WHERE variant.client_id = $1 AND variant.campaign = $2 AND variant.letter = frozen.letter`,
};

/** Tells that the winners of these campaigns are chosen: parts of a WITH. */
const tellWinners = (chosen: string): string =>
  raise(`
    SELECT 'campaign.winner_chosen' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
           jsonb_build_object('id', id, 'number', number) AS data
    FROM ${chosen} WHERE winner IS NOT NULL`);

/** Variant `$3` of campaign `$2`, which is held and sending or paused, has won. */
export const CHOOSE: Statement = {
  name: 'campaigns.choose',
  text: `
    WITH chosen AS (
      UPDATE campaigns SET winner = $3, updated_at = now()
      WHERE client_id = $1 AND number = $2 AND winner IS NULL
      RETURNING id, number, winner
    ), ${tellWinners('chosen')}
    SELECT ${RAISED} FROM chosen`,
};

/**
 * Who of campaign `$2` was just made, behind contact `$3`, gets which variant: one after another as `$4` says, again and again,
 * and is held where that says none.
 */
export const DEAL: Statement = {
  name: 'campaign_recipients.deal',
  text: `
    WITH placed AS (
      SELECT fresh.number, ($4::text[])[(one.dealt + row_number() OVER (ORDER BY fresh.number) - 1) % 100 + 1] AS letter
      FROM campaigns one
      JOIN campaign_recipients fresh ON fresh.client_id = $1 AND fresh.campaign = one.number AND fresh.number > $3
        AND fresh.status = 'pending'
      WHERE one.client_id = $1 AND one.number = $2
    ), moved AS (
      UPDATE campaign_recipients recipient
      SET variant = placed.letter, status = CASE WHEN placed.letter IS NULL THEN 'held' ELSE 'pending' END
      FROM placed
      WHERE recipient.client_id = $1 AND recipient.campaign = $2 AND recipient.number = placed.number
      RETURNING recipient.number
    )
    UPDATE campaigns SET dealt = dealt + (SELECT count(*) FROM moved) WHERE client_id = $1 AND number = $2`,
};

/** The shares of what campaign `$2` tries, in per cent. */
export const SHARES: Statement = {
  name: 'campaigns.shares',
  text: `SELECT letter, share FROM campaign_variants WHERE client_id = $1 AND campaign = $2 ORDER BY letter`,
};

/** Nothing is left to do of a campaign but for those who are held. */
const isTested = (client: string): string => `
  one.type = 'ab_test' AND one.status = 'sending' AND one.winner IS NULL AND one.prepared_at IS NOT NULL
  AND (one.winner_due_at IS NULL OR one.winner_due_at <= now())
  AND (SELECT true FROM campaign_recipients unfinished
       WHERE unfinished.client_id = ${client} AND unfinished.campaign = one.number
         AND unfinished.status IN ('pending', 'claimed', 'transmitting') LIMIT 1) IS NULL
  AND (SELECT true FROM campaign_recipients held
       WHERE held.client_id = ${client} AND held.campaign = one.number AND held.status = 'held' LIMIT 1)`;

/** Of no client: A/B tests that have gone out, or whose winner is to be chosen, or is known while some are held. */
export const TO_JUDGE: Statement = {
  name: 'campaigns.to_judge',
  text: `
    SELECT one.client_id AS "clientId", client.livemode, one.number::float8 AS number
    FROM campaigns one JOIN clients client ON client.id = one.client_id AND client.disabled_at IS NULL
    WHERE ${isTested('one.client_id')}
       OR one.status = 'sending' AND one.winner IS NOT NULL AND one.prepared_at IS NOT NULL AND (
         SELECT true FROM campaign_recipients held
         WHERE held.client_id = one.client_id AND held.campaign = one.number AND held.status = 'held' LIMIT 1)
    LIMIT $1`,
};

/**
 * Campaign `$2`, which is held and whose test has gone out: when its winner is chosen, where that was not said, and else who
 * won. Of as many as arrived; what nobody got has lost, and of equals the first has won.
 */
export const JUDGE: Statement = {
  name: 'campaigns.judge',
  text: `
    WITH judged AS (
      UPDATE campaigns one
      SET winner_due_at = coalesce(one.winner_due_at, now() + make_interval(mins => one.winner_after_minutes)),
          winner = CASE WHEN one.winner_due_at IS NOT NULL THEN (
            SELECT variant.letter FROM campaign_variants variant
            LEFT JOIN campaign_recipients reached ON reached.client_id = $1 AND reached.campaign = $2
              AND reached.variant = variant.letter AND reached.status = 'sent'
            WHERE variant.client_id = $1 AND variant.campaign = $2
            GROUP BY variant.letter
            ORDER BY count(CASE one.winner_by WHEN 'clicks' THEN reached.clicked_at ELSE reached.opened_at END)::numeric
                     / nullif(count(reached.number), 0) DESC NULLS LAST, variant.letter
            LIMIT 1) END
      WHERE one.client_id = $1 AND one.number = $2 AND ${isTested('$1')}
      RETURNING one.id, one.number, one.winner
    ), ${tellWinners('judged')}
    SELECT ${RAISED} FROM judged`,
};

/** Up to `$3` of those who are held of campaign `$2` get what has won. */
export const RELEASE: Statement = {
  name: 'campaign_recipients.release',
  text: `
    WITH waiting AS MATERIALIZED (
      SELECT recipient.number, one.winner FROM campaigns one
      JOIN campaign_recipients recipient ON recipient.client_id = $1 AND recipient.campaign = one.number
        AND recipient.status = 'held'
      WHERE one.client_id = $1 AND one.number = $2 AND one.status = 'sending' AND one.winner IS NOT NULL
        AND one.prepared_at IS NOT NULL
      ORDER BY recipient.number LIMIT $3 FOR NO KEY UPDATE OF recipient SKIP LOCKED
    )
    UPDATE campaign_recipients recipient SET status = 'pending', variant = waiting.winner, next_attempt_at = now()
    FROM waiting
    WHERE recipient.client_id = $1 AND recipient.campaign = $2 AND recipient.number = waiting.number
    RETURNING recipient.number`,
};

/** What became of each variant of campaign `$2`. */
export const LIST_VARIANTS: Statement = {
  name: 'campaign_recipients.list_variants',
  text: `
    SELECT variant.letter, variant.share, count(reached.number)::int AS recipients,
           (count(*) FILTER (WHERE reached.status IN ('sent', 'bounced')))::int AS sent,
           (count(*) FILTER (WHERE reached.status = 'bounced'))::int AS bounced,
           count(reached.opened_at)::int AS opened, count(reached.clicked_at)::int AS clicked
    FROM campaign_variants variant
    LEFT JOIN campaign_recipients reached ON reached.client_id = $1 AND reached.campaign = $2
      AND reached.variant = variant.letter
    WHERE variant.client_id = $1 AND variant.campaign = $2
    GROUP BY variant.letter, variant.share ORDER BY variant.letter`,
};

/** How many of campaign `$2` wait for its winner. */
export const COUNT_HELD: Statement = {
  name: 'campaign_recipients.count_held',
  text: `
    SELECT count(*)::int AS held FROM campaign_recipients WHERE client_id = $1 AND campaign = $2 AND status = 'held'`,
};
