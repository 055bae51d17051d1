import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiHeader, ApiSecurity } from '@nestjs/swagger';
import type { NamedLimit } from '../../../platform/common/rate-limit/named-limits.js';
import {
  ACCESS,
  FOR_CUSTOMERS,
  REQUIRED_ROLE,
  REQUIRED_SCOPE,
  type Access,
} from '../../../platform/common/tenancy/access.js';
import type { Role } from '../../../platform/common/tenancy/roles.js';
import type { EngagementScope } from '../../../platform/common/tenancy/scopes.js';
import { REF_PATTERN } from './object-param.js';

/** In the document: what else the requests of an operation are taken of. */
export const LIMITED_BY = 'x-limited-by';

/** Whoever may be known here. Made anew for each route: these decorators remember where they were. */
function byCallers(): MethodDecorator[] {
  return [
    ...[ApiSecurity({ user_session: [] }), ApiSecurity({ personal_token: [] }), ApiSecurity({ api_key: [] })],
    ApiHeader({
      name: 'X-Workspace-Id',
      required: false,
      description:
        'With a session of a user: the id of the workspace, if not the active one. Tokens and keys are for one workspace.',
      schema: { type: 'string', pattern: REF_PATTERN },
    }),
  ];
}

interface AllowsOptions {
  /** What its requests are taken of besides. */
  readonly limit?: NamedLimit;
  /** Whether a session of a customer, too, may enter. */
  readonly customers?: boolean;
}

/**
 * Callers in a workspace whose token holds this scope and whose role there is at least this.
 * @param scope null: any token is enough
 */
export function Allows(
  scope: EngagementScope | null,
  role: Role,
  { limit, customers = false }: AllowsOptions = {},
): MethodDecorator {
  return applyDecorators(
    SetMetadata(ACCESS, { for: 'workspace', scope, role, ...(limit ? { limit } : {}) } satisfies Access),
    ...(scope === null ? [] : [ApiExtension(REQUIRED_SCOPE, scope)]),
    ApiExtension(REQUIRED_ROLE, role),
    ...(limit ? [ApiExtension(LIMITED_BY, limit)] : []),
    ...byCallers(),
    ...(customers ? [SetMetadata(FOR_CUSTOMERS, true), ApiSecurity({ session_token: [] })] : []),
  );
}

/** Whoever is on a page of the workspace's, by its public key and the page's Origin. */
export function AllowsPages(limit?: NamedLimit): MethodDecorator {
  return applyDecorators(
    SetMetadata(ACCESS, { for: 'page', ...(limit ? { limit } : {}) } satisfies Access),
    ...(limit ? [ApiExtension(LIMITED_BY, limit)] : []),
    ApiSecurity({ public_key: [] }),
  );
}

/** Whoever is known, with a workspace or without. */
export function AllowsCallers(): MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS, { for: 'caller' } satisfies Access), ...byCallers());
}
