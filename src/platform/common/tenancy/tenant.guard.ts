import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { forbidden, notFound } from '../errors/refusal.js';
import { refuseUnknownQuery } from '../fields/unknown-query.js';
import { checkUiOrigin } from '../http/ui-origin.js';
import { parseId } from '../ids/type-id.js';
import { purposeOf } from '../openapi/operation.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import type { NamedLimit } from '../rate-limit/named-limits.js';
import { AccessRefusal } from './access-refusal.js';
import { ACCESS, isForCustomers, WORKSPACE_ID, type Access } from './access.js';
import {
  ALL_CREDENTIALS,
  OperatorCredentials,
  PageCredentials,
  type AuthContext,
  type Credentials,
} from './credentials.js';
import { isAtLeast } from './roles.js';
import { grants } from './scopes.js';
import { UserCredentials, type CurrentUser } from './user-credentials.js';
import { WorkspaceCredentials, type WorkspaceCaller } from './workspace-credentials.js';

/** The one door. Closed by default: a route opens it by naming who may enter. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(ALL_CREDENTIALS) private readonly credentials: readonly Credentials[],
    private readonly operator: OperatorCredentials,
    private readonly users: UserCredentials,
    private readonly callers: WorkspaceCredentials,
    private readonly pages: PageCredentials,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    request.purpose = purposeOf(context.getHandler());
    switch (access?.for) {
      case 'everybody':
        return true;
      case 'operator':
        await this.limits.countingFailures(request, () => this.operator.admit(request));
        refuseUnknownQuery(context, request);
        return true;
      case 'page': {
        const page = await this.limits.countingFailures(
          request,
          (asStranger) => this.pages.admit(request, asStranger),
          { response },
        );
        request.clientId = page.clientId;
        await this.limits.takeOnPage(page, request, response, access.limit);
        refuseUnknownQuery(context, request);
        request.page = page;
        return true;
      }
      case 'stranger':
        await this.limits.takeAsStranger(request, response);
        checkUiOrigin(request);
        refuseUnknownQuery(context, request);
        return true;
      case 'user':
        await this.admitUser(request, response);
        refuseUnknownQuery(context, request);
        return true;
      case 'member': {
        const user = await this.admitUser(request, response);
        const workspaceId = parseId('client', String(request.params[WORKSPACE_ID]));
        if (workspaceId === null) {
          throw notFound('workspace');
        }
        const auth = await this.users.enter(user, workspaceId);
        request.clientId = auth.tenant.clientId;
        if (!isAtLeast(auth.role, access.role)) {
          throw forbidden(`Needs the role ${access.role}`);
        }
        refuseUnknownQuery(context, request);
        request.auth = auth;
        return true;
      }
      case 'caller':
        await this.admitCaller(request, response);
        refuseUnknownQuery(context, request);
        return true;
      case 'workspace': {
        const { auth } = await this.admitCaller(request, response, access.limit);
        if (auth === null) {
          throw new AccessRefusal({ workspace: true });
        }
        if (auth.customerId !== null && !isForCustomers(context)) {
          throw forbidden('Not allowed for a customer session');
        }
        if (auth.customerId === null) {
          checkStanding(auth, access);
        }
        refuseUnknownQuery(context, request);
        request.auth = auth;
        return true;
      }
      case 'tenant': {
        const credentials = this.credentialsOf(request);
        const auth = await this.limits.countingFailures(
          request,
          (asStranger) => credentials.admit(request, asStranger),
          { response: credentials.tellsStrangers ? response : undefined },
        );
        request.clientId = auth.tenant.clientId;
        await this.limits.take(auth, response);
        if (auth.customerId !== null && !isForCustomers(context)) {
          throw forbidden('Not allowed for a customer session');
        }
        if (auth.customerId === null && access.scope && !grants(auth.scopes, access.scope)) {
          throw forbidden(`Missing scope: ${access.scope}`);
        }
        refuseUnknownQuery(context, request);
        request.auth = auth;
        return true;
      }
      default:
        throw new Error(`${context.getClass().name}.${context.getHandler().name} does not say who may enter.`);
    }
  }

  /** Known first, then counted, and only then asked whether its page may ask. */
  private async admitUser(request: Request, response: Response): Promise<CurrentUser> {
    const user = await this.limits.countingFailures(request, (asStranger) => this.users.admit(request, asStranger), {
      response,
    });
    await this.limits.takeOfUser(user, response);
    checkUiOrigin(request);
    request.user = user;
    return user;
  }

  /** As above; whether it has a workspace is the route's to ask. */
  private async admitCaller(request: Request, response: Response, limit?: NamedLimit): Promise<WorkspaceCaller> {
    const caller = await this.limits.countingFailures(
      request,
      (asStranger) => this.callers.admit(request, asStranger),
      { response },
    );
    request.clientId = caller.auth?.tenant.clientId;
    await this.limits.takeOfCaller(caller, response, limit);
    this.callers.checkOrigin(request, caller);
    request.caller = caller;
    return caller;
  }

  private credentialsOf(request: Request): Credentials {
    return this.credentials.find((credentials) => credentials.recognises(request))!;
  }
}

/** Its scopes, then its role. @throws Refusal 403 */
function checkStanding({ scopes, role }: AuthContext, access: Extract<Access, { for: 'workspace' }>): void {
  if (access.scope !== null && !scopes.includes(access.scope) && !scopes.includes('*')) {
    throw new AccessRefusal({ scope: access.scope });
  }
  if (role === undefined || !isAtLeast(role, access.role)) {
    throw new AccessRefusal({ role: access.role });
  }
}
