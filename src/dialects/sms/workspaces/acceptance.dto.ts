import { ApiSchema } from '@nestjs/swagger';
import { tokenPattern } from '../../../clients/key-format.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import type { Role } from '../../../platform/common/tenancy/roles.js';
import { MailedToken, Name, Password } from '../../../users/http/auth.fields.js';
import { ShownRole } from './workspace.dto.js';

@RequestSchema('An invitation, by the token of its link.')
export class LookInvitationDto {
  @MailedToken()
  readonly token!: string;
}

@RequestSchema('An invitation that is accepted.')
export class AcceptInvitationDto {
  @MailedToken()
  readonly token!: string;

  @Name({ optional: true, example: 'Ben', description: 'The name that others see; needed for a new account.' })
  readonly name?: string | null;

  @Password({ optional: true, description: 'The password of a new account.' })
  readonly password?: string | null;
}

@ApiSchema({ description: 'The workspace an invitation is for.' })
export class InvitedWorkspaceDto {
  @ShownId('client', { description: 'The id of the workspace.' })
  readonly id!: string;

  @Shown({ maxLength: 255, example: 'Acme', description: 'The name of the workspace.' })
  readonly name!: string;
}

@ApiSchema({ description: 'What an invitation is for.' })
export class LookedInvitationDto {
  @Shown({ type: InvitedWorkspaceDto, description: 'The workspace.' })
  readonly workspace!: InvitedWorkspaceDto;

  @Shown({ format: 'email', example: 'ben@acme.com', description: 'Who was asked.' })
  readonly email!: string;

  @ShownRole('What the user is to be in the workspace.')
  readonly role!: Role;

  @Shown({ type: Boolean, example: true, description: 'Whether accepting takes a name and a password.' })
  readonly needsAccount!: boolean;
}

@ApiSchema({ description: 'A workspace the user has just joined.' })
export class JoinedWorkspaceDto extends InvitedWorkspaceDto {
  @ShownRole('What the user is in the workspace.')
  readonly role!: Role;
}

@ApiSchema({ description: 'An invitation that was accepted.' })
export class AcceptedDto {
  @Shown({ type: JoinedWorkspaceDto, description: 'The workspace.' })
  readonly workspace!: JoinedWorkspaceDto;

  @Shown({
    required: false,
    pattern: tokenPattern('ust'),
    example: 'ust_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz',
    description: 'The token of a session, if the account is a new one.',
  })
  readonly token?: string;
}
