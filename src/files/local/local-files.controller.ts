import { basename, dirname } from 'node:path';
import { Controller, Get, HttpCode, Inject, Put, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import { admitOrigin } from '../../platform/common/http/cors.js';
import { allowSlowTransfer } from '../../platform/common/http/allow-slow-transfer.js';
import { parseId } from '../../platform/common/ids/type-id.js';
import { Operation } from '../../platform/common/openapi/operation.js';
import { ForEverybody } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { contentDisposition } from '../content-disposition.js';
import { LocalFilesService } from './local-files.service.js';
import { Storage } from '../storage.js';
import type { LocalStorage } from './local-storage.js';
import type { Deed } from '../../platform/common/signed-path.js';

/**
 * Where the signed URLs of files on disk lead. Not in the OpenAPI document: a signed URL is used as it was given, and may
 * as well lead to another server. What can be done with one is said where it is given.
 */
@ApiExcludeController()
@Controller('files/:client/:id')
@ForEverybody()
export class LocalFilesController {
  constructor(
    private readonly files: LocalFilesService,
    @Inject(Storage) private readonly storage: LocalStorage,
  ) {}

  @Put()
  @HttpCode(204)
  @Operation('Upload file')
  async upload(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const { tenant, id } = await this.admit('PUT', request, response);
    const file = await this.files.expect(tenant, id, lengthOf(request));
    allowSlowTransfer(request, response);
    await this.files.receive(tenant, file, request);
  }

  @Get()
  @Operation('Download file')
  async download(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { tenant, id } = await this.admit('GET', request, response);
    const { file, path } = await this.files.open(tenant, id);
    allowSlowTransfer(request, response);
    await send(response, path, {
      'Content-Type': file.mimeType,
      'Content-Disposition': contentDisposition(file.name),
      // Whatever a sender calls a page is none of ours: it runs nothing, even where it is shown.
      'Content-Security-Policy': "default-src 'none'; sandbox",
    });
  }

  /** The signature is the leave, for a page from anywhere too. @throws Refusal 403 */
  private async admit(deed: Deed, request: Request, response: Response): Promise<{ tenant: Tenant; id: string }> {
    if (request.headers.origin !== undefined) {
      admitOrigin(response, request.headers.origin);
    }
    await this.storage.check(deed, request.path, request.query);
    const { client, id } = request.params as { client: string; id: string };
    // We wrote the path that was signed, so both are ids. Nothing is presented, so it does not matter which mode it is.
    return { tenant: { clientId: parseId('client', client)!, livemode: false }, id: parseId('file', id)! };
  }
}

function lengthOf({ headers }: Request): number | undefined {
  return headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
}

/** All of a file or the range that was asked for; done when it has been sent. @throws Refusal 404, 412 or 416 */
function send(response: Response, path: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    response.set(headers).sendFile(basename(path), { root: dirname(path), cacheControl: false }, (error) => {
      if (!error || response.headersSent) {
        resolve();
        return;
      }
      Object.keys(headers).forEach((name) => response.removeHeader(name));
      reject(refusalFor(error));
    });
  });
}

function refusalFor(error: Error & { readonly status?: number }): Error {
  switch (error.status) {
    case 404:
      return notFound('file');
    case 412:
      return new Refusal('precondition_failed', 'The file is another than was asked for');
    case 416:
      return new Refusal('range_not_satisfiable', 'The file has no such range');
    default:
      return error;
  }
}
