import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { unauthorized } from '../../../platform/common/errors/refusal.js';
import { ForStrangers } from '../../../platform/common/tenancy/access.js';
import { bearerOf } from '../../../platform/common/tenancy/bearer.js';
import { UserSessions, type Visitor } from '../../../users/sessions/user-sessions.js';
import { Acceptances } from '../../../workspaces/invitations/acceptances.js';
import { Visiting } from '../../../users/http/visiting.js';
import { Fails } from '../http/fails.js';
import { AcceptedDto, AcceptInvitationDto, LookedInvitationDto, LookInvitationDto } from './acceptance.dto.js';
import { presentAccepted, presentLooked } from './acceptance.presenter.js';

@ApiTags('auth')
@Controller('api/auth')
export class AcceptanceController {
  constructor(
    private readonly acceptances: Acceptances,
    private readonly sessions: UserSessions,
  ) {}

  @Post('invitations/look')
  @ForStrangers()
  @HttpCode(200)
  @Operation('Look at an invitation', {
    id: 'invitationsLook',
    description: 'Says what the mailed link is for, and changes nothing.',
  })
  @ApiResponse({ status: 200, type: LookedInvitationDto, description: 'The invitation.' })
  @Fails('invalid_token')
  async look(@Body() { token }: LookInvitationDto): Promise<LookedInvitationDto> {
    return presentLooked(await this.acceptances.look(token));
  }

  @Post('accept-invitation')
  @ForStrangers()
  @HttpCode(200)
  @Operation('Accept an invitation', {
    id: 'invitationsAccept',
    description:
      'Once. Whoever has no account with that e-mail address gets one by `name` and `password`, and a session; whoever has one logs in as usual. If a session is sent with it, it must be of that e-mail address, or else the answer is 403.',
  })
  @ApiResponse({ status: 200, type: AcceptedDto, description: 'You are a member of the workspace.' })
  @Fails('invalid_token', 'weak_password', 'conflict', 'email_not_verified', 'unauthorized', 'busy')
  async accept(
    @Body() body: AcceptInvitationDto,
    @Req() request: Request,
    @Visiting() visitor: Visitor,
  ): Promise<AcceptedDto> {
    return presentAccepted(await this.acceptances.accept(body, await this.signedInAs(request), visitor));
  }

  /** @throws Refusal 401 where a session is sent that is none */
  private async signedInAs(request: Request): Promise<string | null> {
    if (request.headers.authorization === undefined) {
      return null;
    }
    const token = bearerOf(request);
    const found = token === null ? null : await this.sessions.find(token);
    if (!found) {
      throw unauthorized('Invalid or ended session');
    }
    return found.user.email;
  }
}
