import { Controller, Get, HttpCode, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { ForAnyLayerApp, LayerBase } from '../http/for-layer.js';
import { LayerCredentials } from './layer.credentials.js';
import { RelationsDto } from './session.dto.js';

const RELATIONS = ['nonces', 'sessions', 'conversations', 'content'] as const;

@ApiTags('sessions')
@Controller('layer')
export class RootController {
  constructor(
    private readonly credentials: LayerCredentials,
    private readonly limits: RateLimits,
  ) {}

  /** An SDK that means to open a socket again learns nothing from a socket that is refused, so it asks here before. */
  @Get()
  @ForAnyLayerApp()
  @ApiSecurity({})
  @ApiSecurity({ layer_session: [] })
  @ApiQuery({
    name: 'action',
    required: false,
    description: '`validateConnectionForWebsocket` also checks the session.',
    schema: { type: 'string', enum: ['validateConnectionForWebsocket'] },
  })
  @Operation('Retrieve relations', { description: 'Returns the URLs of the API, which are also in the `Link` header.' })
  @ApiResponse({
    status: 200,
    type: RelationsDto,
    description: 'The URLs of the API.',
    headers: { Link: { description: 'The same URLs, as links.', schema: { type: 'string', pattern: '^<.+>; rel=' } } },
  })
  async getRelations(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @LayerBase() base: string,
  ): Promise<RelationsDto> {
    if (request.query.action !== undefined) {
      await this.limits.countingFailures(request, (asStranger) => this.credentials.admit(request, asStranger));
    }
    response.setHeader('Link', RELATIONS.map((name) => `<${base}/${name}>; rel=${name}`).join(', '));
    return Object.fromEntries(RELATIONS.map((name) => [name, `${base}/${name}`])) as unknown as RelationsDto;
  }

  @Get('ping')
  @ForAnyLayerApp()
  @HttpCode(204)
  @Operation('Ping', { description: 'Checks the connection. HEAD works too.' })
  @ApiResponse({ status: 204, description: 'The server is reachable.' })
  ping(): void {}
}
