import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request } from 'express';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { ForStrangers } from '../../../platform/common/tenancy/access.js';
import { bearerOf } from '../../../platform/common/tenancy/bearer.js';
import { PasswordChanges } from '../../../users/accounts/password-changes.js';
import { SignIn } from '../../../users/accounts/sign-in.js';
import { UserSessions, type Visitor } from '../../../users/sessions/user-sessions.js';
import { Fails } from '../http/fails.js';
import { CredentialsDto } from './login.dto.js';
import { EmailOnlyDto, ResetPasswordDto } from './registration.dto.js';
import { ChallengedDto } from './two-factor.dto.js';
import { LoginDto } from './user.dto.js';
import { presentLoginOrChallenge } from './user.presenter.js';
import { Visiting } from '../../../users/http/visiting.js';

@ApiTags('auth')
@Controller('api/auth')
export class LoginController {
  constructor(
    private readonly signIn: SignIn,
    private readonly passwords: PasswordChanges,
    private readonly sessions: UserSessions,
  ) {}

  @Post('login')
  @ForStrangers()
  @HttpCode(200)
  @Operation('Log in', {
    id: 'login',
    description:
      'Begins a session, always with a new token. An unknown address and a wrong password are answered alike; after several failures further attempts are refused for a while.',
  })
  @ApiExtraModels(LoginDto, ChallengedDto)
  @ApiResponse({
    status: 200,
    description: 'The session has begun; or, for a user of two-factor authentication, a code is needed.',
    schema: { anyOf: [{ $ref: getSchemaPath(LoginDto) }, { $ref: getSchemaPath(ChallengedDto) }] },
  })
  @Fails('invalid_credentials', 'email_not_verified', 'busy')
  async login(
    @Body() { email, password }: CredentialsDto,
    @Visiting() visitor: Visitor,
  ): Promise<LoginDto | ChallengedDto> {
    return presentLoginOrChallenge(await this.signIn.login(email, password, visitor));
  }

  @Post('logout')
  @ForStrangers()
  @HttpCode(204)
  @Operation('Log out', {
    id: 'logout',
    description:
      'Ends the session whose token is sent (`Authorization: Bearer ust_…`) and closes its sockets. A session that has ended is answered alike.',
  })
  @ApiResponse({ status: 204, description: 'The session has ended.' })
  async logout(@Req() request: Request): Promise<void> {
    const token = bearerOf(request);
    const found = token === null ? null : await this.sessions.find(token);
    if (found) {
      await this.sessions.end(found.user.id, found.session.id);
    }
  }

  @Post('forgot-password')
  @ForStrangers()
  @HttpCode(202)
  @Operation('Ask for a password reset', {
    id: 'forgotPassword',
    description:
      'The answer is the same whether or not the address has an account. At most one mail in two minutes, and five a day.',
  })
  @ApiResponse({ status: 202, description: 'A mail is sent if the address has an account.' })
  @Fails('mail_not_configured')
  forgot(@Body() { email }: EmailOnlyDto): Promise<void> {
    return this.passwords.forgot(email);
  }

  @Post('reset-password')
  @ForStrangers()
  @HttpCode(204)
  @Operation('Reset password', {
    id: 'resetPassword',
    description:
      'With the token of the newest mail, once and within an hour. Every session of the user ends, and its e-mail address is proven.',
  })
  @ApiResponse({ status: 204, description: 'The password is set.' })
  @Fails('invalid_token', 'weak_password', 'busy')
  reset(@Body() { token, password }: ResetPasswordDto): Promise<void> {
    return this.passwords.reset(token, password);
  }
}
