import { Module } from '@nestjs/common';
import { LoginThrottle } from './accounts/login-throttle.js';
import { PasswordChanges } from './accounts/password-changes.js';
import { SignIn } from './accounts/sign-in.js';
import { SignUp } from './accounts/sign-up.js';
import { UsersRepository } from './accounts/users.repository.js';
import { UsersService } from './accounts/users.service.js';
import { Mails } from './mails/mails.js';
import { MailsRepository } from './mails/mails.repository.js';
import { Passwords } from './passwords/passwords.js';
import { UserSessions } from './sessions/user-sessions.js';
import { UserSessionsRepository } from './sessions/user-sessions.repository.js';
import { UserTokens } from './tokens/user-tokens.js';
import { UserTokensRepository } from './tokens/user-tokens.repository.js';
import { UserIdentitiesRepository } from './social/user-identities.repository.js';
import { SocialAccounts } from './social/social-accounts.js';
import { SocialProviders } from './social/social-providers.js';
import { SocialSignIn } from './social/social-sign-in.js';
import { TotpRotation } from './two-factor/totp-rotation.js';
import { TwoFactor } from './two-factor/two-factor.js';
import { TwoFactorRepository } from './two-factor/two-factor.repository.js';

@Module({
  providers: [
    UsersService,
    UsersRepository,
    SignUp,
    SignIn,
    PasswordChanges,
    LoginThrottle,
    Passwords,
    UserSessions,
    UserSessionsRepository,
    UserTokens,
    UserTokensRepository,
    Mails,
    MailsRepository,
    TwoFactor,
    TwoFactorRepository,
    TotpRotation,
    SocialSignIn,
    SocialAccounts,
    SocialProviders,
    UserIdentitiesRepository,
  ],
  exports: [
    UsersService,
    SignUp,
    SignIn,
    PasswordChanges,
    UserSessions,
    UserTokens,
    Mails,
    MailsRepository,
    TwoFactor,
    SocialSignIn,
  ],
})
export class UsersModule {}
