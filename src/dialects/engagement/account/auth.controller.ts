import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request } from 'express';
import { invalid, Refusal } from '../../../platform/common/errors/refusal.js';
import { StatusResult } from '../../../platform/common/http/status-result.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentCaller, ForStrangers } from '../../../platform/common/tenancy/access.js';
import { bearerOf } from '../../../platform/common/tenancy/bearer.js';
import type { WorkspaceCaller } from '../../../platform/common/tenancy/workspace-credentials.js';
import { PasswordChanges } from '../../../users/accounts/password-changes.js';
import { SignIn } from '../../../users/accounts/sign-in.js';
import { SignUp, type SignedIn } from '../../../users/accounts/sign-up.js';
import { Visiting } from '../../../users/http/visiting.js';
import { UserSessions, type Visitor } from '../../../users/sessions/user-sessions.js';
import { WorkspacesService } from '../../../workspaces/workspaces.service.js';
import { AllowsCallers } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import {
  EngagementChallengeDto,
  EngagementCredentialsDto,
  EngagementEmailDto,
  EngagementLoginDto,
  EngagementNoticeDto,
  EngagementRegisterDto,
  EngagementResetPasswordDto,
  EngagementUserDto,
} from './account.dto.js';
import { ShownUsers } from './shown-users.js';
import { callingUserOf } from './calling-user.js';
import { presentChallenge, presentLogin } from './users.presenter.js';

@ApiTags('auth')
@Controller('api/v1/auth')
export class EngagementAuthController {
  constructor(
    private readonly signUp: SignUp,
    private readonly signIn: SignIn,
    private readonly passwords: PasswordChanges,
    private readonly sessions: UserSessions,
    private readonly workspaces: WorkspacesService,
    private readonly users: ShownUsers,
  ) {}

  @Post('register')
  @ForStrangers()
  @Operation('Register', {
    id: 'register',
    description:
      'Makes an account. Where the server sends mail, the answer is 202 whether or not the address has an account, and a mail to it says how to go on.',
  })
  @Answers(EngagementLoginDto, { status: 201, description: 'The account was made, with a session.' })
  @ApiResponse({ status: 202, type: EngagementNoticeDto, description: 'A mail says how to go on.' })
  async register(
    @Body() body: EngagementRegisterDto,
    @Visiting() visitor: Visitor,
  ): Promise<StatusResult<Data<EngagementLoginDto> | EngagementNoticeDto>> {
    const { workspaceName } = body;
    if (workspaceName) {
      this.workspaces.mustBeForUsers();
    }
    const signedIn = await this.signUp.register(body, visitor).catch(tellTaken);
    if (signedIn === null) {
      return new StatusResult(202, { message: 'Check your mail.' });
    }
    if (workspaceName) {
      await this.workspaces.create(signedIn.user.id, { name: workspaceName });
    }
    return new StatusResult(201, data(await this.present(signedIn)));
  }

  @Post('login')
  @ForStrangers()
  @HttpCode(200)
  @Operation('Log in', {
    id: 'login',
    description:
      'Begins a session, always with a new token. An unknown address and a wrong password are answered alike; after several failures further attempts are refused for a while.',
  })
  @ApiExtraModels(EngagementLoginDto, EngagementChallengeDto)
  @ApiResponse({
    status: 200,
    description: 'The session has begun; or, for a user of two-factor authentication, a code is needed.',
    schema: {
      type: 'object',
      required: ['data'],
      properties: {
        data: {
          anyOf: [{ $ref: getSchemaPath(EngagementLoginDto) }, { $ref: getSchemaPath(EngagementChallengeDto) }],
          description: 'The session, or what is still needed.',
        } as never,
      },
    },
  })
  async login(
    @Body() { email, password }: EngagementCredentialsDto,
    @Visiting() visitor: Visitor,
  ): Promise<Data<EngagementLoginDto | EngagementChallengeDto>> {
    const end = await this.signIn.login(email, password, visitor);
    return data('challenge' in end ? presentChallenge(end) : await this.present(end));
  }

  @Post('logout')
  @ForStrangers()
  @Operation('Log out', {
    id: 'logout',
    description:
      'Ends the session whose token is sent (`Authorization: Bearer ust_…`) and closes its sockets. A session that has ended is answered alike. A personal token stays.',
  })
  @AnswersNothing('The session has ended.')
  async logout(@Req() request: Request): Promise<void> {
    const token = bearerOf(request);
    const found = token === null ? null : await this.sessions.find(token);
    if (found) {
      await this.sessions.end(found.user.id, found.session.id);
    }
  }

  @Post('forgot-password')
  @ForStrangers()
  @HttpCode(200)
  @Operation('Ask for a password reset', {
    id: 'forgotPassword',
    description:
      'The answer is the same whether or not the address has an account. At most one mail in two minutes, and five a day.',
  })
  @ApiResponse({ status: 200, type: EngagementNoticeDto, description: 'A mail is sent if the address has an account.' })
  async forgot(@Body() { email }: EngagementEmailDto): Promise<EngagementNoticeDto> {
    await this.passwords.forgot(email);
    return { message: 'If the address is known, a link is on its way.' };
  }

  @Post('reset-password')
  @ForStrangers()
  @HttpCode(200)
  @Operation('Reset password', {
    id: 'resetPassword',
    description:
      'With the token of the newest mail, once and within an hour. Every session of the user ends, and its e-mail address is proven.',
  })
  @ApiResponse({ status: 200, type: EngagementNoticeDto, description: 'The password is set.' })
  async reset(@Body() { token, email, password }: EngagementResetPasswordDto): Promise<EngagementNoticeDto> {
    await this.passwords.reset(token, password, email);
    return { message: 'The password is set.' };
  }

  @Get('me')
  @AllowsCallers()
  @Operation('Get me', { id: 'getMe', description: 'The user of the session or the personal token.' })
  @Answers(EngagementUserDto, { description: 'The user.' })
  async me(@CurrentCaller() caller: WorkspaceCaller): Promise<Data<EngagementUserDto>> {
    return data(await this.users.get(callingUserOf(caller)));
  }

  private async present(signedIn: SignedIn): Promise<EngagementLoginDto> {
    return presentLogin(signedIn, await this.users.of(signedIn.user));
  }
}

function tellTaken(error: unknown): never {
  throw error instanceof Refusal && error.code === 'id_in_use'
    ? invalid('email', 'The email has already been taken.')
    : error;
}
