import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Visitor } from '../sessions/user-sessions.js';

/** Where a request comes from, for the list of somebody's sessions. */
export const Visiting = createParamDecorator((_: unknown, context: ExecutionContext): Visitor => {
  const { ip, headers } = context.switchToHttp().getRequest<Request>();
  return { address: ip, userAgent: headers['user-agent'] };
});
