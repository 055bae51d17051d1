-- chunks.all_vectors
SELECT document.id AS "documentId", array_agg(chunk.n ORDER BY chunk.n) AS ns,
       string_agg(chunk.embedding, ''::bytea ORDER BY chunk.n) AS vectors
FROM unnest($3::uuid[], $4::int[]) wanted(id, run)
JOIN documents document ON document.client_id = $1 AND document.id = wanted.id AND document.run = wanted.run
JOIN chunks chunk ON chunk.client_id = $1 AND chunk.document_id = wanted.id AND chunk.model = $2
WHERE document.embedded_with = $2
GROUP BY document.id;

-- chunks.count_vectors
SELECT coalesce(sum(chunks_count), 0)::int AS vectors FROM documents
WHERE client_id = $1 AND status = 'ready' AND embedded_with = $2;

-- chunks.find
SELECT document.id AS "documentId", document.number::float8 AS number, chunk.n, document.type, document.title,
       document.source_url AS "sourceUrl", chunk.text
FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY wanted(id, n, place)
JOIN documents document ON document.client_id = $1 AND document.id = wanted.id AND document.status = 'ready'
JOIN chunks chunk ON chunk.client_id = $1 AND chunk.document_id = wanted.id AND chunk.n = wanted.n
ORDER BY wanted.place;

-- documents.find_embedded
SELECT document.id AS "documentId", document.is_priority AS "isPriority", document.type, document.run FROM documents document
WHERE document.client_id = $1 AND document.status = 'ready' AND document.embedded_with = $2;

-- chunks.rank
WITH found AS MATERIALIZED (
  SELECT chunk.document_id, chunk.n, chunk.tsv FROM chunks chunk
  WHERE chunk.client_id = $1 AND chunk.tsv @@ (SELECT string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery FROM unnest($3::text[]) word) LIMIT 3000
), ranked AS (
  SELECT found.document_id, found.n, found.tsv, document.number,
         ts_rank(found.tsv, (SELECT string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery FROM unnest($2::text[]) word))
           * CASE WHEN document.is_priority THEN 1.5 ELSE 1 END * CASE WHEN document.type = 'qa' THEN 1.25 ELSE 1 END
           AS rank,
         document.is_priority, document.type, document.config
  FROM found JOIN documents document ON document.client_id = $1 AND document.id = found.document_id
  WHERE document.status = 'ready'
  ORDER BY rank DESC, document.number DESC, found.n LIMIT $4
), unpacked AS MATERIALIZED (
  SELECT ranked.*, setweight(tsv, 'D') AS copy FROM ranked
)
SELECT document_id AS "documentId", n, type, rank::float8 AS rank, is_priority AS "isPriority", config,
       ARRAY(SELECT word FROM unnest($2::text[]) word WHERE copy @@ ('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''')::tsquery) AS words
FROM unpacked ORDER BY unpacked.rank DESC, number DESC, n;

-- chunks.some_vectors
SELECT document.id AS "documentId", document.is_priority AS "isPriority", document.type, array_agg(chunk.n ORDER BY chunk.n) AS ns,
       string_agg(chunk.embedding, ''::bytea ORDER BY chunk.n) AS vectors
FROM unnest($3::uuid[], $4::int[]) wanted(id, n)
JOIN documents document ON document.client_id = $1 AND document.id = wanted.id AND document.embedded_with = $2
JOIN chunks chunk ON chunk.client_id = $1 AND chunk.document_id = wanted.id AND chunk.n = wanted.n AND chunk.model = $2
WHERE document.status = 'ready'
GROUP BY document.client_id, document.id;

-- chunks.words
WITH configs AS MATERIALIZED (
  SELECT DISTINCT config FROM documents WHERE client_id = $1
), sample AS MATERIALIZED (
  SELECT tsvector_to_array(chunk.tsv) AS words FROM (
    SELECT id FROM documents WHERE client_id = $1 ORDER BY number DESC LIMIT 60
  ) document
  CROSS JOIN LATERAL (
    SELECT tsv FROM chunks
    WHERE chunks.client_id = $1 AND chunks.document_id = document.id ORDER BY n LIMIT 3
  ) chunk
), asked AS MATERIALIZED (
  SELECT word.lexeme AS word, array_agg(config) AS configs
  FROM configs, unnest(to_tsvector(configs.config::regconfig, $2)) word GROUP BY word.lexeme
), seen AS (
  SELECT asked.word, count(*)::int AS times
  FROM sample, unnest(sample.words) word JOIN asked USING (word) GROUP BY asked.word
)
SELECT asked.word, asked.configs, coalesce(seen.times, 0) AS times, (SELECT count(*)::int FROM sample) AS "sampled",
       (SELECT coalesce(sum(chunks_count), 0)::int FROM documents WHERE client_id = $1) AS chunks
FROM asked LEFT JOIN seen USING (word) ORDER BY asked.word;
