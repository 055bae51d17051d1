import { ApiSchema } from '@nestjs/swagger';
import type { OptOutSource } from '../../../delivery/opt-outs/opt-out.entity.js';
import { Id, Text } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';

@RequestSchema('A number that must not be written to.')
export class AddOptOutDto {
  @Text({
    max: 32,
    example: '+14155552671',
    description: 'The number, in international format or as people write it in the country of the workspace.',
  })
  readonly number!: string;

  @Id('phone_number', {
    optional: true,
    description:
      'Which of your numbers must not write to it; the default number if left out or null. Where opt-outs concern the whole workspace, none may.',
  })
  readonly numberId?: string | null;
}

export class EndOptOutQuery {
  @Text({ max: 255, optional: true, description: 'Why it ends: kept in the audit log.' })
  readonly reason?: string | null;
}

@ApiSchema({ description: 'A number that must not be written to.' })
export class NumberOptOutDto {
  @ShownId('opt_out', { description: 'The id of the opt-out.' })
  readonly id!: string;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 32,
    example: '+14155552671',
    description: 'The number; null if the person was erased.',
  })
  readonly number!: string | null;

  @ShownId('phone_number', {
    nullable: true,
    description: 'The number of yours that must not write to it; null if none of them may.',
  })
  readonly numberId!: string | null;

  @Shown({ enum: ['keyword', 'api', 'provider'], type: String, description: '`keyword` if the person wrote STOP.' })
  readonly source!: OptOutSource;

  @Shown({ type: String, nullable: true, maxLength: 32, example: 'STOP', description: 'What the person wrote.' })
  readonly keyword!: string | null;

  @CreatedAt()
  readonly createdAt!: string;

  @ShownMoment({ nullable: true, description: 'When it ended; null if it has not.' })
  readonly endedAt!: string | null;
}
