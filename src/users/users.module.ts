import { Module } from '@nestjs/common';
import { UserSessions } from './sessions/user-sessions.js';
import { UserSessionsRepository } from './sessions/user-sessions.repository.js';

@Module({
  providers: [UserSessions, UserSessionsRepository],
  exports: [UserSessions],
})
export class UsersModule {}
