import { Module } from '@nestjs/common';
import { SmsErrors } from './http/sms-errors.js';

/** Workspaces and their users under `/api/ui` and `/api/auth`, and text messages. */
@Module({
  controllers: [],
  providers: [SmsErrors],
  exports: [SmsErrors],
})
export class SmsModule {}
