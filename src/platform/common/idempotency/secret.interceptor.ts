import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { Refusal } from '../errors/refusal.js';

/**
 * Holds that an answer which shows a secret once is kept nowhere. Who names such a request by a key expects it to be
 * answered again, so it is better refused than not heeded.
 */
@Injectable()
export class SecretInterceptor implements NestInterceptor {
  /** @throws Refusal 400 where an Idempotency-Key is given */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.switchToHttp().getRequest<Request>().headers['idempotency-key'] !== undefined) {
      const says = 'Idempotency-Key is not taken here: the answer shows a secret, which is never kept';
      throw new Refusal('idempotency_key_not_taken', says);
    }
    return next.handle();
  }
}
