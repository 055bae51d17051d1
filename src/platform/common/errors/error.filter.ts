import {
  Catch,
  HttpException,
  Inject,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { WrittenAnswer } from '../http/status-result.js';
import { linkBaseOf } from '../http/base-url.js';
import { allowedMethods } from '../http/routes.js';
import { answerAndHangUp } from '../http/unread-request.js';
import { isUpload } from '../http/upload.js';
import type { RefusalKind } from './error-codes.js';
import { errorBody, statusOf } from './error-body.js';
import { failureOf } from './failure-text.js';
import { ERROR_DIALECTS, type ErrorAnswer, type ErrorDialect } from './error-dialect.js';
import { READ_FAILURE, type ReadFailure } from './read-failure.js';
import { ReasonedRefusal } from './reasons.js';
import { Refusal } from './refusal.js';

const HEADERS: Readonly<Partial<Record<RefusalKind, Readonly<Record<string, string>>>>> = {
  unauthorized: { 'WWW-Authenticate': 'Bearer' },
  upgrade_required: { Upgrade: 'websocket' },
};

/** The one way out for whatever goes wrong: callers learn what they can act on, the log learns the rest. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Request');

  constructor(
    @Inject(ERROR_DIALECTS) private readonly dialects: readonly ErrorDialect[],
    @Inject(READ_FAILURE) private readonly readFailure: ReadFailure,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const dialect = this.dialects.find((one) => one.speaks(request));
    const answer = (what: unknown): void => this.answer(what, dialect, request, response);
    const counted = dialect?.count?.(request, response);
    if (counted) {
      counted.then(() => answer(error), answer);
    } else {
      answer(error);
    }
  }

  private answer(error: unknown, dialect: ErrorDialect | undefined, request: Request, response: Response): void {
    const refusal = this.refusalFor(error, request);
    const { status, body, headers = {} } = dialect?.answer(refusal, request) ?? answerOf(refusal, request);
    Object.entries({ ...headersOf(refusal), ...headers }).forEach(([name, value]) => response.setHeader(name, value));
    if (status >= 500) {
      this.log(error, request, status);
    }
    const answer = new WrittenAnswer(status, JSON.stringify(body));
    if (isUpload(request) && !request.complete) {
      answerAndHangUp(request, response, answer);
    } else {
      answer.send(response);
    }
  }

  /** What we chose to refuse is no fault: it needs no stack. */
  private log(error: unknown, { id, method, route }: Request, status: number): void {
    const what = `${id} ${method} ${(route as { path: string } | undefined)?.path ?? ''} → ${status}`;
    if (error instanceof ReasonedRefusal || (error instanceof Refusal && error.details.isExpected)) {
      this.logger.warn(`${what}: ${error.message}`);
    } else {
      this.logger.error(what, stackOf(error));
    }
  }

  private refusalFor(error: unknown, request: Request): Refusal | null {
    if (error instanceof Refusal) {
      return error;
    }
    if (error instanceof NotFoundException) {
      return unknownRoute(request);
    }
    if (error instanceof URIError || (error instanceof HttpException && error.getStatus() === 400)) {
      return new Refusal('malformed', 'Malformed request');
    }
    return this.readFailure(error, !['GET', 'HEAD'].includes(request.method));
  }
}

/** Nest raises NotFoundException only for what no route matched; ours is a Refusal. */
function unknownRoute(request: Request): Refusal {
  const allow = allowedMethods(request);
  return allow.length === 0
    ? new Refusal('not_found', 'Route not found')
    : new Refusal('method_not_allowed', 'Method not allowed', { allow });
}

/** In the core's own words. */
function answerOf(refusal: Refusal | null, request: Request): ErrorAnswer {
  const shown = refusal ?? new Refusal('internal_error', failureOf(request.purpose));
  return {
    status: statusOf(shown),
    body: errorBody(shown, request.id, linkBaseOf(request)),
    headers: ownHeadersOf(shown),
  };
}

/** RFC 6750, section 3, has a place for what to do about a 401. */
function ownHeadersOf({ kind, details }: Refusal): Readonly<Record<string, string>> {
  return details.advice === undefined
    ? (HEADERS[kind] ?? {})
    : { 'WWW-Authenticate': `Bearer error="invalid_request", error_description="${details.advice}"` };
}

/** What every dialect tells in the same way. */
function headersOf(refusal: Refusal | null): Record<string, string> {
  const { retryAfter, allow } = refusal?.details ?? {};
  return {
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    ...(allow ? { Allow: allow.join(', ') } : {}),
  };
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : String(error);
}
