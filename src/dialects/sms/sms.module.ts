import { Module } from '@nestjs/common';
import { SmsAuthModule } from './auth/auth.module.js';
import { SmsErrors } from './http/sms-errors.js';

/** Workspaces and their users under `/api/ui` and `/api/auth`, and text messages. */
@Module({
  imports: [SmsAuthModule],
  providers: [SmsErrors],
  exports: [SmsErrors],
})
export class SmsModule {}
