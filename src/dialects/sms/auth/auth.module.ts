import { Module } from '@nestjs/common';
import { UsersModule } from '../../../users/users.module.js';
import { LoginController } from './login.controller.js';
import { RegistrationController } from './registration.controller.js';

/** How users sign in: `/api/auth`. */
@Module({ imports: [UsersModule], controllers: [RegistrationController, LoginController] })
export class SmsAuthModule {}
