import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../errors/refusal.js';

/** The setting of Express that holds `PUBLIC_URL`. */
export const PUBLIC_URL = 'public url';

/** What to put before a path of this server so that whoever asks can follow it: `PUBLIC_URL`, or how it reached us. */
export const BaseUrl = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  baseUrlOf(context.switchToHttp().getRequest<Request>()),
);

/** The same for links in errors: no more than a path where the Host is what was refused. */
export function linkBaseOf(request: Request): string {
  try {
    return baseUrlOf(request);
  } catch {
    return '';
  }
}

/** @throws Refusal 400 where the Host is none */
export function baseUrlOf(request: Request): string {
  const fixed = request.app.get(PUBLIC_URL) as string | undefined;
  if (fixed !== undefined) {
    return fixed;
  }
  // Some proxies say of a socket that it came by ws or wss.
  const asked = `${request.protocol.replace(/^ws/, 'http')}://${request.host}`;
  // A Host can be anything; what is more than an authority would lead elsewhere.
  if (!URL.canParse(asked) || new URL(asked).href !== `${new URL(asked).origin}/`) {
    throw new Refusal('malformed', 'Malformed Host header');
  }
  return new URL(asked).origin;
}
