import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { AiRefusal } from '../ai/ai-refusal.js';
import { AiSettingsService } from '../ai/ai-settings.service.js';
import { ModelsService } from '../ai/models.service.js';
import type { DocumentType } from './document.entity.js';
import {
  DocumentVectorsRepository,
  type DocumentVectors,
  type EmbeddedDocument,
} from './document-vectors.repository.js';
import { COUNT_VECTORS, FIND_CHUNKS, MOST_RANKED, RANK, WORDS } from './retrieval.sql.js';

/** How something was found. */
export const RETRIEVALS = ['text', 'vector', 'text+rerank'] as const;
export type Retrieval = (typeof RETRIEVALS)[number];

/** A chunk that may say what is asked. */
export interface Source {
  readonly documentId: string;
  readonly number: number;
  /** Its place in the document. */
  readonly n: number;
  readonly type: DocumentType;
  readonly title: string;
  readonly sourceUrl: string | null;
  readonly text: string;
  /** From 0 to 1: how much of what is asked it speaks of. */
  readonly score: number;
}

export interface Found {
  readonly sources: readonly Source[];
  readonly retrieval: Retrieval;
}

interface Asked {
  readonly word: string;
  /** In which configurations it is one of those asked for. */
  readonly configs: readonly string[];
  /** How many of a sample of chunks have it. */
  readonly times: number;
  readonly sampled: number;
  readonly chunks: number;
}

interface AskedVector {
  readonly model: string;
  readonly vector: Float32Array;
  /** Whether all that there are can be compared with it. */
  readonly isFew: boolean;
}

type Scored = Pick<Source, 'documentId' | 'n' | 'score'>;

interface Ranked extends EmbeddedDocument {
  readonly n: number;
  readonly rank: number;
  readonly config: string;
  /** Those of the words that it has. */
  readonly words: readonly string[];
}

/** A message may have many; the rarest of them tell what it is about. */
const MAX_WORDS = 32;
/** Chunks that are put in order by their vectors, where there are too many to compare them all. */
const RANKED = 200;
/** Vectors of a workspace that are all compared. */
const MAX_VECTORS = 5_000;

/** Finds what the ready documents of a workspace say of something. */
@Injectable()
export class RetrievalService extends TenantRepository {
  constructor(
    database: Database,
    private readonly settings: AiSettingsService,
    private readonly models: ModelsService,
    private readonly vectors: DocumentVectorsRepository,
  ) {
    super(database);
  }

  /** The chunks that say most of it first. Where a model makes vectors, it may wait for the network: outside of transactions. */
  async find(tenant: Tenant, text: string, limit: number): Promise<Found> {
    const asked = await this.vectorOf(tenant, text);
    const ranked = await this.byText(tenant, text);
    if (asked === null) {
      return { sources: await this.chunksOf(tenant, ranked.slice(0, limit)), retrieval: 'text' };
    }
    const { model, vector, isFew } = asked;
    const documents = isFew ? await this.vectors.all(tenant, model) : await this.vectors.some(tenant, ranked, model);
    const near = documents.flatMap((one) => scoresOf(one, vector));
    // What has no vectors yet is found by its words.
    const known = new Set(near.map(keyOf));
    const far = ranked.filter((one) => !known.has(keyOf(one)));
    const isEmbedded = new Set(documents.map(({ documentId }) => documentId));
    const others = isFew ? far.filter(({ documentId }) => !isEmbedded.has(documentId)) : far;
    const best = [...near, ...others].sort((a, b) => b.score - a.score).slice(0, limit);
    return { sources: await this.chunksOf(tenant, best), retrieval: isFew ? 'vector' : 'text+rerank' };
  }

