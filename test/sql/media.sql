-- media.find_file
SELECT coalesce(jsonb_path_query_array(message.parts, '$[*] ? (exists(@.fileId))'), '[]') -> $3::int ->> 'fileId' AS id FROM messages message
WHERE message.client_id = $1 AND message.id = $2 AND message.deleted_at IS NULL;
