import { ApiSchema } from '@nestjs/swagger';
import { tokenPattern } from '../../../clients/key-format.js';
import { Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';

@ApiSchema({ description: 'A person who works in workspaces.' })
export class UserDto {
  @ShownId('user', { description: 'The id of the user.' })
  readonly id!: string;

  @Shown({ type: String, format: 'email', example: 'ann@acme.com', description: 'The e-mail address, in lower case.' })
  readonly email!: string;

  @Shown({ type: String, example: 'Ann', description: 'The name.' })
  readonly name!: string;

  @Shown({ type: Boolean, example: true, description: 'Whether the user has proven the e-mail address.' })
  readonly emailVerified!: boolean;

  @Shown({ type: Boolean, example: false, description: 'Whether a login also needs a code from an app.' })
  readonly twoFactor!: boolean;

  @ShownId('client', { nullable: true, description: 'The workspace the user last chose, or null.' })
  readonly activeWorkspaceId!: string | null;

  @CreatedAt()
  readonly createdAt!: string;
}

@ApiSchema({ description: 'A new session.' })
export class LoginDto {
  @Shown({
    type: String,
    pattern: tokenPattern('ust'),
    example: 'ust_9kT2vXq7Lw0RzB4nCeYd8GhJ5mPs3AuF0aB1cD',
    description: 'Send it as `Authorization: Bearer …`. It is shown only here.',
  })
  readonly token!: string;

  @ShownMoment({ description: 'When the session ends unless it is used before. Each use moves it on, up to 90 days.' })
  readonly expiresAt!: string;

  @Shown({ type: UserDto, description: 'Whose session it is.' })
  readonly user!: UserDto;
}