  /** Null where nothing is found by vectors, or no model answers. */
  private async vectorOf(tenant: Tenant, text: string): Promise<AskedVector | null> {
    const model = await this.settings.embeddingModelOf(tenant);
    const row = model && (await this.row<{ vectors: number }>(tenant, COUNT_VECTORS, model));
    if (!row || row.vectors === 0) {
      return null;
    }
    try {
      const [vector] = await this.models.embed({ tenant, userId: null, kind: 'embedding' }, model, [text]);
      return { model, vector: vector!, isFew: row.vectors <= MAX_VECTORS };
    } catch (error) {
      if (error instanceof AiRefusal) {
        return null;
      }
      throw error;
    }
  }

  private async chunksOf(tenant: Tenant, best: readonly Scored[]): Promise<Source[]> {
    const [ids, ns] = [best.map(({ documentId }) => documentId), best.map(({ n }) => n)];
    const scores = new Map(best.map((one) => [keyOf(one), one.score]));
    const chunks = await this.rows<Omit<Source, 'score'> & Record<string, unknown>>(tenant, FIND_CHUNKS, ids, ns);
    return chunks.map((one) => ({ ...one, score: scores.get(keyOf(one))! }));
  }

  private async byText(tenant: Tenant, text: string): Promise<Scored[]> {
    const all = await this.rows<Asked & Record<string, unknown>>(tenant, WORDS, text);
    const asked = all.sort((one, other) => one.times - other.times).slice(0, MAX_WORDS);
    if (asked.length === 0) {
      return [];
    }
    const words = asked.map(({ word }) => word);
    const ranked = await this.rows<Ranked & Record<string, unknown>>(tenant, RANK, words, rareOf(asked), RANKED);
    return ranked
      .map((one) => ({ one, score: scoreOf(one, asked) }))
      .sort((a, b) => b.score - a.score || b.one.rank - a.one.rank)
      .map(({ one: { documentId, n }, score }) => ({ documentId, n, score }));
  }
}

/**
 * As many of the rarest words as few enough chunks have to look at each of them. A word that the sample does not know is taken
 * for one that few have.
 */
function rareOf(asked: readonly Asked[]): string[] {
  const rare: string[] = [];
  let chunks = 0;
  for (const { word, times, sampled, chunks: all } of asked) {
    chunks += sampled === 0 ? 0 : (times / sampled) * all;
    if (rare.length > 0 && chunks > MOST_RANKED) {
      break;
    }
    rare.push(word);
  }
  return rare;
}

/** The fewer chunks have a word, the more it says. */
function weightOf({ times, sampled }: Asked): number {
  return Math.log(1 + (sampled + 1) / (times + 1));
}

/** What part of the question, by the weight of its words, it has. */
function scoreOf({ words, config, isPriority, type }: Ranked, asked: readonly Asked[]): number {
  const ofConfig = asked.filter(({ configs }) => configs.includes(config));
  const weigh = (some: readonly Asked[]): number => some.reduce((sum, one) => sum + weightOf(one), 0);
  const has = new Set(words);
  const share = weigh(ofConfig.filter(({ word }) => has.has(word))) / Math.max(weigh(ofConfig), Number.MIN_VALUE);
  return boosted(share, { isPriority, type });
}

/** The chunks of a document, by how near each is to what is asked: both have length 1. */
function scoresOf({ documentId, ns, floats, ...about }: DocumentVectors, asked: Float32Array): Scored[] {
  // Of another length are none that can be compared.
  return floats.length !== ns.length * asked.length
    ? []
    : ns.map((n, at) => {
        let product = 0;
        for (let i = 0, from = at * asked.length; i < asked.length; i += 1) {
          product += asked[i]! * floats[from + i]!;
        }
        return { documentId, n, score: boosted(Math.max(product, 0), about) };
      });
}

/** What the team has marked, or has answered, says more. */
function boosted(score: number, { isPriority, type }: Pick<Ranked, 'isPriority' | 'type'>): number {
  const more = score * (isPriority ? 1.2 : 1) * (type === 'qa' ? 1.1 : 1);
  return Math.round(Math.min(more, 1) * 1_000) / 1_000;
}

function keyOf({ documentId, n }: Pick<Source, 'documentId' | 'n'>): string {
  return `${documentId} ${n}`;
}
