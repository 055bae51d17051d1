import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { TrackingService } from '../../../engagement/tracking/tracking.service.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { ForEverybody } from '../../../platform/common/tenancy/access.js';
import { pageOf, type ReaderPage } from './reader-page.js';

/**
 * How whoever gets a campaign's mails gets no more of them. To open the page changes nothing: programs open each link of a mail
 * to look at it. The button, and the mail programs' own (RFC 8058), send a POST, of which nothing is read: the token is the right.
 */
@ApiExcludeController()
@Controller('u/:token')
@ForEverybody()
export class UnsubscribeController {
  constructor(
    private readonly tracking: TrackingService,
    private readonly limits: RateLimits,
  ) {}

  @Get()
  show(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.answer(request, response, 'ask', () => this.tracking.mayUnsubscribe(token));
  }

  @Post()
  @HttpCode(200)
  unsubscribe(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.answer(request, response, 'done', () => this.tracking.unsubscribe(token));
  }

  @Post('undo')
  @HttpCode(200)
  undo(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.answer(request, response, 'undone', () => this.tracking.resubscribe(token));
  }

  private async answer(
    request: Request,
    response: Response,
    page: ReaderPage,
    work: () => Promise<boolean>,
  ): Promise<void> {
    await this.limits.takeOfAddress('unsubscribe', request);
    const isRight = await work();
    response.setHeader('Referrer-Policy', 'no-referrer');
    response
      .status(isRight ? 200 : 404)
      .type('html')
      .send(pageOf(request, isRight ? page : 'nowhere'));
  }
}
