import { Module } from '@nestjs/common';
import { CannedResponsesRepository } from './canned-responses.repository.js';
import { CannedResponsesService } from './canned-responses.service.js';

@Module({ providers: [CannedResponsesService, CannedResponsesRepository], exports: [CannedResponsesService] })
export class CannedResponsesModule {}
