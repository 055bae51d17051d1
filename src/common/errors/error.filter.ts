import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { WrittenAnswer } from '../http/answer.js';
import { allowedMethods } from '../http/allowed-methods.js';
import { refusalForDatabase } from './database-failure.js';
import { errorBody, statusOf } from './error-body.js';
import { Refusal } from './refusal.js';

/** The one way out for whatever goes wrong: callers learn what they can act on, the log learns the rest. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Request');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const refusal = this.refusalFor(error, request);
    const [status, body] = refusal
      ? [statusOf(refusal), errorBody(refusal, request.id)]
      : [500, { error: failureOf(request), code: 'internal_error', request_id: request.id }];
    if (refusal) {
      setHeaders(response, refusal);
    }
    if (status >= 500) {
      this.logger.error(
        `${request.id} ${request.method} ${(request.route as { path: string } | undefined)?.path ?? ''} → ${status}`,
        stackOf(error),
      );
    }
    new WrittenAnswer(status, JSON.stringify(body)).send(response);
  }

  private refusalFor(error: unknown, request: Request): Refusal | null {
    if (error instanceof Refusal) {
      return error;
    }
    if (error instanceof NotFoundException) {
      return unknownRoute(request);
    }
    if (error instanceof URIError || (error instanceof HttpException && error.getStatus() === 400)) {
      return new Refusal('malformed', 'malformed', 'Malformed request');
    }
    return refusalForDatabase(error, !['GET', 'HEAD'].includes(request.method));
  }
}

/** Nest raises NotFoundException only for what no route matched; ours is a Refusal. */
function unknownRoute(request: Request): Refusal {
  const allow = allowedMethods(request);
  return allow.length === 0
    ? new Refusal('not_found', 'not_found', 'Route not found')
    : new Refusal('method_not_allowed', 'method_not_allowed', 'Method not allowed', { allow });
}

/** "Send message" → "Failed to send message. Please try again." */
function failureOf({ purpose }: Request): string {
  const what = purpose ? purpose.charAt(0).toLowerCase() + purpose.slice(1) : 'answer';
  return `Failed to ${what}. Please try again.`;
}

function setHeaders(response: Response, { kind, details }: Refusal): void {
  if (kind === 'unauthorized') {
    response.setHeader('WWW-Authenticate', 'Bearer');
  }
  if (kind === 'upgrade_required') {
    response.setHeader('Upgrade', 'websocket');
  }
  if (details.retryAfter !== undefined) {
    response.setHeader('Retry-After', String(details.retryAfter));
  }
  if (details.allow) {
    response.setHeader('Allow', details.allow.join(', '));
  }
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : String(error);
}
