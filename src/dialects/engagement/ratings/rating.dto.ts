import { ApiSchema } from '@nestjs/swagger';
import { MAX_SCORE } from '../../../engagement/ratings/rating.entity.js';
import { Text } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';

const MAX_COMMENT = 2_000;

@RequestSchema('How it went.')
export class GiveRatingDto {
  @Integer({ min: 1, max: MAX_SCORE, example: 5, description: 'From 1, the worst, to 5.' })
  readonly score!: number;

  @Text({ max: MAX_COMMENT, optional: true, example: 'Quick and kind.', description: 'In words; none if left out.' })
  readonly comment?: string | null;
}

@ApiSchema({ name: 'GivenRating', description: 'What a contact said by a link.' })
export class GivenRatingDto {
  @Shown({
    ...{ type: 'integer', nullable: true, minimum: 1, maximum: MAX_SCORE, example: 5 },
    description: 'From 1, the worst, to 5; null while nothing was said.',
  })
  readonly score!: number | null;

  @Shown({ type: String, nullable: true, maxLength: MAX_COMMENT, example: 'Quick and kind.', description: 'In words.' })
  readonly comment!: string | null;
}

@ApiSchema({ name: 'ConversationRating', description: 'How a contact is asked how it went, and what it said.' })
export class ConversationRatingDto extends GivenRatingDto {
  @Shown({
    type: String,
    format: 'uri',
    example: 'https://chat.example.com/rate/AQGJ',
    description: 'Where the contact says so, without a token. Whoever has it may: send it to nobody else.',
  })
  readonly url!: string;

  @ShownMoment({ description: 'When the conversation was closed.' })
  readonly closed_at!: string;

  @ShownMoment({ nullable: true, description: 'When the contact first said so; null while it did not.' })
  readonly rated_at!: string | null;
}
