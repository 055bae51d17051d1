import {
  applyDecorators,
  Inject,
  mixin,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { catchError, type Observable } from 'rxjs';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { linkBaseOf } from '../../../platform/common/http/base-url.js';
import { StatusResult } from '../../../platform/common/http/status-result.js';
import { parseRef, type ObjectRef } from '../../../platform/common/ids/object-ref.js';
import type { IdKind } from '../../../platform/common/ids/type-id.js';
import { authOf } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';

/** Who knows what was merged into what. */
interface Merges {
  /** The number of what it is part of now. */
  findMerged(tenant: Tenant, ref: ObjectRef): Promise<number | null>;
}

/** In `/api/v1/contacts/42`. */
const ID_AT = 4;
const SAYS = 'It was merged into another, to which `Location` leads.';

/**
 * A GET whose `id` may have been merged into another: 301, to the same of that. Other methods answer 404: who changes or deletes
 * has to say what. The last decorator of a list, as what is answered is no page of one.
 */
export function LeadsOn(merges: Type<Merges>, typeId: IdKind): MethodDecorator {
  return applyDecorators(
    UseInterceptors(leadingBy(merges, typeId)),
    ApiResponse({
      status: 301,
      description: SAYS,
      headers: {
        Location: { description: 'Where it is.', schema: { type: 'string', format: 'uri-reference' } },
      },
      schema: {
        type: 'object',
        required: ['message'],
        properties: {
          message: { type: 'string', maxLength: 512, description: 'What became of it.', example: 'Moved.' },
        },
      },
    }),
  );
}

function leadingBy(merges: Type<Merges>, typeId: IdKind): Type<NestInterceptor> {
  class MergedInterceptor implements NestInterceptor {
    constructor(@Inject(merges) private readonly merged: Merges) {}

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      return next.handle().pipe(catchError((error: unknown) => this.leadOn(context, error)));
    }

    private async leadOn(context: ExecutionContext, error: unknown): Promise<StatusResult<object>> {
      const request = context.switchToHttp().getRequest<Request<{ id: string }>>();
      const ref = parseRef(typeId, request.params.id);
      const number =
        error instanceof Refusal && error.kind === 'not_found' && ref !== null
          ? await this.merged.findMerged(authOf(context).tenant, ref)
          : null;
      if (number === null) {
        throw error;
      }
      const [path = '', ...query] = request.originalUrl.split('?');
      const there = path.split('/').with(ID_AT, String(number)).join('/');
      const response = context.switchToHttp().getResponse<Response>();
      response.setHeader('Location', [`${linkBaseOf(request)}${there}`, ...query].join('?'));
      return new StatusResult(301, { message: 'Moved.' });
    }
  }
  return mixin(MergedInterceptor);
}
