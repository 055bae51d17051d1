import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { DocumentType } from './document.entity.js';
import { MOST_RANKED, RANK, WORDS } from './retrieval.sql.js';

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

interface Ranked extends Omit<Source, 'score'> {
  readonly rank: number;
  readonly isPriority: boolean;
  readonly config: string;
  /** Those of the words that it has. */
  readonly words: readonly string[];
}

/** A message may have many; the rarest of them tell what it is about. */
const MAX_WORDS = 32;
const RANKED = 100;

/** Finds what the ready documents of a workspace say of something. */
@Injectable()
export class RetrievalService extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** The chunks that say most of it first. */
  async find(tenant: Tenant, text: string, limit: number): Promise<Found> {
    return { sources: (await this.byText(tenant, text)).slice(0, limit), retrieval: 'text' };
  }

  private async byText(tenant: Tenant, text: string): Promise<Source[]> {
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
      .map(({ one: { documentId, number, n, type, title, sourceUrl, text: says }, score }) => {
        return { documentId, number, n, type, title, sourceUrl, text: says, score };
      });
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

/** What part of the question, by the weight of its words, it has; what the team has marked, or has answered, more. */
function scoreOf({ words, config, isPriority, type }: Ranked, asked: readonly Asked[]): number {
  const ofConfig = asked.filter(({ configs }) => configs.includes(config));
  const weigh = (some: readonly Asked[]): number => some.reduce((sum, one) => sum + weightOf(one), 0);
  const has = new Set(words);
  const share = weigh(ofConfig.filter(({ word }) => has.has(word))) / Math.max(weigh(ofConfig), Number.MIN_VALUE);
  const boosted = share * (isPriority ? 1.2 : 1) * (type === 'qa' ? 1.1 : 1);
  return Math.round(Math.min(boosted, 1) * 1_000) / 1_000;
}
