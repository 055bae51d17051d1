import { Body, Controller, Delete, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ClientsService } from '../../../clients/clients.service.js';
import { parseId } from '../../../platform/common/ids/type-id.js';
import { keyPattern } from '../../../clients/key-format.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import type { AsStranger } from '../../../platform/common/rate-limit/as-stranger.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { CurrentAuth } from '../../../platform/common/tenancy/access.js';
import type { AuthContext } from '../../../platform/common/tenancy/credentials.js';
import { ForAnyLayerApp, ForLayer, Viewer } from '../http/for-layer.js';
import { parseLayerId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';
import { checkLayerOrigin, sessionTokenOf } from './layer.credentials.js';
import { NoncesService } from './nonces.service.js';
import { CreateSessionDto, NonceDto, SessionDto } from './session.dto.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('sessions')
@Controller('layer')
export class SessionsController {
  constructor(
    private readonly clients: ClientsService,
    private readonly nonces: NoncesService,
    private readonly sessions: SessionsService,
    private readonly limits: RateLimits,
  ) {}

  @Post('nonces')
  @ForAnyLayerApp()
  @Operation('Create nonce', {
    id: 'noncesCreate',
    description: 'Returns a nonce to put in one identity token within ten minutes.',
  })
  @ApiResponse({ status: 201, type: NonceDto, description: 'The nonce.' })
  async createNonce(@Req() request: Request): Promise<NonceDto> {
    await this.limits.takeNonce(request);
    return { nonce: await this.nonces.create() };
  }

  @Post('sessions')
  @ForAnyLayerApp()
  @Operation('Create session', {
    description:
      'Logs in the user that the identity token names. A new user becomes a customer. Name and avatar are taken from the token.',
    refuses: [403, 422],
  })
  @ApiResponse({ status: 201, type: SessionDto, description: 'The new session.' })
  create(@Body() body: CreateSessionDto, @Req() request: Request): Promise<SessionDto> {
    // Whoever can't sign is told to wait before long, like whoever brings wrong keys.
    const open = async (asStranger: AsStranger): Promise<SessionDto> => {
      await asStranger();
      return this.open(body, request);
    };
    return this.limits.countingFailures(request, open, { isFailure: ({ kind }) => kind !== 'unavailable' });
  }

  @Delete('sessions/:token')
  @ForLayer()
  @HttpCode(204)
  @Operation('Delete session', { description: 'Ends the session that sends the request, and no other.' })
  @ApiParam({
    name: 'token',
    description: 'The token of the session.',
    schema: { type: 'string', pattern: keyPattern('cst'), example: 'cst_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz' },
  })
  @ApiResponse({ status: 204, description: 'The session is ended.' })
  async delete(
    @CurrentAuth() { tenant, by }: AuthContext,
    @Viewer() viewer: string,
    @Param('token') token: string,
    @Req() request: Request,
  ): Promise<void> {
    if (token !== sessionTokenOf(request)) {
      throw new LayerRefusal('access_denied', 'A session ends itself, and no other.');
    }
    await this.sessions.end(tenant, viewer, by.id);
  }

  /** @throws LayerRefusal invalid_app_id, access_denied or invalid_property */
  private async open({ appId, identityToken }: CreateSessionDto, request: Request): Promise<SessionDto> {
    const id = clientIdIn(appId);
    const client = id === null ? null : await this.clients.findEnabled(id);
    if (!client) {
      throw new LayerRefusal('invalid_app_id', 'The app_id is the id of no app here.');
    }
    checkLayerOrigin(request, client);
    const tenant = { clientId: client.id, livemode: client.livemode };
    return { session_token: await this.sessions.create(tenant, identityToken) };
  }
}

/** `clt_…`, a bare UUID, or the URI of a staging or production app. */
function clientIdIn(appId: string): string | null {
  return parseLayerId('apps/staging', appId) ?? parseLayerId('apps/production', appId) ?? parseId('client', appId);
}
