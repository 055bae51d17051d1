import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { ConversationRow } from '../../conversations/inbox.service.js';
import { AiRefusal } from '../ai-refusal.js';
import { ModelsService } from '../models.service.js';
import { AiRepliesRepository } from '../replies/ai-replies.repository.js';
import { localSentiment } from './local-sentiment.js';
import { readSentiment, sentimentPrompt } from './model-sentiment.js';
import type { Sentiment } from './sentiment.js';

/** By a model, or by what every installation has. */
export type AnalysedSentiment = Sentiment & {
  readonly provider: 'openai_compatible' | 'local';
  readonly model: string;
};

const LOCAL_MODEL = 'vader-sentiment';
const MAX_MESSAGES = 20;
const MAX_TEXT = 10_000;

/** How people feel who write to a workspace. */
@Injectable()
export class SentimentService {
  constructor(
    private readonly models: ModelsService,
    private readonly said: AiRepliesRepository,
  ) {}

  /** Of what the contact said last. */
  async ofConversation(tenant: Tenant, { id }: ConversationRow, userId: string | null): Promise<AnalysedSentiment> {
    const said = await this.said.listSaid(tenant, id, MAX_MESSAGES);
    const texts = said.filter(({ isOurs }) => !isOurs).map(({ text }) => text);
    return this.of(tenant, texts.join('\n\n').slice(0, MAX_TEXT), userId);
  }

  /** By the model of the workspace; where there is none, or it does not answer as it should, by the list of words. */
  async of(tenant: Tenant, text: string, userId: string | null): Promise<AnalysedSentiment> {
    const asker = { tenant, userId, kind: 'sentiment' } as const;
    const answer = text.trim() === '' ? null : await this.models.complete(asker, sentimentPrompt(text)).catch(nothing);
    const read = answer && readSentiment(answer.text);
    if (answer === null) {
      await this.models.countLocal(asker, LOCAL_MODEL);
    }
    return answer && read
      ? { ...read, provider: 'openai_compatible', model: answer.model }
      : { ...localSentiment(text), provider: 'local', model: LOCAL_MODEL };
  }
}

/** @throws what is no refusal */
function nothing(error: unknown): null {
  if (error instanceof AiRefusal) {
    return null;
  }
  throw error;
}
