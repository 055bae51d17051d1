import { pipeline } from 'node:stream/promises';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { contentDisposition } from '../../../files/content-disposition.js';
import { MediaService } from '../../../delivery/media/media.service.js';
import { MEDIA_TYPES } from '../../../delivery/media/media-types.js';
import { forbidden } from '../../../platform/common/errors/refusal.js';
import { allowSlowTransfer } from '../../../platform/common/http/allow-slow-transfer.js';
import { parseSid } from '../../../platform/common/ids/sid.js';
import { parseId } from '../../../platform/common/ids/type-id.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { ForEverybody } from '../../../platform/common/tenancy/access.js';
import { shortName } from './short-name.js';

/**
 * Where the signed addresses of media lead: providers fetch them, by GET and HEAD, and so can pages. Through this server
 * wherever the bytes are: what a store signs for a GET fails a HEAD. Not in the OpenAPI document: an address is used as it was
 * given.
 */
@ApiExcludeController()
@Controller('api/media/:client/:sid/:at')
@ForEverybody()
export class MediaController {
  constructor(private readonly media: MediaService) {}

  @Get()
  @Operation('Fetch media')
  async fetch(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { client, sid, at } = request.params as { client: string; sid: string; at: string };
    const [clientId, messageId] = [parseId('client', client), parseSid(sid)];
    if (clientId === null || messageId === null || !/^\d{1,3}$/.test(at)) {
      throw forbidden('Invalid signature');
    }
    // Nothing is presented, so it does not matter which mode it is.
    const tenant = { clientId, livemode: false };
    const file = await this.media.find(tenant, { messageId, at: Number(at) }, request);
    const isShown = MEDIA_TYPES.has(file.mimeType);
    const bytes = request.method === 'HEAD' ? null : await this.media.read(tenant, file);
    response.set({
      'Content-Type': file.mimeType,
      'Content-Length': String(file.size),
      'Content-Disposition': isShown
        ? contentDisposition(shortName(file.name, file.mimeType), 'inline')
        : contentDisposition(file.name),
      // Whatever a sender calls a page is none of ours: it runs nothing, even where it is shown.
      'Content-Security-Policy': "default-src 'none'; sandbox",
    });
    if (bytes === null) {
      response.end();
      return;
    }
    allowSlowTransfer(request, response);
    // Who hangs up, or a store that does, ends the exchange: there is nobody left to tell.
    await pipeline(bytes, response).catch(() => response.destroy());
  }
}
