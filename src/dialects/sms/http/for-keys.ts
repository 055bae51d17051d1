import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ACCESS, REQUIRED_SCOPE, type Access } from '../../../platform/common/tenancy/access.js';
import type { Scope } from '../../../platform/common/tenancy/scopes.js';

/** A secret key of the workspace that holds this scope, alone. */
export const ForKeys = (scope: Scope): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { for: 'tenant', scope } satisfies Access),
    ApiExtension(REQUIRED_SCOPE, scope),
    ApiSecurity({ api_key: [] }),
  );
