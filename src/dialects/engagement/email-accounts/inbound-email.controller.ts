import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { EmailAccountsService } from '../../../delivery/email/accounts/email-accounts.service.js';
import { hopsOf, MAX_HOPS } from '../../../delivery/email/inbound/hops.js';
import { InboundEmailsService } from '../../../delivery/email/inbound/inbound-emails.service.js';
import { MAIL_LIMITS } from '../../../delivery/email/reading/mail-limits.js';
import { notFound, Refusal } from '../../../platform/common/errors/refusal.js';
import { allowSlowTransfer } from '../../../platform/common/http/allow-slow-transfer.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { ForEverybody } from '../../../platform/common/tenancy/access.js';

export const INBOUND_PATH = 'inbound/email';
/** Of all mails that are being brought at once to this process. */
const MAX_UNDER_WAY = 8;

/** Where whoever forwards mails brings them. Who knows the path may; it is shown with its account. */
@ApiExcludeController()
@Controller(`${INBOUND_PATH}/:token`)
@ForEverybody()
export class InboundEmailController {
  private underWay = 0;

  constructor(
    private readonly accounts: EmailAccountsService,
    private readonly mails: InboundEmailsService,
    private readonly limits: RateLimits,
  ) {}

  @Post()
  @HttpCode(202)
  async take(
    @Param('token') token: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const account = await this.accounts.findByToken(token);
    if (!account) {
      throw notFound('email_account');
    }
    await this.limits.takeMail(account.id, response);
    if (request.headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase() !== 'message/rfc822') {
      throw new Refusal('unsupported_media_type', 'The body must be message/rfc822.');
    }
    if (this.underWay >= MAX_UNDER_WAY) {
      throw new Refusal('unavailable', 'Too many mails come at once: try again later');
    }
    this.underWay += 1;
    try {
      allowSlowTransfer(request, response);
      const raw = await read(request);
      if (hopsOf(raw) > MAX_HOPS) {
        throw new Refusal('invalid', 'It went through too many servers');
      }
      await this.mails.accept(account, { raw, envelopeFrom: null, envelopeTo: [] });
    } finally {
      this.underWay -= 1;
    }
  }
}

/** @throws Refusal 400, 413 */
async function read(request: Request): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAIL_LIMITS.rawBytes) {
    throw tooLarge();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAIL_LIMITS.rawBytes) {
        break;
      }
      chunks.push(chunk);
    }
  } catch {
    throw new Refusal('malformed', 'It broke off');
  }
  if (size > MAIL_LIMITS.rawBytes) {
    throw tooLarge();
  }
  if (size === 0) {
    throw new Refusal('malformed', 'The body is empty');
  }
  return Buffer.concat(chunks);
}

function tooLarge(): Refusal {
  return new Refusal('too_large', `A mail has at most ${MAIL_LIMITS.rawBytes} bytes`);
}
