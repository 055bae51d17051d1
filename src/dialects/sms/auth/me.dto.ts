import { ApiSchema } from '@nestjs/swagger';
import { Email, Id } from '../../../platform/common/fields/fields.js';
import { Livemode, RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { ROLES, type Role } from '../../../platform/common/tenancy/roles.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { Name, Password } from '../../../users/http/auth.fields.js';
import { UserDto } from './user.dto.js';

@ApiSchema({ description: 'A workspace of the user.' })
export class OwnWorkspaceDto {
  @ShownId('client', { description: 'The id of the workspace.' })
  readonly id!: string;

  @Shown({ type: String, example: 'Acme', description: 'The name of the workspace.' })
  readonly name!: string;

  @Shown({ type: String, enum: [...ROLES], example: 'owner', description: 'What the user is there.' })
  readonly role!: Role;

  @Livemode()
  readonly livemode!: boolean;
}

@ApiSchema({ description: 'The user of the session, and where it works.' })
export class MeDto {
  @Shown({ type: UserDto, description: 'The user.' })
  readonly user!: UserDto;

  @Shown({ type: [OwnWorkspaceDto], description: 'The workspaces the user is a member of, newest membership first.' })
  readonly workspaces!: readonly OwnWorkspaceDto[];
}

@RequestSchema('What is to change about the user; the rest stays.')
export class UpdateMeDto {
  @Name({ optional: true, example: 'Ann', description: 'The name that others see.' })
  readonly name?: string | null;

  @Id('client', { optional: true, description: 'A workspace of the user, to be the active one.' })
  readonly activeWorkspaceId?: string | null;

  @Email({
    optional: true,
    example: 'ann@acme.com',
    description: 'A new e-mail address. It takes effect once the link that is mailed to it was followed.',
  })
  readonly email?: string | null;

  @Password({ optional: true, description: 'The password. Needed with `email`.' })
  readonly password?: string | null;
}

@RequestSchema('A new password.')
export class ChangePasswordDto {
  @Password({ description: 'The password until now.' })
  readonly currentPassword!: string;

  @Password({ description: 'The new password: at least 10 characters, and not one that many people use.' })
  readonly newPassword!: string;
}

@ApiSchema({ description: 'A session of the user.' })
export class UserSessionDto {
  @ShownId('user_session', { description: 'The id of the session.' })
  readonly id!: string;

  @Shown({ type: Boolean, example: true, description: 'Whether it is the session that asks.' })
  readonly current!: boolean;

  @Shown({ type: String, nullable: true, example: '203.0.113.7', description: 'The address it was begun from.' })
  readonly address!: string | null;

  @Shown({ type: String, nullable: true, example: 'Mozilla/5.0', description: 'The program it was begun with.' })
  readonly userAgent!: string | null;

  @CreatedAt()
  readonly createdAt!: string;

  @ShownMoment({ description: 'When it was last used, to within ten minutes.' })
  readonly lastSeenAt!: string;

  @ShownMoment({ description: 'When it ends unless it is used before.' })
  readonly expiresAt!: string;
}

@ApiSchema({ description: 'All sessions of the user.' })
export class UserSessionsDto {
  @Shown({ type: [UserSessionDto], description: 'The sessions, newest first.' })
  readonly data!: readonly UserSessionDto[];
}
