import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { InvalidInput, notFound } from '../../../platform/common/errors/refusal.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { ForUsers, SignedInUser } from '../../../platform/common/tenancy/access.js';
import type { CurrentUser } from '../../../platform/common/tenancy/user-credentials.js';
import { PasswordChanges } from '../../../users/accounts/password-changes.js';
import { SignIn } from '../../../users/accounts/sign-in.js';
import { SignUp } from '../../../users/accounts/sign-up.js';
import { UsersService, type Account } from '../../../users/accounts/users.service.js';
import type { Visitor } from '../../../users/sessions/user-sessions.js';
import { Memberships } from '../../../workspaces/memberships.js';
import { Fails } from '../http/fails.js';
import { ChangePasswordDto, MeDto, UpdateMeDto } from './me.dto.js';
import { presentUser } from './user.presenter.js';
import { Visiting } from '../../../users/http/visiting.js';

@ApiTags('auth')
@Controller('api/auth/me')
export class MeController {
  constructor(
    private readonly users: UsersService,
    private readonly signIn: SignIn,
    private readonly signUp: SignUp,
    private readonly passwords: PasswordChanges,
    private readonly memberships: Memberships,
  ) {}

  @Get()
  @ForUsers()
  @Operation('Get me', { id: 'getMe', description: 'The user of the session, with its workspaces.' })
  @ApiResponse({ status: 200, type: MeDto, description: 'The user.' })
  async get(@SignedInUser() { userId }: CurrentUser): Promise<MeDto> {
    return this.present(await this.users.get(userId));
  }

  @Patch()
  @ForUsers()
  @Operation('Change me', {
    id: 'updateMe',
    description: 'A new e-mail address needs the password, and takes effect once it is proven.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: MeDto, description: 'The user as it is now.' })
  @Fails('invalid_credentials', 'mail_not_configured', 'busy')
  async update(
    @SignedInUser() { userId }: CurrentUser,
    @Body() { name, activeWorkspaceId, email, password }: UpdateMeDto,
    @Visiting() { address }: Visitor,
  ): Promise<MeDto> {
    if (activeWorkspaceId && (await this.memberships.roleOf(userId, activeWorkspaceId)) === null) {
      throw notFound('workspace');
    }
    if (email) {
      if (!password) {
        throw new InvalidInput({ password: ['The password field is required.'] });
      }
      await this.signIn.confirm(userId, password, address);
      await this.signUp.changeEmail(userId, email);
    }
    const change = { ...(name ? { name } : {}), ...(activeWorkspaceId ? { activeClientId: activeWorkspaceId } : {}) };
    return this.present(await this.users.update(userId, change));
  }

  @Post('password')
  @ForUsers()
  @HttpCode(204)
  @Operation('Change password', {
    id: 'changePassword',
    description: 'All other sessions of the user end, and links that were mailed to it are void.',
  })
  @ApiResponse({ status: 204, description: 'The password is changed.' })
  @Fails('invalid_credentials', 'weak_password', 'busy')
  changePassword(
    @SignedInUser() { userId, sessionId }: CurrentUser,
    @Body() { currentPassword, newPassword }: ChangePasswordDto,
    @Visiting() { address }: Visitor,
  ): Promise<void> {
    return this.passwords.change({ userId, sessionId, address }, currentPassword, newPassword);
  }

  private async present(user: Account): Promise<MeDto> {
    const workspaces = await this.memberships.listOf(user.id);
    return {
      user: presentUser(user),
      workspaces: workspaces.map(({ id, name, role, livemode }) => ({
        id: formatId('client', id),
        name,
        role,
        livemode,
      })),
    };
  }
}
