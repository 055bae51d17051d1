import { Module } from '@nestjs/common';
import { UsersModule } from '../../../users/users.module.js';
import { WorkspacesModule } from '../../../workspaces/workspaces.module.js';
import { LoginController } from './login.controller.js';
import { MeController } from './me.controller.js';
import { RegistrationController } from './registration.controller.js';
import { SocialController } from './social.controller.js';
import { TwoFactorController } from './two-factor.controller.js';
import { UserSessionsController } from './user-sessions.controller.js';

/** How users sign in: `/api/auth`. */
@Module({
  imports: [UsersModule, WorkspacesModule],
  controllers: [
    ...[RegistrationController, LoginController, SocialController],
    ...[MeController, UserSessionsController, TwoFactorController],
  ],
})
export class SmsAuthModule {}
