import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ClientsService } from '../../../clients/clients.service.js';
import { invalid } from '../../../platform/common/errors/refusal.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { NOBODY } from '../../analytics/daily-stat.entity.js';
import type { ConversationRow } from '../../conversations/inbox.service.js';
import { RetrievalService, type Found, type Retrieval, type Source } from '../../knowledge/retrieval.service.js';
import { failed } from '../ai-refusal.js';
import { ModelsService } from '../models.service.js';
import { Quotes } from '../quoted.js';
import { AiRepliesRepository } from './ai-replies.repository.js';
import { cleanReply, linksIn } from './clean-reply.js';
import { replyPrompt, type ReplyWishes, type Talk } from './reply-prompt.js';

export interface ReplyRequest extends Partial<ReplyWishes> {
  /** Who asks; null: a program. */
  readonly userId: string | null;
  /** What is answered: a conversation as it is now, or what the caller says was said. */
  readonly about: ConversationRow | Talk;
}

export interface GeneratedReply {
  /** A reply that is sent with it counts as used. */
  readonly id: string;
  /** Plain text of at most 16,000 characters: no HTML, no images, no links to strangers. */
  readonly reply: string;
  readonly model: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Millionths of a unit of money. */
  readonly cost: number;
  readonly milliseconds: number;
  /** How much of what is asked the documents speak of, from 0 to 1. */
  readonly confidence: number;
  readonly sources: readonly Source[];
  readonly retrieval: Retrieval;
}

const MAX_MESSAGES = 50;
const MAX_SOURCES = 6;
/** What speaks of less than this has nothing to do with it. */
const MIN_SCORE = 0.1;
/** Of the newest message: what is looked for. */
const MAX_ASKED = 2_000;
const NOTHING: Found = { sources: [], retrieval: 'text' };

/** Replies of a model, from what the team knows. Nothing of them is done, fetched or sent by itself. */
@Injectable()
export class AiRepliesService {
  constructor(
    private readonly models: ModelsService,
    private readonly retrieval: RetrievalService,
    private readonly replies: AiRepliesRepository,
    private readonly clients: ClientsService,
  ) {}

  /**
   * Waits for the network: outside of transactions.
   * @throws AiRefusal 503, 429 or 500
   */
  async generate(
    tenant: Tenant,
    { userId, about, tone, instructions, language }: ReplyRequest,
  ): Promise<GeneratedReply> {
    const talk = 'said' in about ? about : await this.talkIn(tenant, about);
    const asked = askedIn(talk);
    const found = asked === '' ? NOTHING : await this.retrieval.find(tenant, asked, MAX_SOURCES);
    const near = found.sources.filter(({ score }) => score >= MIN_SCORE);
    const wishes = { tone: tone ?? 'professional', instructions: instructions ?? null, language: language ?? null };
    const quotes = new Quotes();
    const { sources, ...prompt } = replyPrompt(talk, near, wishes, quotes);
    const answer = await this.models.complete({ tenant, userId, kind: 'reply' }, prompt);
    const { domain } = await this.clients.get(tenant, tenant.clientId);
    const reply = cleanReply(answer.text, { domain: domain === '' ? null : domain, urls: sources.flatMap(linksOf) });
    if (reply === '' || quotes.areIn(answer.text)) {
      throw failed('malformed');
    }
    const { model, tokensIn, tokensOut, cost, milliseconds, day } = answer;
    const id = uuidv7();
    const used = [...new Set(sources.map(({ documentId }) => documentId))];
    await this.replies.keep(tenant, { id, day, userId: userId ?? NOBODY, model }, used);
    const confidence = sources[0]?.score ?? 0;
    return {
      id,
      reply,
      model,
      tokensIn,
      tokensOut,
      cost,
      milliseconds,
      confidence,
      sources,
      retrieval: found.retrieval,
    };
  }

  /** Asks nobody yet. @throws AiRefusal where no model would be asked */
  mustBeReady(tenant: Tenant): Promise<void> {
    return this.models.mustBeReady(tenant);
  }

  /** It is sent, in the transaction around this. @throws Refusal 422 */
  async use(tenant: Tenant, id: string): Promise<void> {
    if (!(await this.replies.use(tenant, id))) {
      throw invalid('ai_reply_id', 'The selected ai_reply_id is invalid.');
    }
  }

  private async talkIn(tenant: Tenant, { id, contactName, subject }: ConversationRow): Promise<Talk> {
    // Whom nobody named is called by a phone or a mailbox: those are addresses.
    const isName = /\p{L}/u.test(contactName ?? '') && !contactName!.includes('@');
    const said = await this.replies.listSaid(tenant, id, MAX_MESSAGES);
    return { contactName: isName ? contactName : null, subject, said };
  }
}

/** What the contact said last. */
function askedIn({ subject, said }: Talk): string {
  const last = said.find(({ isOurs }) => !isOurs)?.text.slice(0, MAX_ASKED) ?? '';
  return [subject, last].filter(Boolean).join('\n').trim();
}

/** Where it was taken from; and what the team itself wrote, it may link to. */
function linksOf({ sourceUrl, type, text }: Source): string[] {
  const own = type === 'document' || type === 'qa' ? linksIn(text) : [];
  return [...(sourceUrl === null ? [] : [sourceUrl]), ...own];
}
