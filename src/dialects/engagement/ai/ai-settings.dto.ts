import { ApiSchema } from '@nestjs/swagger';
import { Integer } from '../../../platform/common/fields/integer.js';
import { field, type Problem } from '../../../platform/common/fields/field.js';
import { checkText } from '../../../platform/common/fields/fields.js';
import { Line } from '../../../platform/common/fields/line.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';

const MAX_URL = 2_048;
const MAX_KEY = 500;
const MAX_MODEL = 200;
const MAX_PRICE = 1_000_000_000;
const MAX_LIMIT = 2_000_000_000;
const URL_TEXT =
  'Of an OpenAI-compatible API, up to and without `/chat/completions`. Null: the provider of the installation, where it has one.';
const IN_A_HEADER = /^[\x21-\x7e]+$/;

const Model = (name: string, description: string): PropertyDecorator =>
  Line({ name, optional: true, max: MAX_MODEL, example: 'gpt-4.1-mini', description });
const Price = (name: string, what: string): PropertyDecorator =>
  Integer({
    ...{ name, optional: true, min: 0, max: MAX_PRICE, example: 150_000 },
    description: `What a million tokens of ${what} cost, in millionths of a unit of money: 150000 is 0.15.`,
  });

function BaseUrl(): PropertyDecorator {
  const check = (value: unknown): Problem =>
    checkText(value, MAX_URL) ??
    (/[?#]/.test(value as string) ? { says: 'must not contain a query or a fragment.' } : null);
  return field({
    ...{ name: 'base_url', optional: true, check },
    read: (value) => (typeof value === 'string' ? value.replace(/\/{1,10}$/, '') : value),
    schema: {
      ...{ type: String, minLength: 1, maxLength: MAX_URL, nullable: true },
      ...{ example: 'https://api.openai.com/v1', description: URL_TEXT },
    },
  });
}

function ApiKey(): PropertyDecorator {
  return field({
    ...{ name: 'api_key', optional: true },
    check: (value) =>
      checkText(value, MAX_KEY) ??
      (IN_A_HEADER.test(value as string) ? null : { says: 'must be of plain letters, digits and signs.' }),
    schema: {
      ...{ type: String, minLength: 1, maxLength: MAX_KEY, nullable: true },
      description:
        'The key of the API. It is kept encrypted and never returned. Where `base_url` changes it has to be given anew.',
    },
  });
}

@RequestSchema('By what a workspace writes and searches. What is left out stays.')
@PassesOver('source', 'has_api_key', 'tokens_used', 'updated_at')
export class SetAiSettingsDto {
  @BaseUrl()
  readonly baseUrl?: string | null;

  @ApiKey()
  readonly apiKey?: string | null;

  @Model('chat_model', 'The model that writes.')
  readonly chatModel?: string | null;

  @Model('embedding_model', 'The model that makes vectors of documents; null: they are found by their words only.')
  readonly embeddingModel?: string | null;

  @Price('input_price', 'what a model is told')
  readonly inputPrice?: number | null;

  @Price('output_price', 'what a model says')
  readonly outputPrice?: number | null;

  @Price('embedding_price', 'what vectors are made of')
  readonly embeddingPrice?: number | null;

  @Integer({
    ...{ name: 'monthly_token_limit', optional: true, min: 1, max: MAX_LIMIT, example: 1_000_000 },
    description: 'Tokens that may be used in a month of UTC; null: as many as are asked for.',
  })
  readonly monthlyTokenLimit?: number | null;
}

const ShownModel = (description: string): PropertyDecorator =>
  Shown({ type: String, nullable: true, maxLength: MAX_MODEL, example: 'gpt-4.1-mini', description });
const ShownPrice = (what: string): PropertyDecorator =>
  ShownCount({
    example: 150_000,
    description: `What a million tokens of ${what} cost, in millionths of a unit of money.`,
  });

@ApiSchema({ name: 'AiSettings', description: 'By what a workspace writes and searches.' })
export class AiSettingsDto {
  @Shown({
    ...{ type: String, enum: ['workspace', 'installation', 'none'], example: 'workspace' },
    description: 'Whose provider it is.',
  })
  readonly source!: 'workspace' | 'installation' | 'none';

  @Shown({
    ...{ type: String, nullable: true, maxLength: MAX_URL, example: 'https://api.openai.com/v1' },
    description: 'Where the provider of the workspace is; null where it has none of its own.',
  })
  readonly base_url!: string | null;

  @Shown({ type: Boolean, example: true, description: 'Whether a key is kept. It is never shown.' })
  readonly has_api_key!: boolean;

  @ShownModel('The model that writes.')
  readonly chat_model!: string | null;

  @ShownModel('The model that makes vectors of documents.')
  readonly embedding_model!: string | null;

  @ShownPrice('what a model is told')
  readonly input_price!: number;

  @ShownPrice('what a model says')
  readonly output_price!: number;

  @ShownPrice('what vectors are made of')
  readonly embedding_price!: number;

  @Shown({
    ...{ type: 'integer', minimum: 1, nullable: true, example: 1_000_000 },
    description: 'Tokens that may be used in a month of UTC; null: no limit.',
  })
  readonly monthly_token_limit!: number | null;

  @ShownCount({ example: 48_210, description: 'Tokens that were used this month.' })
  readonly tokens_used!: number;

  @Shown({
    ...{ type: String, format: 'date-time', nullable: true, example: '2026-11-21T09:30:00.000Z' },
    description: 'When they were set; null: never.',
  })
  readonly updated_at!: string | null;
}
