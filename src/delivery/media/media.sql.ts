import type { Statement } from '../../platform/database/statement.js';

/** The files among the parts of a message, as its column says them. */
export const filesIn = (message: string): string =>
  `coalesce(jsonb_path_query_array(${message}.parts, '$[*] ? (exists(@.fileId))'), '[]')`;

/** What a message says in words: where its parts have none, its content is but the type of the first. */
export const wordsIn = (message: string): string =>
  `CASE WHEN ${message}.content = ${message}.parts->0->>'mimeType' THEN '' ELSE ${message}.content END`;

/** File `$3` of message `$2`, counted from 0. */
export const FIND_FILE: Statement = {
  name: 'media.find_file',
  text: `
    SELECT ${filesIn('message')} -> $3::int ->> 'fileId' AS id FROM messages message
    WHERE message.client_id = $1 AND message.id = $2 AND message.deleted_at IS NULL`,
};
