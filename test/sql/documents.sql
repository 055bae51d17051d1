-- documents.count
SELECT count(*)::int AS documents, coalesce(sum(chunks_count), 0)::int AS chunks FROM documents
WHERE client_id = $1;

-- documents.create
  INSERT INTO documents (client_id, id, number, type, status, title, content, question, answer, category, is_priority,
                         language, config, source_url)
  VALUES ($1, $2, draw_numbers($1, 'documents', 1), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  RETURNING
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", content;

-- documents.find
SELECT
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", documents.content FROM documents WHERE documents.client_id = $1 AND (documents.number = $2::bigint OR documents.id = $3::uuid);

-- chunks.insert
  WITH cut AS (
    INSERT INTO chunks (client_id, document_id, n, text, tsv)
    SELECT $1, document.id, piece.n - 1, piece.text,
           setweight(to_tsvector(document.config::regconfig, $4), 'A') ||
             to_tsvector(document.config::regconfig, piece.text)
    FROM documents document, unnest($3::text[]) WITH ORDINALITY piece(text, n)
    WHERE document.client_id = $1 AND document.id = $2
  )
  UPDATE documents SET chunks_count = cardinality($3::text[]), embedded_with = NULL WHERE client_id = $1 AND id = $2
  RETURNING
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", content;

-- documents.lock
SELECT
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", documents.content FROM documents WHERE documents.client_id = $1 AND (documents.number = $2::bigint OR documents.id = $3::uuid) FOR UPDATE;

-- documents.remove
DELETE FROM documents WHERE documents.client_id = $1 AND (documents.number = $2::bigint OR documents.id = $3::uuid) RETURNING documents.id, documents.file_id AS "fileId";

-- chunks.remove
DELETE FROM chunks WHERE client_id = $1 AND document_id = $2;

-- documents.update
  UPDATE documents
  SET title = $3, content = $4, question = $5, answer = $6, category = $7, is_priority = $8, language = $9,
      config = $10, status = $11, run = run + 1, updated_at = now()
  WHERE client_id = $1 AND id = $2
  RETURNING
documents.id, documents.number::float8 AS number, documents.type, documents.status, documents.error, documents.title, documents.question,
documents.answer, documents.category, documents.is_priority AS "isPriority", documents.language, documents.config,
documents.source_url AS "sourceUrl", documents.file_id AS "fileId", documents.file_name AS "fileName",
documents.file_size AS "fileSize", documents.chunks_count AS "chunksCount", documents.usage_count AS "usageCount", documents.run,
documents.created_at AS "createdAt", documents.updated_at AS "updatedAt", content;
