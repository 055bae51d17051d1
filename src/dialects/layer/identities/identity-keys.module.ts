import { Module } from '@nestjs/common';
import { IdentityKeysRepository } from './identity-keys.repository.js';
import { IdentityKeysService } from './identity-keys.service.js';

/** Of its own, because a command line registers keys too. */
@Module({ providers: [IdentityKeysService, IdentityKeysRepository], exports: [IdentityKeysService] })
export class IdentityKeysModule {}
