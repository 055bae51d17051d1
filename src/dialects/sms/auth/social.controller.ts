import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiExtraModels, ApiParam, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ToleratesUnknownQuery } from '../../../platform/common/fields/unknown-query.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { ForStrangers } from '../../../platform/common/tenancy/access.js';
import type { Visitor } from '../../../users/sessions/user-sessions.js';
import { SocialSignIn } from '../../../users/social/social-sign-in.js';
import { Fails } from '../http/fails.js';
import { ExchangeSocialDto, SocialProvidersDto, SocialStartDto, StartSocialDto } from './social.dto.js';
import { ChallengedDto } from './two-factor.dto.js';
import { LoginDto } from './user.dto.js';
import { presentLoginOrChallenge } from './user.presenter.js';
import { Visiting } from '../../../users/http/visiting.js';

@ApiTags('auth')
@Controller('api/auth/social')
export class SocialController {
  constructor(private readonly social: SocialSignIn) {}

  @Get()
  @ForStrangers()
  @Operation('List sign-in providers', {
    id: 'listSocialProviders',
    description: 'By whose accounts users can sign in here.',
  })
  @ApiResponse({ status: 200, type: SocialProvidersDto, description: 'The providers.' })
  list(): SocialProvidersDto {
    return { data: this.social.names() };
  }

  @Post('exchange')
  @ForStrangers()
  @HttpCode(200)
  @Operation('Finish sign-in by a provider', {
    id: 'exchangeSocial',
    description:
      'With the code behind `#code=`, once and within ten minutes, and the verifier that the sign-in was started with. The provider must say that the e-mail address is proven. An account with this address that never proved it loses its password and its sessions first.',
  })
  @ApiExtraModels(LoginDto, ChallengedDto)
  @ApiResponse({
    status: 200,
    description: 'The session has begun; or, for a user of two-factor authentication, a code is needed.',
    schema: { anyOf: [{ $ref: getSchemaPath(LoginDto) }, { $ref: getSchemaPath(ChallengedDto) }] },
  })
  @Fails('invalid_token', 'invalid_credentials', 'email_not_verified', 'signup_disabled')
  async exchange(
    @Body() { code, verifier }: ExchangeSocialDto,
    @Visiting() visitor: Visitor,
  ): Promise<LoginDto | ChallengedDto> {
    return presentLoginOrChallenge(await this.social.exchange(code, verifier, visitor));
  }

  @Post(':provider/start')
  @ForStrangers()
  @HttpCode(200)
  @ApiParam({
    name: 'provider',
    description: 'One of those that are set up.',
    schema: { type: 'string', enum: ['google', 'microsoft', 'github'] },
  })
  @Operation('Start sign-in by a provider', {
    id: 'startSocial',
    description: 'Answers where to send the browser. A provider that is not set up is answered 404.',
  })
  @ApiResponse({ status: 200, type: SocialStartDto, description: 'Where to send the browser.' })
  async start(@Param('provider') provider: string, @Body() { challenge }: StartSocialDto): Promise<SocialStartDto> {
    return { url: await this.social.start(provider, challenge) };
  }

  /** Browsers come here, sent by a provider: of no use to programs, so it is not in the document. */
  @Get(':provider/callback')
  @ForStrangers()
  @HttpCode(302)
  @ToleratesUnknownQuery()
  @ApiExcludeEndpoint()
  @Operation('Return from a provider')
  async return(
    @Param('provider') provider: string,
    @Req() { originalUrl }: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const [, query = ''] = originalUrl.split('?', 2);
    response.setHeader('Location', await this.social.arrive(provider, new URLSearchParams(query)));
  }
}
