import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AiSettingsService, type SettingChange } from '../../../engagement/ai/ai-settings.service.js';
import { AiRepliesService, type GeneratedReply } from '../../../engagement/ai/replies/ai-replies.service.js';
import type { Talk } from '../../../engagement/ai/replies/reply-prompt.js';
import { SentimentService, type AnalysedSentiment } from '../../../engagement/ai/sentiment/sentiment.service.js';
import { InboxService, type ConversationRow } from '../../../engagement/conversations/inbox.service.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentAuth, CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { AuthContext } from '../../../platform/common/tenancy/credentials.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { invalidSelection } from '../http/ref-fields.js';
import { AnalyzeSentimentDto, GeneratedReplyDto, GenerateReplyDto, SentimentDto } from './ai.dto.js';
import { presentReply, presentSentiment, presentSettings } from './ai.presenter.js';
import { AiSettingsDto, SetAiSettingsDto } from './ai-settings.dto.js';

@ApiTags('ai')
@Controller('api/v1/ai')
export class AiController {
  constructor(
    private readonly settings: AiSettingsService,
    private readonly replies: AiRepliesService,
    private readonly sentiment: SentimentService,
    private readonly conversations: InboxService,
  ) {}

  @Get('settings')
  @Allows('ai', 'agent')
  @Operation('Retrieve AI settings', { id: 'getAiSettings', description: 'All but the key.' })
  @Answers(AiSettingsDto, { description: 'The settings.' })
  async get(@CurrentTenant() tenant: Tenant): Promise<Data<AiSettingsDto>> {
    return data(presentSettings(await this.settings.get(tenant)));
  }

  @Put('settings')
  @Allows('ai', 'admin')
  @Operation('Set AI settings', {
    id: 'setAiSettings',
    description:
      'Nothing is sent: generate a reply to see whether it works. With another `embedding_model`, the vectors of all documents are made anew.',
    says: { 503: 'This installation keeps no secrets.' },
  })
  @Answers(AiSettingsDto, { description: 'The settings.' })
  async set(@CurrentTenant() tenant: Tenant, @Body() body: SetAiSettingsDto): Promise<Data<AiSettingsDto>> {
    await this.settings.set(tenant, changeIn(body));
    return this.get(tenant);
  }

  @Post('generate-reply')
  @HttpCode(200)
  @Allows('ai', 'agent', { limit: 'ai_reply' })
  @Operation('Generate reply', {
    id: 'generateReply',
    description:
      'Writes a reply from what was said and what the documents of the workspace say. Nothing is sent. The model is told of this conversation only, and of no notes; its answer is text, cleaned of HTML, images and links to strangers.',
    says: {
      429: 'The monthly token limit of the workspace is reached (`AI_LIMIT_REACHED`).',
      500: 'The provider failed (`AI_FAILED`).',
      503: 'No AI provider is configured for this workspace (`AI_NOT_CONFIGURED`).',
    },
  })
  @Idempotent({ staged: true })
  @Answers(GeneratedReplyDto, { description: 'The reply.' })
  generate(
    @CurrentAuth() { tenant, userId }: AuthContext,
    @Body() body: GenerateReplyDto,
  ): Staged<GeneratedReply, Data<GeneratedReplyDto>> {
    const { tone, instructions, language } = body;
    const wishes = { tone: tone ?? undefined, instructions: instructions ?? null, language: language ?? null };
    return new Staged(
      async () => {
        const about = body.message == null ? await this.conversationIn(tenant, body.conversationId!) : talkIn(body);
        return this.replies.generate(tenant, { userId: userId ?? null, about, ...wishes });
      },
      (reply) => Promise.resolve(data(presentReply(reply))),
      undefined,
      true,
    );
  }

  @Post('analyze-sentiment')
  @HttpCode(200)
  @Allows('ai', 'agent', { limit: 'ai_sentiment' })
  @Operation('Analyze sentiment', {
    id: 'analyzeSentiment',
    description:
      'By the model of the workspace; without one, or where it fails, by a list of English words, which says nothing of other languages.',
  })
  @Idempotent({ staged: true })
  @Answers(SentimentDto, { description: 'How it is felt.' })
  analyze(
    @CurrentAuth() { tenant, userId }: AuthContext,
    @Body() { text, conversationId }: AnalyzeSentimentDto,
  ): Staged<AnalysedSentiment, Data<SentimentDto>> {
    return new Staged(
      async () =>
        text == null
          ? this.sentiment.ofConversation(tenant, await this.conversationIn(tenant, conversationId!), userId ?? null)
          : this.sentiment.of(tenant, text, userId ?? null),
      (sentiment) => Promise.resolve(data(presentSentiment(sentiment))),
      undefined,
      true,
    );
  }

  /** @throws Refusal 422 */
  private async conversationIn(tenant: Tenant, ref: ObjectRef): Promise<ConversationRow> {
    const conversation = await this.conversations.find(tenant, ref);
    if (!conversation) {
      throw invalidSelection('conversation_id');
    }
    return conversation;
  }
}

function talkIn({ message, conversationHistory, senderName, subject }: GenerateReplyDto): Talk {
  const before = (conversationHistory ?? []).map(({ role, content }) => ({
    isOurs: role === 'assistant',
    text: content,
  }));
  const said = [{ isOurs: false, text: message! }, ...before.reverse()];
  return { contactName: senderName ?? null, subject: subject ?? null, said };
}

/** Null of a price is no price. */
function changeIn({ inputPrice, outputPrice, embeddingPrice, ...rest }: SetAiSettingsDto): SettingChange {
  const prices = { inputPrice, outputPrice, embeddingPrice };
  const set = Object.entries(prices).flatMap(([name, value]) => (value === undefined ? [] : [[name, value ?? 0]]));
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...given, ...set]) as SettingChange;
}
