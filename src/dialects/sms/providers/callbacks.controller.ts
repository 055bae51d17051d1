import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import type { CallbackRequest } from '../../../delivery/providers/callback.js';
import { CallbackUrls } from '../../../delivery/providers/callback-urls.js';
import { CallbacksService } from '../../../delivery/providers/callbacks.service.js';
import { notFound } from '../../../platform/common/errors/refusal.js';
import { WrittenAnswer } from '../../../platform/common/http/status-result.js';
import { parseSid } from '../../../platform/common/ids/sid.js';
import { parseId } from '../../../platform/common/ids/type-id.js';
import { ForEverybody } from '../../../platform/common/tenancy/access.js';

/** Where providers tell what phones sent and what became of messages. Whoever asks proves who it is by a signature. */
@ApiExcludeController()
@Controller('api/providers/:clientId/:providerId')
@ForEverybody()
export class CallbacksController {
  constructor(
    private readonly callbacks: CallbacksService,
    private readonly urls: CallbackUrls,
  ) {}

  @Post('inbound')
  @HttpCode(200)
  async receive(@Param() path: Readonly<Record<string, string>>, @Req() request: Request): Promise<WrittenAnswer> {
    const { clientId, providerId } = callerIn(path);
    const { type, text } = await this.callbacks.receive(clientId, providerId, this.read(request));
    return new WrittenAnswer(200, text, type);
  }

  @Post('status')
  @HttpCode(204)
  report(@Param() path: Readonly<Record<string, string>>, @Req() request: Request): Promise<void> {
    const { clientId, providerId } = callerIn(path);
    return this.callbacks.report(clientId, providerId, undefined, this.read(request));
  }

  @Post('status/:sid')
  @HttpCode(204)
  reportOf(@Param() path: Readonly<Record<string, string>>, @Req() request: Request): Promise<void> {
    const { clientId, providerId } = callerIn(path);
    const deliveryId = parseSid(String(path.sid));
    if (deliveryId === null) {
      throw notFound('message');
    }
    return this.callbacks.report(clientId, providerId, deliveryId, this.read(request));
  }

  private read({ originalUrl, headers, body }: Request): CallbackRequest {
    return { url: this.urls.of(originalUrl), headers, body: body as Buffer };
  }
}

/** @throws Refusal 404 */
function callerIn(path: Readonly<Record<string, string>>) {
  const clientId = parseId('client', String(path.clientId));
  const providerId = parseId('messaging_provider', String(path.providerId));
  if (clientId === null || providerId === null) {
    throw notFound('messaging_provider');
  }
  return { clientId, providerId };
}
