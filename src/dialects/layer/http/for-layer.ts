import { SetMetadata, applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';
import { ToleratesUnknownQuery } from '../../../platform/common/fields/unknown-query.js';
import { baseUrlOf } from '../../../platform/common/http/base-url.js';
import { ACCESS, FOR_CUSTOMERS, ForEverybody, type Access } from '../../../platform/common/tenancy/access.js';
import { MOUNTED_AT } from './is-for-layer.js';

/** A customer's session, as Layer's SDKs send it. No key gets in here. */
export const ForLayer = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { for: 'tenant', scope: null } satisfies Access),
    SetMetadata(FOR_CUSTOMERS, true),
    ApiSecurity({ layer_session: [] }),
    ToleratesUnknownQuery(),
  );

/** Before anybody has said who they are. */
export const ForAnyLayerApp = (): MethodDecorator => applyDecorators(ForEverybody(), ToleratesUnknownQuery());

/** Where this dialect is mounted, as the caller sees it: `https://host/layer`. */
export const LayerBase = createParamDecorator((_: unknown, context: ExecutionContext): string => layerBaseOf(context));

function layerBaseOf(context: ExecutionContext): string {
  return baseUrlOf(context.switchToHttp().getRequest<Request>()) + MOUNTED_AT;
}

/** Who asks: a session of this dialect is always a customer's. */
export const Viewer = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { auth } = context.switchToHttp().getRequest<Request>();
  if (auth?.customerId == null) {
    throw new Error('A route that is not for Layer asked whose session it is.');
  }
  return auth.customerId;
});

/** The body as it came, for those that are arrays; a DTO is an object. */
export const GivenBody = createParamDecorator(
  (_: unknown, context: ExecutionContext): unknown => context.switchToHttp().getRequest<Request>().body,
);
