import { SetMetadata, applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Admission } from './credentials.js';
import type { Scope } from './scopes.js';
import type { Tenant } from './tenant.js';

/** Who may enter a route. A route that says nothing admits nobody. */
export type Access =
  | { readonly for: 'tenant'; readonly scope: Scope | null }
  | { readonly for: 'operator' }
  | { readonly for: 'everybody' };

export const ACCESS = 'parlance:access';
const open = (access: Access) => SetMetadata(ACCESS, access);

/** Secret keys of a client that hold this scope. */
export const Requires = (scope: Scope): MethodDecorator =>
  applyDecorators(open({ for: 'tenant', scope }), ApiSecurity({ secret_key: [], public_key: [] }));

/** Any secret key of a client, whatever its scopes. */
export const RequiresAnyKey = (): MethodDecorator =>
  applyDecorators(open({ for: 'tenant', scope: null }), ApiSecurity({ secret_key: [], public_key: [] }));

export const FOR_CUSTOMERS = 'parlance:customers';

/** Also a customer's session. What it may see and do here is narrowed by the service, which is told who asks. */
export const AlsoForCustomers = (): MethodDecorator =>
  applyDecorators(SetMetadata(FOR_CUSTOMERS, true), ApiSecurity({ session_token: [] }));

export function isForCustomers(context: ExecutionContext): boolean {
  return Reflect.getMetadata(FOR_CUSTOMERS, context.getHandler()) === true;
}

/** The operator, by `ADMIN_KEY`. */
export const ForOperator = (): MethodDecorator & ClassDecorator =>
  applyDecorators(open({ for: 'operator' }), ApiSecurity({ admin_key: [] }));

export const ForEverybody = (): MethodDecorator & ClassDecorator => open({ for: 'everybody' });

/** Who the guard admitted, and by whose leave. */
export const CurrentAdmission = createParamDecorator((_: unknown, context: ExecutionContext): Admission =>
  admissionOf(context),
);

/** The tenant that the guard admitted. */
export const CurrentTenant = createParamDecorator(
  (_: unknown, context: ExecutionContext): Tenant => admissionOf(context).tenant,
);

/** The customer whose session asks; null where the client itself does. */
export const CurrentCustomer = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | null => admissionOf(context).customerId,
);

function admissionOf(context: ExecutionContext): Admission {
  const { admission } = context.switchToHttp().getRequest<Request>();
  if (!admission) {
    throw new Error('A route that is not for tenants asked for the tenant.');
  }
  return admission;
}
