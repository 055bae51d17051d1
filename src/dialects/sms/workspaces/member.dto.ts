import { ApiSchema } from '@nestjs/swagger';
import { Choice } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { ROLES, type Role } from '../../../platform/common/tenancy/roles.js';
import { ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { ShownRole } from './workspace.dto.js';

@RequestSchema('What a member is to be.')
export class UpdateWorkspaceMemberDto {
  @Choice(ROLES, { description: 'The new role.' })
  readonly role!: Role;
}

@ApiSchema({ description: 'A user in a workspace.' })
export class WorkspaceMemberDto {
  @ShownId('user', { description: 'The id of the user.' })
  readonly userId!: string;

  @Shown({ maxLength: 255, example: 'Ann', description: 'The name of the user.' })
  readonly name!: string;

  @Shown({ format: 'email', example: 'ann@acme.com', description: 'The e-mail address of the user.' })
  readonly email!: string;

  @ShownRole('What the user is in the workspace.')
  readonly role!: Role;

  @Shown({ type: Boolean, example: false, description: 'Whether the user signs in with a second factor.' })
  readonly twoFactor!: boolean;

  @ShownMoment({ description: 'When the user became a member.' })
  readonly joinedAt!: string;

  @ShownMoment({ nullable: true, description: 'When the user was last seen, to ten minutes; null if never.' })
  readonly lastSeenAt!: string | null;
}
