import { Controller, Get, Logger, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { isMachine } from '../../../engagement/tracking/is-machine.js';
import { TrackingService } from '../../../engagement/tracking/tracking.service.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { ForEverybody } from '../../../platform/common/tenancy/access.js';
import { pageOf } from './reader-page.js';

/** Of one transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

/** What the mails of campaigns fetch, and where their links lead first. The token is all that is needed. */
@ApiExcludeController()
@Controller('t')
@ForEverybody()
export class TrackingController {
  private readonly logger = new Logger('Tracking');

  constructor(
    private readonly tracking: TrackingService,
    private readonly limits: RateLimits,
  ) {}

  /** Always the same, so that no mail shows a broken image, and nobody learns which tokens are right. */
  @Get('o/:name')
  async open(@Param('name') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    try {
      await this.limits.takeOfAddress('tracking', request);
      await this.tracking.open(name.replace(/\.gif$/, ''), byMachine(request));
    } catch (error) {
      if (!(error instanceof Refusal)) {
        this.logger.error(error);
      }
    }
    response.type('gif').send(PIXEL);
  }

  @Get('c/:token')
  async click(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.limits.takeOfAddress('tracking', request);
    const to = await this.tracking.click(token, byMachine(request));
    // The token is nobody's business where it leads.
    response.setHeader('Referrer-Policy', 'no-referrer');
    if (to === null) {
      response.status(404).type('html').send(pageOf(request, 'nowhere'));
    } else {
      response.status(302).setHeader('Location', to).end();
    }
  }
}

function byMachine({ method, headers }: Request): boolean {
  return isMachine(method, headers['user-agent']);
}
