import { ApiSchema } from '@nestjs/swagger';
import { Choice, Email } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { ROLES, type Role } from '../../../platform/common/tenancy/roles.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { ShownRole } from './workspace.dto.js';

@RequestSchema('Whom to ask into a workspace.')
export class CreateInvitationDto {
  @Email({ description: 'Whom to ask.' })
  readonly email!: string;

  @Choice(ROLES, { description: 'What the user is to be in the workspace; at most what you are.' })
  readonly role!: Role;
}

@ApiSchema({ description: 'Somebody who was asked into a workspace.' })
export class InvitationDto {
  @ShownId('invitation', { description: 'The id of the invitation.' })
  readonly id!: string;

  @Shown({ format: 'email', example: 'ben@acme.com', description: 'Who was asked.' })
  readonly email!: string;

  @ShownRole('What the user is to be in the workspace.')
  readonly role!: Role;

  @ShownId('user', { nullable: true, description: 'The user who asked; null if it was the operator.' })
  readonly invitedBy!: string | null;

  @ShownMoment({ description: 'Until when the invitation can be accepted.' })
  readonly expiresAt!: string;

  @CreatedAt()
  readonly createdAt!: string;
}
