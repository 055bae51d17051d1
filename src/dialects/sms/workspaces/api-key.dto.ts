import { ApiSchema } from '@nestjs/swagger';
import { keyPattern } from '../../../clients/key-format.js';
import { ChoiceList, Text } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { GRANTS } from '../../../platform/common/tenancy/scopes.js';
import { Moment } from '../../../platform/common/fields/moment.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';

/** What a program needs that sends text messages. */
const USUAL = ['messages:read', 'messages:write', 'files:write'] as const;

@RequestSchema('A new secret key of a workspace.')
export class CreateWorkspaceKeyDto {
  @Text({ max: 255, example: 'Shop', description: 'A name to recognise the key by.' })
  readonly name!: string;

  @ChoiceList(GRANTS, {
    optional: true,
    description: `What the key may do; \`*\` means everything. ${USUAL.map((one) => `\`${one}\``).join(', ')} if left out.`,
  })
  readonly scopes: readonly string[] | null = null;

  @Moment({ optional: true, description: 'When the key stops working; never if left out or null.' })
  readonly expiresAt?: Date | null;

  get granted(): readonly string[] {
    return this.scopes ?? USUAL;
  }
}

@ApiSchema({ description: 'A secret key of a workspace, without the secret.' })
export class WorkspaceKeyDto {
  @ShownId('api_key', { description: 'The id of the key.' })
  readonly id!: string;

  @Shown({ maxLength: 255, example: 'Shop', description: 'A name to recognise the key by.' })
  readonly name!: string;

  @Shown({
    type: 'array',
    items: { type: 'string', enum: [...GRANTS] },
    example: ['messages:write'],
    description: 'What the key may do; `*` means everything.',
  })
  readonly scopes!: readonly string[];

  @Shown({ minLength: 4, maxLength: 4, example: 'n5Qz', description: 'The last four characters of the key.' })
  readonly last4!: string;

  @ShownMoment({ nullable: true, example: null, description: 'When the key stops working; null for never.' })
  readonly expiresAt!: string | null;

  @ShownMoment({ nullable: true, description: 'When the key was last used, to the minute; null if never.' })
  readonly lastUsedAt!: string | null;

  @ShownMoment({ nullable: true, example: null, description: 'When the key was revoked; null if it was not.' })
  readonly revokedAt!: string | null;

  @CreatedAt()
  readonly createdAt!: string;
}

@ApiSchema({ description: 'A new secret key of a workspace.' })
export class CreatedWorkspaceKeyDto extends WorkspaceKeyDto {
  @Shown({
    pattern: keyPattern('sk'),
    example: 'sk_live_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz',
    description: 'The key, to send as `Authorization: Bearer`; shown only in this answer.',
  })
  readonly key!: string;
}
