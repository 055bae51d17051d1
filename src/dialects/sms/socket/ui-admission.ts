import { Injectable } from '@nestjs/common';
import type { SocketUser } from '../../../notify/realtime/connection.js';
import { Refusal, unauthorized } from '../../../platform/common/errors/refusal.js';
import { parseId } from '../../../platform/common/ids/type-id.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { admitsOrigin } from '../../../platform/common/tenancy/origin.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { UserSessions, type FoundSession } from '../../../users/sessions/user-sessions.js';
import { Memberships } from '../../../workspaces/memberships.js';
import type { Opener } from './ui-socket.js';

export interface Admitted {
  readonly tenant: Tenant;
  readonly user: SocketUser;
}

/** Who may hear of which workspace, from which page. */
@Injectable()
export class UiAdmission {
  constructor(
    private readonly limits: RateLimits,
    private readonly sessions: UserSessions,
    private readonly memberships: Memberships,
  ) {}

  /** Whether a page of one of the user's own workspaces asks. @throws Refusal 429 */
  async admitsPage({ ip, token, origin }: Opener): Promise<boolean> {
    const found = await this.find(ip, token);
    const sites = found ? await this.memberships.sitesOf(found.user.id) : [];
    return sites.some((site) => admitsOrigin(site, origin));
  }

  /** Or why not: the session has ended, or the user is none of the workspace's, or its page is not. @throws Refusal 429 */
  async admit(
    { ip, origin, ...opener }: Opener,
    workspaceId: string,
    token: string | undefined,
  ): Promise<Admitted | 'unauthorized' | 'forbidden'> {
    const found = await this.find(ip, opener.token ?? token ?? null);
    if (!found) {
      return 'unauthorized';
    }
    const [userId, clientId] = [found.user.id, parseId('client', workspaceId)];
    const standing = clientId === null ? null : await this.memberships.find(userId, clientId);
    if (clientId === null || !standing) {
      return 'forbidden';
    }
    if (origin !== undefined) {
      const site = (await this.memberships.sitesOf(userId)).find((one) => one.clientId === clientId);
      if (!site || !admitsOrigin(site, origin)) {
        return 'forbidden';
      }
    }
    return { tenant: { clientId, livemode: standing.livemode }, user: { userId, sessionId: found.session.id } };
  }

  private async find(ip: string | undefined, token: string | null): Promise<FoundSession | null> {
    try {
      return await this.limits.countingFailures({ ip }, async (asStranger) => {
        const found = token === null ? null : await this.sessions.find(token, asStranger);
        if (!found) {
          throw unauthorized('Invalid or ended session');
        }
        return found;
      });
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'unauthorized') {
        return null;
      }
      throw error;
    }
  }
}
