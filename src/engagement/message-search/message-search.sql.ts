import type { Statement } from '../../platform/database/statement.js';
import { wordsGate } from './search-functions.js';

/** What one transaction writes: so many bytes, where each message takes a thousand beside its own. */
const BATCH_BYTES = 200_000;
const MOST_JOBS = 200;

/** Up to `$2` of the clients with something to write, whichever, without the clients `$1`. Of all clients. */
export const FIND_CLIENTS: Statement = {
  name: 'search_jobs.find_clients',
  text: `
    WITH RECURSIVE waiting AS (
      (SELECT job.client_id FROM search_jobs job ORDER BY job.client_id LIMIT 1)
      UNION ALL
      SELECT (
        SELECT job.client_id FROM search_jobs job WHERE job.client_id > waiting.client_id ORDER BY job.client_id LIMIT 1)
      FROM waiting WHERE waiting.client_id IS NOT NULL
    )
    SELECT client_id AS "clientId" FROM waiting
    WHERE client_id IS NOT NULL AND NOT client_id = ANY($1::uuid[]) ORDER BY random() LIMIT $2`,
};

/** False where another process writes words of this client, or somebody takes some away. No row: there is nothing to write. */
export const HOLD: Statement = {
  name: 'search_jobs.hold',
  text: `
    SELECT pg_try_advisory_xact_lock(${wordsGate('job.client_id')}) AS "isHeld"
    FROM search_jobs job WHERE job.client_id = $1 LIMIT 1`,
};

/** Of the messages of `job`, its mail where there is one. */
const MAIL = 'LEFT JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id';
const OF_JOB = `message.client_id = $1 AND message.channel_id = job.channel_id
        AND message.position BETWEEN job.first_position AND job.last_position`;

/**
 * Writes the words of the newest jobs of the client, whose gate is held, and drops these jobs: what messages say, and the whole
 * of their mails. A message of files alone says nothing. Answers how many jobs that were.
 */
export const WRITE: Statement = {
  name: 'search_jobs.write',
  text: `
    WITH weighed AS MATERIALIZED (
      SELECT job.*, (
        SELECT coalesce(sum(1000 + octet_length(message.content) + coalesce(octet_length(mail.text), 0)), 0)
        FROM messages message ${MAIL}
        WHERE ${OF_JOB}
      ) AS bytes
      FROM (SELECT * FROM search_jobs job WHERE job.client_id = $1 ORDER BY job.id DESC LIMIT ${MOST_JOBS}) job
    ), taken AS MATERIALIZED (
      SELECT job.*
      FROM (SELECT *, sum(bytes) OVER (ORDER BY id DESC) - bytes AS before FROM weighed) job
      WHERE job.before < ${BATCH_BYTES}
    ), written AS (
      INSERT INTO message_words (client_id, channel_id, position, words)
      SELECT $1, said.channel_id, said.position, ' ' || regexp_replace(searchable(said.words), '\\s+', ' ', 'g')
      FROM (
        SELECT DISTINCT ON (message.channel_id, message.position) message.channel_id, message.position,
               CASE WHEN mail.text <> '' THEN concat_ws(' ', mail.subject, mail.text)
                    WHEN message.content = message.parts->0->>'mimeType' THEN ''
                    ELSE message.content END AS words
        FROM taken job JOIN messages message ON ${OF_JOB} ${MAIL}
        WHERE message.deleted_at IS NULL AND message.sender_id IS NOT NULL
      ) said
      WHERE said.words <> ''
      ON CONFLICT (client_id, channel_id, position) DO UPDATE SET words = excluded.words
    ), done AS (
      DELETE FROM search_jobs USING taken WHERE search_jobs.client_id = $1 AND search_jobs.id = taken.id RETURNING 1
    )
    SELECT count(*)::int AS jobs FROM done`,
};
