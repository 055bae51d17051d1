import { ApiSchema } from '@nestjs/swagger';
import { Choice, Email } from '../../platform/common/fields/fields.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownId,
  ShownTime,
} from '../../platform/common/openapi/shown.js';
import { ROLES, type Role } from '../../platform/common/tenancy/roles.js';

const ROLE = 'What the user is to be in the workspace.';

@RequestSchema('Whom to ask into a client as a workspace.')
export class CreateAdminInvitationDto {
  @Email({ description: 'Whom to ask.' })
  readonly email!: string;

  @Choice(ROLES, { description: ROLE })
  readonly role!: Role;
}

@ApiSchema({ description: 'Somebody who was asked into a client as a workspace.' })
export class AdminInvitationDto {
  @ObjectType('invitation')
  readonly object!: 'invitation';

  @ShownId('invitation', { description: 'The id of the invitation.' })
  readonly id!: string;

  @ShownId('client', { description: 'The id of the client.' })
  readonly client_id!: string;

  @Shown({ format: 'email', example: 'ann@acme.com', description: 'Who was asked.' })
  readonly email!: string;

  @Shown({ type: String, enum: [...ROLES], example: 'owner', description: ROLE })
  readonly role!: Role;

  @ShownTime({ description: 'When the link stops working.' })
  readonly expires_at!: number;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}
