import type { Statement } from '../../platform/database/statement.js';
import { RAISED, raise } from '../../platform/outbox/raise.js';

const COLUMNS = `base_url AS "baseUrl", secret, chat_model AS "chatModel", embedding_model AS "embeddingModel",
           input_price AS "inputPrice", output_price AS "outputPrice", embedding_price AS "embeddingPrice",
           monthly_token_limit AS "monthlyTokenLimit", updated_at AS "updatedAt"`;
const TODAY = `(now() AT TIME ZONE 'UTC')::date`;
const MONTH = `date_trunc('month', now() AT TIME ZONE 'UTC')::date`;
const USED = `
  SELECT coalesce(sum(tokens_in + tokens_out), 0)::float8 FROM ai_usage WHERE client_id = $1 AND day >= ${MONTH}`;

/** No row: the client has none of its own. */
export const FIND: Statement = {
  name: 'ai_settings.find',
  text: `SELECT ${COLUMNS} FROM ai_settings WHERE client_id = $1`,
};

/** The tokens of this month, and the seconds that are left of it. */
export const FIND_USED: Statement = {
  name: 'ai_usage.find_used',
  text: `
    SELECT (${USED}) AS used,
           ceil(extract(epoch FROM ${MONTH} + interval '1 month' - now() AT TIME ZONE 'UTC'))::int AS "secondsLeft"`,
};

/** URL `$2`, sealed key `$3`, models `$4` and `$5`, prices `$6` to `$8`, limit `$9`: where that is another, it is told anew that it is reached. */
export const SET: Statement = {
  name: 'ai_settings.set',
  text: `
    INSERT INTO ai_settings (client_id, base_url, secret, chat_model, embedding_model, input_price, output_price,
                             embedding_price, monthly_token_limit)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (client_id) DO UPDATE
      SET base_url = excluded.base_url, secret = excluded.secret, chat_model = excluded.chat_model,
          embedding_model = excluded.embedding_model, input_price = excluded.input_price,
          output_price = excluded.output_price, embedding_price = excluded.embedding_price,
          limit_told = CASE WHEN ai_settings.monthly_token_limit IS NOT DISTINCT FROM excluded.monthly_token_limit
                            THEN ai_settings.limit_told END,
          monthly_token_limit = excluded.monthly_token_limit, updated_at = now()
    RETURNING ${COLUMNS}`,
};

/** Model `$4`, asked for `$3` by user `$2`, answered, or failed `$5` times; tokens `$6` and `$7` for `$8`, in `$9` milliseconds. The day, and the tokens of the month with these. */
export const COUNT: Statement = {
  name: 'ai_usage.count',
  text: `
    INSERT INTO ai_usage (client_id, day, user_id, kind, model, calls, failed, tokens_in, tokens_out, cost, milliseconds)
    VALUES ($1, ${TODAY}, $2, $3, $4, 1, $5, $6, $7, $8, $9)
    ON CONFLICT (client_id, day, user_id, kind, model) DO UPDATE
      SET calls = ai_usage.calls + 1, failed = ai_usage.failed + excluded.failed,
          tokens_in = ai_usage.tokens_in + excluded.tokens_in, tokens_out = ai_usage.tokens_out + excluded.tokens_out,
          cost = ai_usage.cost + excluded.cost, milliseconds = ai_usage.milliseconds + excluded.milliseconds
    RETURNING day::text AS day, (${USED}) + $6::float8 + $7::float8 AS used`,
};

/** Documents whose vectors are of another model than `$2` are due. Whoever is at one writes nothing any more. */
export const EMBED_ANEW: Statement = {
  name: 'documents.embed_anew',
  text: `
    UPDATE documents SET turn_at = now(), attempts = 0, run = run + 1, claimed_by = NULL
    WHERE client_id = $1 AND status IN ('embedding', 'ready', 'paused') AND embedded_with IS DISTINCT FROM $2
    RETURNING true AS raised`,
};

/** That `$2` tokens were used of a limit of `$3`: once a month. */
export const TELL_LIMIT: Statement = {
  name: 'ai_settings.tell_limit',
  text: `
    WITH told AS (
      INSERT INTO ai_settings (client_id, limit_told) VALUES ($1, ${MONTH})
      ON CONFLICT (client_id) DO UPDATE SET limit_told = excluded.limit_told
        WHERE ai_settings.limit_told IS DISTINCT FROM excluded.limit_told
      RETURNING limit_told
    ), ${raise(`
      SELECT 'ai.limit_reached' AS type, NULL::uuid AS channel_id, NULL::uuid AS customer_id,
             jsonb_build_object('month', to_char(limit_told, 'YYYY-MM'), 'used', $2::float8, 'limit', $3::int) AS data
      FROM told`)}
    SELECT ${RAISED} FROM told`,
};

/** Of no client: for the rotation of the key. At most `$3` rows behind client `$2` whose secret does not begin with `$1`. */
export const FIND_SEALED_BEFORE: Statement = {
  name: 'ai_settings.find_sealed_before',
  text: `
    SELECT client_id AS "clientId", secret FROM ai_settings
    WHERE secret IS NOT NULL AND substring(secret FOR octet_length($1::bytea)) <> $1 AND client_id > $2
    ORDER BY client_id LIMIT $3`,
};

/** In place of secret `$2`, unless somebody set another since. */
export const SEAL_ANEW: Statement = {
  name: 'ai_settings.seal_anew',
  text: `UPDATE ai_settings SET secret = $3 WHERE client_id = $1 AND secret = $2`,
};
