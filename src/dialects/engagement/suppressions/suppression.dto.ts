import { ApiSchema } from '@nestjs/swagger';
import { SUPPRESSION_REASONS, type SuppressionReason } from '../../../engagement/suppressions/suppression.entity.js';
import { Choice, Email } from '../../../platform/common/fields/fields.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { ListQuery } from '../http/list-query.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

export class SuppressionsQueryDto extends ListQuery {
  @Choice(SUPPRESSION_REASONS, { optional: true, description: 'Only addresses suppressed for this reason.' })
  readonly reason?: SuppressionReason | null;

  @Email({
    optional: true,
    example: null,
    description: 'Only this address: whether it is suppressed, also if its contact was erased.',
  })
  readonly email?: string | null;
}

@RequestSchema('An address that is to get nothing unasked.')
@PassesOver('id', 'uuid', 'source', 'created_at')
export class CreateSuppressionDto {
  @Email({ example: 'anna@example.com', description: 'The e-mail address.' })
  readonly email!: string;

  @Choice(['manual'], {
    optional: true,
    description: 'Why: always `manual`. The other reasons come about by themselves.',
  })
  readonly reason?: 'manual' | null;
}

@ApiSchema({ description: 'An e-mail address that gets nothing unasked.' })
export class SuppressionDto {
  @ShownNumber('The id of the suppression.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({
    ...{ type: String, maxLength: 255, nullable: true, example: 'anna@example.com' },
    description: 'The address; null once its contact was erased. It stays suppressed.',
  })
  readonly email!: string | null;

  @Shown({ type: String, enum: [...SUPPRESSION_REASONS], example: 'manual', description: 'Why.' })
  readonly reason!: SuppressionReason;

  @Shown({
    type: String,
    enum: ['contact', 'manual', 'bounce', 'campaign'],
    example: 'manual',
    description: 'Where it came from.',
  })
  readonly source!: string;

  @CreatedAt()
  readonly created_at!: string;
}
