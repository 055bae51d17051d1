import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { forbidden } from '../errors/refusal.js';
import { refuseUnknownQuery } from '../fields/unknown-query.js';
import { purposeOf } from '../openapi/operation.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { ACCESS, isForCustomers, type Access } from './access.js';
import { ALL_CREDENTIALS, OperatorCredentials, type Credentials } from './credentials.js';
import { grants } from './scopes.js';

/** The one door. Closed by default: a route opens it by naming who may enter. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(ALL_CREDENTIALS) private readonly credentials: readonly Credentials[],
    private readonly operator: OperatorCredentials,
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
      case 'tenant': {
        const auth = await this.limits.countingFailures(request, (asStranger) =>
          this.credentialsOf(request).admit(request, asStranger),
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

  private credentialsOf(request: Request): Credentials {
    return this.credentials.find((credentials) => credentials.recognises(request))!;
  }
}
