import type { Statement } from '../../platform/database/statement.js';

/** Chunks that are looked at to see how common a word is: the first of the newest documents. */
const SAMPLE_DOCUMENTS = 60;
const SAMPLE_CHUNKS = 3;
/** Rows that are ranked at most: each costs a look at all its words. */
export const MOST_RANKED = 3_000;

/** A word as a query, whatever is in it. */
const AS_QUERY = `'''' || replace(replace(word, '\\', '\\\\'), '''', '''''') || ''''`;
/** The words `of`, any of which are looked for. */
const anyOf = (words: string): string =>
  `(SELECT string_agg(${AS_QUERY}, ' | ')::tsquery FROM unnest(${words}::text[]) word)`;

/**
 * The words of text `$2` in each configuration that the workspace's documents are written in, without those that say nothing
 * there; how many of a sample of chunks have each, and how many chunks there are.
 */
export const WORDS: Statement = {
  name: 'chunks.words',
  text: `
    WITH configs AS MATERIALIZED (
      SELECT DISTINCT config FROM documents WHERE client_id = $1
    ), sample AS MATERIALIZED (
      SELECT tsvector_to_array(chunk.tsv) AS words FROM (
        SELECT id FROM documents WHERE client_id = $1 ORDER BY number DESC LIMIT ${SAMPLE_DOCUMENTS}
      ) document
      CROSS JOIN LATERAL (
        SELECT tsv FROM chunks
        WHERE chunks.client_id = $1 AND chunks.document_id = document.id ORDER BY n LIMIT ${SAMPLE_CHUNKS}
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
    FROM asked LEFT JOIN seen USING (word) ORDER BY asked.word`,
};

/**
 * Of ready documents the `$4` chunks that say most of the words `$2`; only those that have one of the words `$3` are looked at.
 * Each with those of the words that it has: its words are copied, so that they are unpacked once and not for each.
 */
export const RANK: Statement = {
  name: 'chunks.rank',
  text: `
    WITH found AS MATERIALIZED (
      SELECT chunk.document_id, chunk.n, chunk.tsv FROM chunks chunk
      WHERE chunk.client_id = $1 AND chunk.tsv @@ ${anyOf('$3')} LIMIT ${MOST_RANKED}
    ), ranked AS (
      SELECT found.document_id, found.n, found.tsv, document.number,
             ts_rank(found.tsv, ${anyOf('$2')})
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
           ARRAY(SELECT word FROM unnest($2::text[]) word WHERE copy @@ (${AS_QUERY})::tsquery) AS words
    FROM unpacked ORDER BY unpacked.rank DESC, number DESC, n`,
};

/** Vectors of model `$2`: how many the ready documents have. */
export const COUNT_VECTORS: Statement = {
  name: 'chunks.count_vectors',
  text: `
    SELECT coalesce(sum(chunks_count), 0)::int AS vectors FROM documents
    WHERE client_id = $1 AND status = 'ready' AND embedded_with = $2`,
};

const OF_DOCUMENT = `document.id AS "documentId", document.is_priority AS "isPriority", document.type`;

/** Ready documents all of whose chunks have such. */
export const FIND_EMBEDDED: Statement = {
  name: 'documents.find_embedded',
  text: `
    SELECT ${OF_DOCUMENT}, document.run FROM documents document
    WHERE document.client_id = $1 AND document.status = 'ready' AND document.embedded_with = $2`,
};

/** All of documents `$3` as they were at run `$4`: a document a row, one behind the other. */
export const ALL_VECTORS: Statement = {
  name: 'chunks.all_vectors',
  text: `
    SELECT document.id AS "documentId", array_agg(chunk.n ORDER BY chunk.n) AS ns,
           string_agg(chunk.embedding, ''::bytea ORDER BY chunk.n) AS vectors
    FROM unnest($3::uuid[], $4::int[]) wanted(id, run)
    JOIN documents document ON document.client_id = $1 AND document.id = wanted.id AND document.run = wanted.run
    JOIN chunks chunk ON chunk.client_id = $1 AND chunk.document_id = wanted.id AND chunk.model = $2
    WHERE document.embedded_with = $2
    GROUP BY document.id`,
};

/** Those of chunks `$4` of documents `$3`. */
export const SOME_VECTORS: Statement = {
  name: 'chunks.some_vectors',
  text: `
    SELECT ${OF_DOCUMENT}, array_agg(chunk.n ORDER BY chunk.n) AS ns,
           string_agg(chunk.embedding, ''::bytea ORDER BY chunk.n) AS vectors
    FROM unnest($3::uuid[], $4::int[]) wanted(id, n)
    JOIN documents document ON document.client_id = $1 AND document.id = wanted.id AND document.embedded_with = $2
    JOIN chunks chunk ON chunk.client_id = $1 AND chunk.document_id = wanted.id AND chunk.n = wanted.n AND chunk.model = $2
    WHERE document.status = 'ready'
    GROUP BY document.client_id, document.id`,
};

/** Chunks `$3` of documents `$2`, as far as they are still there, in this order. */
export const FIND_CHUNKS: Statement = {
  name: 'chunks.find',
  text: `
    SELECT document.id AS "documentId", document.number::float8 AS number, chunk.n, document.type, document.title,
           document.source_url AS "sourceUrl", chunk.text
    FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY wanted(id, n, place)
    JOIN documents document ON document.client_id = $1 AND document.id = wanted.id AND document.status = 'ready'
    JOIN chunks chunk ON chunk.client_id = $1 AND chunk.document_id = wanted.id AND chunk.n = wanted.n
    ORDER BY wanted.place`,
};
