import { ApiSchema } from '@nestjs/swagger';
import { Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { AUDITED_ACTIONS, type AuditedAction } from '../../../workspaces/audit/audit-entry.entity.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';

@ApiSchema({ name: 'AuditUser', description: 'The user who made a change.' })
export class AuditUserDto {
  @ShownId('user', { description: 'The id of the user.' })
  readonly id!: string;

  @Shown({ type: String, nullable: true, maxLength: 255, example: 'Ann', description: 'The name of the user.' })
  readonly name!: string | null;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 255,
    example: 'ann@acme.com',
    description: 'The e-mail address of the user.',
  })
  readonly email!: string | null;
}

@ApiSchema({ name: 'AuditEntry', description: 'A change in a workspace.' })
export class AuditEntryDto {
  @ShownId('audit_entry', { description: 'The id of the entry.' })
  readonly id!: string;

  @Shown({ enum: [...AUDITED_ACTIONS], type: String, example: 'api_key.created', description: 'What was done.' })
  readonly action!: AuditedAction;

  @Shown({ type: AuditUserDto, description: 'Who did it.' })
  readonly user!: AuditUserDto;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 255,
    example: 'key_01h45avb4qeyxmqe9k0a9q9084',
    description: 'The id of what was changed; null if it is the workspace itself.',
  })
  readonly subject!: string | null;

  @Shown({
    type: 'object',
    additionalProperties: true,
    example: { name: 'Shop' },
    description: 'What else is known of it, such as the reason that was given.',
  })
  readonly details!: Readonly<Record<string, unknown>>;

  @CreatedAt()
  readonly createdAt!: string;
}
