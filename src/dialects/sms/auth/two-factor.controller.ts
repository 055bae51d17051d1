import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { ForStrangers, ForUsers, SignedInUser } from '../../../platform/common/tenancy/access.js';
import type { CurrentUser } from '../../../platform/common/tenancy/user-credentials.js';
import { SignIn } from '../../../users/accounts/sign-in.js';
import type { Visitor } from '../../../users/sessions/user-sessions.js';
import { TwoFactor } from '../../../users/two-factor/two-factor.js';
import { Fails } from '../http/fails.js';
import {
  ConfirmTwoFactorDto,
  DisableTwoFactorDto,
  RecoveryCodesDto,
  TwoFactorSetupDto,
  VerifyTwoFactorDto,
} from './two-factor.dto.js';
import { LoginDto } from './user.dto.js';
import { presentLogin } from './user.presenter.js';
import { Visiting } from '../../../users/http/visiting.js';

@ApiTags('auth')
@Controller('api/auth/2fa')
export class TwoFactorController {
  constructor(
    private readonly twoFactor: TwoFactor,
    private readonly signIn: SignIn,
  ) {}

  @Post('setup')
  @ForUsers()
  @HttpCode(200)
  @Operation('Set up two-factor authentication', {
    id: 'setUpTwoFactor',
    description: 'Makes a secret for an authenticator app. It is asked for once a code was confirmed.',
  })
  @ApiResponse({ status: 200, type: TwoFactorSetupDto, description: 'The secret.' })
  @Fails('conflict', 'secrets_key_missing')
  setUp(@SignedInUser() { userId }: CurrentUser): Promise<TwoFactorSetupDto> {
    return this.twoFactor.setUp(userId);
  }

  @Post('confirm')
  @ForUsers()
  @HttpCode(200)
  @Operation('Confirm two-factor authentication', {
    id: 'confirmTwoFactor',
    description: 'With a code from the app. From now on each login needs one. The recovery codes are shown only here.',
  })
  @ApiResponse({ status: 200, type: RecoveryCodesDto, description: 'The recovery codes.' })
  @Fails('verification_failed', 'conflict')
  async confirm(
    @SignedInUser() { userId }: CurrentUser,
    @Body() { code }: ConfirmTwoFactorDto,
  ): Promise<RecoveryCodesDto> {
    return { recoveryCodes: await this.twoFactor.confirm(userId, code) };
  }

  @Post('verify')
  @ForStrangers()
  @HttpCode(200)
  @Operation('Log in with a code', {
    id: 'verifyTwoFactor',
    description: 'The second step of a login. Each code is good once, and a challenge for five tries.',
  })
  @ApiResponse({ status: 200, type: LoginDto, description: 'The session has begun.' })
  @Fails('invalid_token', 'verification_failed', 'invalid_credentials')
  async verify(@Body() { challenge, code }: VerifyTwoFactorDto, @Visiting() visitor: Visitor): Promise<LoginDto> {
    return presentLogin(await this.signIn.verify(challenge, code, visitor));
  }

  @Post('disable')
  @ForUsers()
  @HttpCode(204)
  @Operation('Disable two-factor authentication', {
    id: 'disableTwoFactor',
    description: 'With the password and a code.',
  })
  @ApiResponse({ status: 204, description: 'Logins need no code any more.' })
  @Fails('invalid_credentials', 'verification_failed', 'busy')
  disable(
    @SignedInUser() { userId }: CurrentUser,
    @Body() { password, code }: DisableTwoFactorDto,
    @Visiting() { address }: Visitor,
  ): Promise<void> {
    return this.signIn.disableTwoFactor(userId, password, code, address);
  }
}
