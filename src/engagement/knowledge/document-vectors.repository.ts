import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { floatsIn } from '../ai/vectors.js';
import type { DocumentType } from './document.entity.js';
import { ALL_VECTORS, FIND_EMBEDDED, SOME_VECTORS } from './retrieval.sql.js';

export interface EmbeddedDocument {
  readonly documentId: string;
  readonly isPriority: boolean;
  readonly type: DocumentType;
}

/** Of chunks of a document. */
export interface Vectors {
  /** The chunks' places in the document. */
  readonly ns: readonly number[];
  /** One behind the other. */
  readonly floats: Float32Array;
}

export type DocumentVectors = EmbeddedDocument & Vectors;

interface Stored extends Record<string, unknown> {
  readonly documentId: string;
  readonly ns: readonly number[];
  readonly vectors: Buffer;
}

/** All vectors of two workspaces as large as those whose vectors are all compared. */
const CACHE_BYTES = 64 * 1_024 * 1_024;
const ENTRY_BYTES = 500;

/** Vectors of documents. To read all of a workspace costs more than to compare them: what a document has is kept by its run. */
@Injectable()
export class DocumentVectorsRepository extends TenantRepository {
  private readonly cache = new LRUCache<string, Vectors>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ floats }) => floats.byteLength + ENTRY_BYTES,
  });

  constructor(database: Database) {
    super(database);
  }

  /** Of each ready document of which all chunks have vectors of `model`. */
  async all(tenant: Tenant, model: string): Promise<DocumentVectors[]> {
    const documents = await this.rows<EmbeddedDocument & Record<'run', number>>(tenant, FIND_EMBEDDED, model);
    const keyed = documents.map(({ run, ...document }) => ({
      document,
      run,
      key: `${tenant.clientId} ${document.documentId} ${run} ${model}`,
    }));
    const unknown = keyed.filter(({ key }) => !this.cache.has(key));
    const [ids, runs] = [unknown.map(({ document }) => document.documentId), unknown.map(({ run }) => run)];
    const read = unknown.length === 0 ? [] : await this.rows<Stored>(tenant, ALL_VECTORS, model, ids, runs);
    const fresh = new Map(read.map((one) => [one.documentId, vectorsIn(one)]));
    return keyed.flatMap(({ document, key }) => {
      const vectors = fresh.get(document.documentId) ?? this.cache.get(key);
      // Changed since it was listed.
      if (!vectors) {
        return [];
      }
      this.cache.set(key, vectors);
      return { ...document, ...vectors };
    });
  }

  /** Of some chunks. */
  async some(
    tenant: Tenant,
    chunks: readonly { readonly documentId: string; readonly n: number }[],
    model: string,
  ): Promise<DocumentVectors[]> {
    const [ids, ns] = [chunks.map(({ documentId }) => documentId), chunks.map(({ n }) => n)];
    const read = await this.rows<Stored & EmbeddedDocument>(tenant, SOME_VECTORS, model, ids, ns);
    return read.map((one) => ({ ...one, ...vectorsIn(one) }));
  }
}

function vectorsIn({ ns, vectors }: Stored): Vectors {
  return { ns, floats: floatsIn(vectors) };
}
