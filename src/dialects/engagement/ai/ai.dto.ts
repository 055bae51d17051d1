import { ApiSchema } from '@nestjs/swagger';
import { TONES, type Tone } from '../../../engagement/ai/replies/reply-prompt.js';
import { SENTIMENTS, URGENCIES } from '../../../engagement/ai/sentiment/sentiment.js';
import { RETRIEVALS } from '../../../engagement/knowledge/retrieval.service.js';
import { Choice, Text } from '../../../platform/common/fields/fields.js';
import { NestedList } from '../../../platform/common/fields/nested.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { Ref } from '../http/ref-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';
import { Language } from '../knowledge/document.dto.js';

const MAX_TEXT = 10_000;
const MAX_HISTORY = 50;
const ROLES = ['user', 'assistant'] as const;

@RequestSchema('Something that was said before.')
export class SaidBeforeDto {
  @Choice(ROLES, { description: 'Whose it is: the contact’s (`user`) or the team’s (`assistant`).' })
  readonly role!: (typeof ROLES)[number];

  @Text({ max: MAX_TEXT, example: 'Where is my order?', description: 'What was said.' })
  readonly content!: string;
}

@RequestSchema('What is to be answered: a conversation, or a message with what was said before it.')
export class GenerateReplyDto {
  @Ref({
    ...{ name: 'conversation_id', typeId: 'channel', unless: 'message' },
    description: 'The conversation whose newest message is to be answered.',
  })
  readonly conversationId?: ObjectRef | null;

  @Text({
    ...{ max: MAX_TEXT, unless: 'conversationId', excludes: 'conversationId' },
    description: 'Instead of a conversation: the message that is to be answered.',
  })
  readonly message?: string | null;

  @NestedList(SaidBeforeDto, {
    ...{ name: 'conversation_history', optional: true, excludes: 'conversationId', min: 0, max: MAX_HISTORY },
    description: 'With `message`: what was said before it, oldest first.',
  })
  readonly conversationHistory?: readonly SaidBeforeDto[] | null;

  @Text({
    ...{ name: 'sender_name', optional: true, excludes: 'conversationId', max: 255 },
    description: 'With `message`: who wrote it.',
  })
  readonly senderName?: string | null;

  @Text({
    ...{ optional: true, excludes: 'conversationId', max: 500 },
    description: 'With `message`: what it is about.',
  })
  readonly subject?: string | null;

  @Choice(TONES, { optional: true, description: 'How it sounds; `professional` if left out.' })
  readonly tone?: Tone | null;

  @Text({
    ...{ optional: true, max: 1_000, example: 'Offer a replacement.' },
    description: 'What else the reply should be like, or say.',
  })
  readonly instructions?: string | null;

  @Language('The language to write in; if null, that of the message.')
  readonly language?: string | null;
}

@RequestSchema('What is to be analysed: a text, or what the contact said last in a conversation.')
export class AnalyzeSentimentDto {
  @Text({
    ...{ max: MAX_TEXT, unless: 'conversationId', excludes: 'conversationId', example: 'I love it, thanks!' },
    description: 'The text.',
  })
  readonly text?: string | null;

  @Ref({
    ...{ name: 'conversation_id', typeId: 'channel', unless: 'text' },
    description: 'Instead of a text: the conversation.',
  })
  readonly conversationId?: ObjectRef | null;
}

const MODEL = { type: String, maxLength: 200, example: 'gpt-4.1-mini' } as const;
const SHARE = { type: Number, minimum: 0, maximum: 1, example: 0.82 } as const;

@ApiSchema({ name: 'ReplySource', description: 'A document that a reply was made of.' })
export class ReplySourceDto {
  @ShownNumber('The id of the document.')
  readonly document_id!: number;

  @Shown({ type: String, maxLength: 500, example: 'Returns', description: 'What it is called.' })
  readonly title!: string;
}

@ApiSchema({ name: 'GeneratedReply', description: 'A reply that a model wrote. It is not sent.' })
export class GeneratedReplyDto {
  @ShownUuid('Of this reply: whoever sends it says so by `ai_reply_id`, and it counts as used.')
  readonly id!: string;

  @Shown({
    ...{ type: String, maxLength: 16_000, example: 'You may return it within 30 days.' },
    description:
      'Plain text: no HTML, no images, and no links but to the domain of the workspace and to what the documents name.',
  })
  readonly reply!: string;

  @ShownCount({ example: 512, description: 'Tokens in all.' })
  readonly tokens_used!: number;

  @Shown({ ...MODEL, description: 'The model.' })
  readonly model!: string;

  @Shown({
    ...SHARE,
    description: 'How well the best document fits the question; 0 without any. Not what a model thinks of itself.',
  })
  readonly confidence!: number;

  @Shown({ type: String, enum: ['openai_compatible'], description: 'What kind of provider has the model.' })
  readonly provider!: 'openai_compatible';

  @ShownCount({ example: 480, description: 'Tokens that the model was told.' })
  readonly tokens_in!: number;

  @ShownCount({ example: 32, description: 'Tokens that it said.' })
  readonly tokens_out!: number;

  @ShownCount({
    example: 92,
    description: 'What it cost by the prices that are set, in millionths of a unit of money.',
  })
  readonly cost!: number;

  @ShownCount({ example: 840, description: 'Milliseconds that the provider took.' })
  readonly response_time_ms!: number;

  @Shown({ type: [ReplySourceDto], description: 'The documents that it was made of, best first.' })
  readonly sources_used!: readonly ReplySourceDto[];

  @Shown({
    ...{ type: String, enum: [...RETRIEVALS], example: 'text' },
    description:
      'How the documents were found: by their words, by vectors, or by words and then put in order by vectors.',
  })
  readonly retrieval!: (typeof RETRIEVALS)[number];
}

@ApiSchema({ name: 'Sentiment', description: 'How somebody feels, as far as a text tells it.' })
export class SentimentDto {
  @Shown({ type: String, enum: [...SENTIMENTS], example: 'positive', description: 'In one word.' })
  readonly sentiment!: (typeof SENTIMENTS)[number];

  @Shown({ type: Number, minimum: -1, maximum: 1, example: 0.8, description: 'From -1, bad, to 1, good.' })
  readonly score!: number;

  @Shown({
    ...{ type: 'array', items: { type: 'string', maxLength: 50 }, maxItems: 10, example: ['joy'] },
    description: 'What a model reads in it; none without one.',
  })
  readonly emotions!: readonly string[];

  @Shown({ type: String, enum: [...URGENCIES], example: 'low', description: 'How soon an answer is needed.' })
  readonly urgency!: (typeof URGENCIES)[number];

  @Shown({
    ...{ type: String, enum: ['openai_compatible', 'local'], example: 'local' },
    description: 'Who says it: a model, or, without one or where it fails, a list of English words.',
  })
  readonly provider!: 'openai_compatible' | 'local';

  @Shown({ ...MODEL, example: 'vader-sentiment', description: 'The model.' })
  readonly model!: string;

  @Shown({ type: String, nullable: true, maxLength: 12, example: 'en', description: 'The language; null: not known.' })
  readonly language!: string | null;

  @Shown({
    ...SHARE,
    description: 'How sure that is; of `local`, the share of words it knows: 0 in other languages than English.',
  })
  readonly confidence!: number;
}
