import { Module } from '@nestjs/common';
import { EmailModule } from './email.module.js';
import { SmtpIntake } from './inbound/smtp-intake.js';

@Module({ imports: [EmailModule], providers: [SmtpIntake] })
export class SmtpIntakeModule {}
