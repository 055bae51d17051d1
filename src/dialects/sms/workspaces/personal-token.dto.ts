import { ApiSchema } from '@nestjs/swagger';
import { keyPattern } from '../../../clients/key-format.js';
import { ChoiceList, Text } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { ENGAGEMENT_SCOPES } from '../../../platform/common/tenancy/scopes.js';
import { Moment } from '../../../platform/common/fields/moment.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';

@RequestSchema('A new personal token.')
export class CreatePersonalTokenDto {
  @Text({ max: 255, example: 'My script', description: 'A name to recognise the token by.' })
  readonly name!: string;

  @ChoiceList(ENGAGEMENT_SCOPES, { description: 'What the token may do, as far as your role goes.' })
  readonly scopes!: readonly string[];

  @Moment({ optional: true, description: 'When the token stops working; never if left out or null.' })
  readonly expiresAt?: Date | null;
}

@ApiSchema({ description: 'A token by which a program of a user acts in one workspace, without the token itself.' })
export class PersonalTokenDto {
  @ShownId('personal_token', { description: 'The id of the token.' })
  readonly id!: string;

  @ShownId('user', { description: 'Whose token it is.' })
  readonly userId!: string;

  @Shown({ maxLength: 255, example: 'My script', description: 'A name to recognise the token by.' })
  readonly name!: string;

  @Shown({
    type: 'array',
    items: { type: 'string', enum: [...ENGAGEMENT_SCOPES] },
    example: ['contacts'],
    description: 'What the token may do, as far as the role of its user goes.',
  })
  readonly scopes!: readonly string[];

  @Shown({ minLength: 4, maxLength: 4, example: 'n5Qz', description: 'The last four characters of the token.' })
  readonly last4!: string;

  @ShownMoment({ nullable: true, example: null, description: 'When the token stops working; null for never.' })
  readonly expiresAt!: string | null;

  @ShownMoment({ nullable: true, example: null, description: 'When the token was last used; null if never.' })
  readonly lastUsedAt!: string | null;

  @ShownMoment({ nullable: true, example: null, description: 'When the token was revoked; null if it was not.' })
  readonly revokedAt!: string | null;

  @CreatedAt()
  readonly createdAt!: string;
}

@ApiSchema({ description: 'A new personal token.' })
export class CreatedPersonalTokenDto extends PersonalTokenDto {
  @Shown({
    pattern: keyPattern('pat'),
    example: 'pat_live_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz',
    description: 'The token, shown only in this answer.',
  })
  readonly token!: string;
}
