import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { contentDisposition } from '../../../files/content-disposition.js';
import { allowSlowTransfer } from '../../../platform/common/http/allow-slow-transfer.js';

const BOM = '\ufeff';
const TYPE = 'text/csv; charset=utf-8';

interface Described {
  /** What its name begins with. */
  readonly name: string;
  readonly description: string;
  readonly example: string;
}

/** A route that answers a CSV file. */
export function AnswersCsv({ name, description, example }: Described): MethodDecorator {
  const named = { type: 'string', pattern: `^attachment; filename="${name}[0-9-]+\\.csv"$` } as const;
  return applyDecorators(
    ApiResponse({
      ...{ status: 200, description },
      headers: { 'Content-Disposition': { description: `The name of the file: \`${name}…\`.`, schema: named } },
      content: { 'text/csv': { schema: { type: 'string', format: 'binary' }, example } },
    }),
  );
}

/** As fast as it is taken. What fails before the first byte has an answer of its own. */
export async function sendCsv(
  request: Request,
  response: Response,
  { name, rows, bom = false }: { readonly name: string; readonly rows: AsyncGenerator<string>; readonly bom?: boolean },
): Promise<void> {
  const first = await rows.next();
  response.set({ 'Content-Type': TYPE, 'Content-Disposition': contentDisposition(`${name}.csv`) });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  allowSlowTransfer(request, response);
  const all = async function* (): AsyncGenerator<string> {
    yield (bom ? BOM : '') + (first.done === true ? '' : String(first.value));
    yield* rows;
  };
  // Who hangs up, or a database that does, ends the exchange: there is nobody left to tell.
  await pipeline(Readable.from(all(), { highWaterMark: 1 }), response).catch(() => response.destroy());
}
