import { ApiSchema } from '@nestjs/swagger';
import { tokenPattern } from '../../../clients/key-format.js';
import { Email } from '../../../platform/common/fields/fields.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { ROLES, type Role } from '../../../platform/common/tenancy/roles.js';
import { MailedToken, Name, Password } from '../../../users/http/auth.fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

@RequestSchema('A new account.')
export class EngagementRegisterDto {
  @Name({ example: 'Ann', description: 'The name that others see.' })
  readonly name!: string;

  @Email({ example: 'ann@acme.com', description: 'The e-mail address. It is trimmed and lower-cased.' })
  readonly email!: string;

  @Password({ description: 'At least 10 characters, and not one that many people use.' })
  readonly password!: string;

  @Name({
    name: 'workspace_name',
    optional: true,
    example: 'Acme',
    description: 'A workspace to begin with, where users make them. It is made once the e-mail address is proven.',
  })
  readonly workspaceName?: string | null;
}

@RequestSchema('What a user logs in with.')
export class EngagementCredentialsDto {
  @Email({ example: 'ann@acme.com', description: 'The e-mail address of the account.' })
  readonly email!: string;

  @Password({ description: 'The password.' })
  readonly password!: string;
}

@RequestSchema('An e-mail address.')
export class EngagementEmailDto {
  @Email({ example: 'ann@acme.com', description: 'The e-mail address of the account.' })
  readonly email!: string;
}

@RequestSchema('A new password, with a token that came by mail.')
export class EngagementResetPasswordDto {
  @MailedToken()
  readonly token!: string;

  @Email({ example: 'ann@acme.com', description: 'The e-mail address the mail came to.' })
  readonly email!: string;

  @Password({ description: 'The new password: at least 10 characters, and not one that many people use.' })
  readonly password!: string;
}

@ApiSchema({ description: 'What happens next, for people to read.' })
export class EngagementNoticeDto {
  @Shown({ type: String, maxLength: 255, example: 'Check your mail.', description: 'What happens next.' })
  readonly message!: string;
}

@ApiSchema({ description: 'A workspace of the user.' })
export class EngagementOwnWorkspaceDto {
  @ShownNumber('The id of the workspace, to be sent as `X-Workspace-Id`.')
  readonly id!: number;

  @Shown({ type: String, maxLength: 255, example: 'Acme', description: 'The name of the workspace.' })
  readonly name!: string;

  @Shown({ type: String, enum: [...ROLES], example: 'owner', description: 'What the user is there.' })
  readonly role!: Role;
}

@ApiSchema({ description: 'A user, and where it works.' })
export class EngagementUserDto {
  @ShownNumber('The id of the user.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: 255, example: 'Ann', description: 'The name.' })
  readonly name!: string;

  @Shown({ type: String, format: 'email', example: 'ann@acme.com', description: 'The e-mail address, in lower case.' })
  readonly email!: string;

  @Shown({
    type: [EngagementOwnWorkspaceDto],
    description: 'The workspaces the user is a member of, newest membership first.',
  })
  readonly workspaces!: readonly EngagementOwnWorkspaceDto[];

  @ShownNumber('The workspace that is meant where a request names none; null if there is none.', { nullable: true })
  readonly active_workspace_id!: number | null;

  @CreatedAt()
  readonly created_at!: string;
}

@ApiSchema({ description: 'A new session.' })
export class EngagementLoginDto {
  @Shown({
    type: String,
    pattern: tokenPattern('ust'),
    example: 'ust_9kT2vXq7Lw0RzB4nCeYd8GhJ5mPs3AuF0aB1cD',
    description: 'Send it as `Authorization: Bearer …`. It is shown only here.',
  })
  readonly token!: string;

  @ShownMoment({ description: 'When the session ends unless it is used before. Each use moves it on, up to 90 days.' })
  readonly expires_at!: string;

  @Shown({ type: EngagementUserDto, description: 'Whose session it is.' })
  readonly user!: EngagementUserDto;
}

@ApiSchema({ description: 'The password was right, and a code is needed.' })
export class EngagementChallengeDto {
  @Shown({
    type: String,
    maxLength: 255,
    example: 'umt_9kT2vXq7Lw0RzB4nCeYd8GhJ5mPs3AuF0aB1cD',
    description: 'To be sent to `/api/auth/2fa/verify` with a code, at most five times.',
  })
  readonly challenge!: string;

  @ShownMoment({ description: 'Until when.' })
  readonly expires_at!: string;
}
