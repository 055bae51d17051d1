import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { StatusResult } from '../../../platform/common/http/status-result.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { ForStrangers } from '../../../platform/common/tenancy/access.js';
import { SignUp } from '../../../users/accounts/sign-up.js';
import type { Visitor } from '../../../users/sessions/user-sessions.js';
import { WorkspacesService } from '../../../workspaces/workspaces.service.js';
import { Fails } from '../http/fails.js';
import { EmailOnlyDto, RegisterDto, VerificationSentDto, VerifyEmailDto } from './registration.dto.js';
import { LoginDto } from './user.dto.js';
import { presentLogin } from './user.presenter.js';
import { Visiting } from '../../../users/http/visiting.js';

@ApiTags('auth')
@Controller('api/auth')
export class RegistrationController {
  constructor(
    private readonly signUp: SignUp,
    private readonly workspaces: WorkspacesService,
  ) {}

  @Post('register')
  @ForStrangers()
  @Operation('Register', {
    id: 'register',
    description:
      'Makes an account. Where the server sends mail, the answer is 202 whether or not the address has an account, and a mail to it says how to go on.',
  })
  @ApiResponse({ status: 201, type: LoginDto, description: 'The account was made, with a session.' })
  @ApiResponse({ status: 202, type: VerificationSentDto, description: 'A mail says how to go on.' })
  @Fails('weak_password', 'signup_disabled', 'conflict', 'mail_not_configured', 'busy')
  async register(
    @Body() body: RegisterDto,
    @Visiting() visitor: Visitor,
  ): Promise<StatusResult<LoginDto | VerificationSentDto>> {
    const { workspaceName } = body;
    if (workspaceName) {
      this.workspaces.mustBeForUsers();
    }
    const signedIn = await this.signUp.register(body, visitor);
    if (signedIn === null) {
      return new StatusResult(202, { status: 'verification_sent' });
    }
    await this.begin(signedIn.user.id, workspaceName);
    return new StatusResult(201, presentLogin(signedIn));
  }

  @Post('verify-email')
  @ForStrangers()
  @HttpCode(204)
  @Operation('Verify e-mail address', {
    id: 'verifyEmail',
    description: 'With the token of a mail, once and within 24 hours. The page behind the link sends this.',
  })
  @ApiResponse({ status: 204, description: 'The address is the user’s.' })
  @Fails('invalid_token')
  async verify(@Body() { token }: VerifyEmailDto): Promise<void> {
    const { userId, claims } = await this.signUp.verify(token);
    // Since the registration the operator may have kept workspaces to itself: the address is proven all the same.
    await this.begin(userId, this.workspaces.areForUsers ? claims.workspaceName : null);
  }

  @Post('verify-email/resend')
  @ForStrangers()
  @HttpCode(202)
  @Operation('Resend verification mail', {
    id: 'resendVerification',
    description:
      'The answer is the same whether or not the address has an account. At most one mail in two minutes, and five a day.',
  })
  @ApiResponse({ status: 202, description: 'A mail is sent if the address waits for one.' })
  @Fails('mail_not_configured')
  resend(@Body() { email }: EmailOnlyDto): Promise<void> {
    return this.signUp.resend(email);
  }

  private async begin(userId: string, workspaceName: string | null | undefined): Promise<void> {
    if (workspaceName) {
      await this.workspaces.create(userId, { name: workspaceName });
    }
  }
}
