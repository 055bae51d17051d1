import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { RequestHandler } from 'express';
import type { ErrorDialect } from '../platform/common/errors/error-dialect.js';
import type { ScannedRoutes } from '../platform/common/openapi/scan.js';
import type { Credentials } from '../platform/common/tenancy/credentials.js';

/** Another language for the same customers, channels and messages: all that the application has to know of one. */
export interface Dialect {
  /** What readers choose its document by; the first word is in that document's address. */
  readonly name: string;
  /** Where its routes begin: `/layer`. */
  readonly mountedAt: readonly string[];
  /** Exports `credentials` and `errors`. */
  readonly module: Type;
  /** Its own way to say who is asking; absent, the core's. */
  readonly credentials?: Type<Credentials>;
  /** Its own way to tell errors; absent, the core's. */
  readonly errors?: Type<ErrorDialect>;
  /** Makes the OpenAPI document of its routes; absent, they stand in the core's. */
  readonly document?: (routes: ScannedRoutes) => OpenAPIObject;
  /** What is different about its requests before they are read and routed like any other; it sees all requests. */
  readonly edge?: RequestHandler;
}
