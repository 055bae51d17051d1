import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiConsumes, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../platform/common/openapi/operation.js';
import { AlsoForCustomers, CurrentAuth, Requires } from '../../platform/common/tenancy/access.js';
import type { AuthContext } from '../../platform/common/tenancy/credentials.js';
import { SubscriptionAuthorizationDto, AuthorizeSubscriptionDto } from './broadcasting.dto.js';
import { BroadcastingService } from './broadcasting.service.js';

@ApiTags('realtime')
@Controller('broadcasting')
export class BroadcastingController {
  constructor(private readonly broadcasting: BroadcastingService) {}

  @Post('auth')
  @HttpCode(200)
  @Requires('messages:read')
  @AlsoForCustomers()
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @Operation('Authorize subscription', {
    description:
      'Signs a subscription to a private or presence channel; Pusher client libraries call this by themselves. ' +
      'A socket of a key without `customers:read` gets no e-mail addresses, and one without `messages:write` cannot send client events.',
    refuses: [404],
    says: { 404: 'The `X-Workspace-Id` of a user’s session names no workspace that the user is a member of.' },
  })
  @ApiResponse({ status: 200, type: SubscriptionAuthorizationDto, description: 'The signature to subscribe with.' })
  async authorize(
    @CurrentAuth() auth: AuthContext,
    @Body() { socketId, channelName }: AuthorizeSubscriptionDto,
  ): Promise<SubscriptionAuthorizationDto> {
    const { auth: signature, channelData } = await this.broadcasting.authorize(auth, socketId, channelName);
    return channelData === undefined ? { auth: signature } : { auth: signature, channel_data: channelData };
  }
}
