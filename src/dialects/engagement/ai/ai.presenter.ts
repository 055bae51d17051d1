import type { ShownSettings } from '../../../engagement/ai/ai-settings.service.js';
import type { GeneratedReply } from '../../../engagement/ai/replies/ai-replies.service.js';
import type { AnalysedSentiment } from '../../../engagement/ai/sentiment/sentiment.service.js';
import type { GeneratedReplyDto, SentimentDto } from './ai.dto.js';
import type { AiSettingsDto } from './ai-settings.dto.js';

export function presentSettings(of: ShownSettings): AiSettingsDto {
  return {
    source: of.source,
    base_url: of.baseUrl,
    has_api_key: of.hasKey,
    chat_model: of.chatModel,
    embedding_model: of.embeddingModel,
    input_price: of.inputPrice,
    output_price: of.outputPrice,
    embedding_price: of.embeddingPrice,
    monthly_token_limit: of.limit,
    tokens_used: of.used,
    updated_at: of.updatedAt?.toISOString() ?? null,
  };
}

export function presentReply(of: GeneratedReply): GeneratedReplyDto {
  const sources = new Map(of.sources.map(({ number, title }) => [number, { document_id: number, title }]));
  return {
    ...{ id: of.id, reply: of.reply },
    tokens_used: of.tokensIn + of.tokensOut,
    ...{ model: of.model, confidence: of.confidence, provider: 'openai_compatible' },
    ...{ tokens_in: of.tokensIn, tokens_out: of.tokensOut, cost: of.cost, response_time_ms: of.milliseconds },
    sources_used: [...sources.values()],
    retrieval: of.retrieval,
  };
}

export function presentSentiment(of: AnalysedSentiment): SentimentDto {
  const { sentiment, score, emotions, urgency, provider, model, language, confidence } = of;
  return { sentiment, score, emotions, urgency, provider, model, language, confidence };
}
