import type { DocumentRow, ListedDocument } from '../../../engagement/knowledge/documents.service.js';
import type { Source } from '../../../engagement/knowledge/retrieval.service.js';
import type { DocumentDto, FoundChunkDto, WholeDocumentDto } from './document.dto.js';

export function presentDocument(row: ListedDocument): DocumentDto {
  const { id, number, title, type, status, error, category, question, answer, language } = row;
  return {
    ...{ id: number, uuid: id, title, type, status, error, category },
    is_priority: row.isPriority,
    source_url: row.sourceUrl,
    ...{ question, answer },
    ...{ file_name: row.fileName, file_size: row.fileSize },
    ...{ chunks_count: row.chunksCount, usage_count: row.usageCount, language },
    ...{ created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString() },
  };
}

export function presentWhole(row: DocumentRow): WholeDocumentDto {
  return { ...presentDocument(row), content: row.content };
}

export function presentFound({ number, title, text, score }: Source): FoundChunkDto {
  return { document_id: number, title, text, score };
}
