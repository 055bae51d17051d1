import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { notFound } from '../../../platform/common/errors/refusal.js';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { ForUsers, SignedInUser } from '../../../platform/common/tenancy/access.js';
import type { CurrentUser } from '../../../platform/common/tenancy/user-credentials.js';
import { UserSessions } from '../../../users/sessions/user-sessions.js';
import { UserSessionsDto } from './me.dto.js';

@ApiTags('auth')
@Controller('api/auth/sessions')
export class UserSessionsController {
  constructor(private readonly sessions: UserSessions) {}

  @Get()
  @ForUsers()
  @Operation('List sessions', { id: 'listUserSessions', description: 'The sessions of the user, newest first.' })
  @ApiResponse({ status: 200, type: UserSessionsDto, description: 'The sessions.' })
  async list(@SignedInUser() { userId, sessionId }: CurrentUser): Promise<UserSessionsDto> {
    const sessions = await this.sessions.list(userId);
    return {
      data: sessions.map((session) => ({
        id: formatId('user_session', session.id),
        current: session.id === sessionId,
        address: session.address,
        userAgent: session.userAgent,
        createdAt: session.createdAt.toISOString(),
        lastSeenAt: session.lastSeenAt.toISOString(),
        expiresAt: session.expiresAt.toISOString(),
      })),
    };
  }

  @Delete()
  @ForUsers()
  @HttpCode(204)
  @Operation('End other sessions', {
    id: 'endOtherUserSessions',
    description: 'Every session of the user but the one that asks ends within 5 seconds.',
  })
  @ApiResponse({ status: 204, description: 'The sessions have ended.' })
  endOthers(@SignedInUser() { userId, sessionId }: CurrentUser): Promise<void> {
    return this.sessions.endOthers(userId, sessionId);
  }

  @Delete(':sessionId')
  @ForUsers()
  @HttpCode(204)
  @Operation('End session', {
    id: 'endUserSession',
    description: 'The session ends within 5 seconds, and its sockets are closed. Ending it again changes nothing.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The session has ended.' })
  async end(@SignedInUser() { userId }: CurrentUser, @IdParam('user_session', 'sessionId') id: string): Promise<void> {
    if (!(await this.sessions.end(userId, id))) {
      throw notFound('user_session');
    }
  }
}
