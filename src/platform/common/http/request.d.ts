import type { IncomingMessage } from 'node:http';
import type { AuthContext } from '../tenancy/credentials.js';
import type { Tenant } from '../tenancy/tenant.js';
import type { CurrentUser } from '../tenancy/user-credentials.js';
import type { WorkspaceCaller } from '../tenancy/workspace-credentials.js';

declare global {
  /** The place where Express lets a request carry more. */
  namespace Express {
    interface Request {
      /** `req_…`, or the caller's own `X-Request-Id`. */
      id: string;
      /** How its body is read, where not as JSON; set by the edge of a dialect. */
      readBody?: (request: IncomingMessage) => Promise<object>;
      /** What the route does, in the words of its summary; for the text of a 500. */
      purpose?: string;
      /** Whose request this is, allowed or not; for the log. */
      clientId?: string;
      /** Who may act here; set by the TenantGuard. */
      auth?: AuthContext;
      /** Whose session asks; set by the TenantGuard. */
      user?: CurrentUser;
      /** Who asks where a token alone names the workspace; set by the TenantGuard. */
      caller?: WorkspaceCaller;
      /** Whose page asks, where anybody on it may; set by the TenantGuard. */
      page?: Tenant;
    }
  }
}
