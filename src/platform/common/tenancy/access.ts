import { SetMetadata, applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiExtension, ApiParam, ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';
import { exampleId, idOrUuidPattern } from '../ids/type-id.js';
import type { NamedLimit } from '../rate-limit/named-limits.js';
import type { AuthContext } from './credentials.js';
import type { Role } from './roles.js';
import { grants, readingOf, type EngagementScope, type Scope } from './scopes.js';
import type { Tenant } from './tenant.js';
import type { CurrentUser, MemberAuth } from './user-credentials.js';
import type { WorkspaceCaller } from './workspace-credentials.js';

/** Who may enter a route. A route that says nothing admits nobody. */
export type Access =
  | { readonly for: 'tenant'; readonly scope: Scope | null }
  | { readonly for: 'operator' }
  /** A user's session, about no workspace in particular. */
  | { readonly for: 'user' }
  /** A user's session in the workspace that the path names as `workspaceId`. */
  | { readonly for: 'member'; readonly role: Role }
  /**
   * Whoever may act in the workspace that its token or `X-Workspace-Id` names: a user by session or personal token, or a
   * secret key.
   */
  | {
      readonly for: 'workspace';
      readonly scope: EngagementScope | null;
      readonly role: Role;
      /** What else its requests are taken of. */
      readonly limit?: NamedLimit;
    }
  /** The same callers, whether or not they have a workspace. */
  | { readonly for: 'caller' }
  /** Whoever is on a page of a client's: counted by address, and by what else is said here. */
  | { readonly for: 'page'; readonly limit?: NamedLimit }
  /** Somebody who has yet to say who it is: counted by address. */
  | { readonly for: 'stranger' }
  | { readonly for: 'everybody' };

export const ACCESS = 'parlance:access';
const open = (access: Access) => SetMetadata(ACCESS, access);

/** In the document: which scope an operation needs; null where any key will do. */
export const REQUIRED_SCOPE = 'x-required-scope';

/** Secret keys of a client that hold this scope. */
export const Requires = (scope: Scope): MethodDecorator =>
  applyDecorators(
    open({ for: 'tenant', scope }),
    ApiExtension(REQUIRED_SCOPE, scope),
    ApiSecurity({ secret_key: [], public_key: [] }),
  );

/** Any secret key of a client, whatever its scopes. */
export const RequiresAnyKey = (): MethodDecorator =>
  applyDecorators(
    open({ for: 'tenant', scope: null }),
    ApiExtension(REQUIRED_SCOPE, null),
    ApiSecurity({ secret_key: [], public_key: [] }),
  );

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

/** A user's session, whatever its workspaces. */
export const ForUsers = (): MethodDecorator =>
  applyDecorators(open({ for: 'user' }), ApiSecurity({ user_session: [] }));

/** In the document: what a user must at least be in the workspace. */
export const REQUIRED_ROLE = 'x-required-role';
export const WORKSPACE_ID = 'workspaceId';

/** A user who is at least this in the workspace that the path names. */
export const RequiresRole = (role: Role): MethodDecorator =>
  applyDecorators(
    open({ for: 'member', role }),
    ApiExtension(REQUIRED_ROLE, role),
    ApiSecurity({ user_session: [] }),
    ApiParam({
      name: WORKSPACE_ID,
      description: 'The id of the workspace, or its bare UUID.',
      schema: { type: 'string', pattern: idOrUuidPattern('client'), example: exampleId('client') },
    }),
  );

/** Whoever is about to say who it is. */
export const ForStrangers = (): MethodDecorator => open({ for: 'stranger' });

export const ForEverybody = (): MethodDecorator & ClassDecorator => open({ for: 'everybody' });

/** Who the guard admitted, and by whose leave. */
export const CurrentAuth = createParamDecorator((_: unknown, context: ExecutionContext): AuthContext =>
  authOf(context),
);

/** The tenant that the guard admitted. */
export const CurrentTenant = createParamDecorator(
  (_: unknown, context: ExecutionContext): Tenant => authOf(context).tenant,
);

/** The client whose page the guard admitted. */
export const CurrentPage = createParamDecorator((_: unknown, context: ExecutionContext): Tenant => {
  const { page } = context.switchToHttp().getRequest<Request>();
  if (!page) {
    throw new Error('A route that is not for pages asked for one.');
  }
  return page;
});

/** The user whose session the guard admitted. */
export const SignedInUser = createParamDecorator((_: unknown, context: ExecutionContext): CurrentUser => {
  const { user } = context.switchToHttp().getRequest<Request>();
  if (!user) {
    throw new Error('A route that is not for users asked for the user.');
  }
  return user;
});

/** Who the guard admitted to a route for callers, with or without a workspace. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): WorkspaceCaller => {
  const { caller } = context.switchToHttp().getRequest<Request>();
  if (!caller) {
    throw new Error('A route that is not for callers asked for one.');
  }
  return caller;
});

/** The user whose session the guard admitted, as a member of the workspace. */
export const CurrentMember = createParamDecorator((_: unknown, context: ExecutionContext): MemberAuth => {
  const auth = authOf(context);
  if (auth.userId === undefined || auth.role === undefined) {
    throw new Error('A route that is not for members asked for one.');
  }
  return { ...auth, userId: auth.userId, role: auth.role };
});

/** The customer whose session asks; null where the client itself does. */
export const CurrentCustomer = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | null => authOf(context).customerId,
);

/** Whether who asks may also read such things. A customer sees what is its own, whatever a key would need for it. */
export const MayRead = createParamDecorator((scope: Scope, context: ExecutionContext): boolean =>
  mayRead(authOf(context), scope),
);

/** Whether who asks may read what this route writes; else its answer shows nothing that was stored before. */
export function mayReadToo(context: ExecutionContext): boolean {
  const access = Reflect.getMetadata(ACCESS, context.getHandler()) as Access | undefined;
  const scope = access?.for === 'tenant' ? access.scope : null;
  return scope === null || mayRead(authOf(context), readingOf(scope));
}

function mayRead({ customerId, scopes }: AuthContext, scope: Scope): boolean {
  return customerId !== null || grants(scopes, scope);
}

export function authOf(context: ExecutionContext): AuthContext {
  const { auth } = context.switchToHttp().getRequest<Request>();
  if (!auth) {
    throw new Error('A route that is not for tenants asked for the tenant.');
  }
  return auth;
}
