import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { CustomerSessionsService } from '../../../customers/sessions/customer-sessions.service.js';
import type { CustomerProfile } from '../../../customers/customer.entity.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { IdentityTokensService, invalidToken, type ProvenIdentity } from './identity-tokens.service.js';
import { NoncesService } from './nonces.service.js';

/** Seconds. */
const LIFETIME_SECONDS = 30 * 86_400;

/** Sessions of whoever brings an identity token. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly tokens: IdentityTokensService,
    private readonly nonces: NoncesService,
    private readonly customers: CustomersService,
    private readonly sessions: CustomerSessionsService,
  ) {}

  /**
   * The token of a new session. Who was not known is a customer from now on.
   * @throws LayerRefusal invalid_property
   */
  async create(tenant: Tenant, identityToken: string): Promise<string> {
    const identity = await this.tokens.read(tenant, identityToken);
    // Last of all that is asked: whoever can't sign must not be able to use up somebody else's nonce.
    if (!(await this.nonces.take(identity.nonce))) {
      throw invalidToken('its nonce was never given, was used before, or is older than ten minutes.');
    }
    const id = await this.customerOf(tenant, identity);
    return (await this.sessions.create(tenant, id, LIFETIME_SECONDS, 'layer')).token;
  }

  /** Ends a session. */
  end(tenant: Tenant, customerId: string, sessionId: string): Promise<void> {
    return this.sessions.revoke(tenant, customerId, sessionId);
  }

  private async customerOf(tenant: Tenant, identity: ProvenIdentity): Promise<string> {
    const { userId } = identity;
    const known = (await this.customers.findByUserIds(tenant, [userId])).get(userId);
    const customer = known ?? (await this.customers.resolve(tenant, [userId])).get(userId)!;
    const [name, profile] = [nameIn(identity), profileIn(identity)];
    await this.customers.updateProfile(tenant, customer.id, {
      ...(name === undefined ? {} : { name }),
      ...(Object.keys(profile).length === 0 ? {} : { profile: { ...customer.profile, ...profile } }),
    });
    return customer.id;
  }
}

function nameIn({ displayName, firstName, lastName }: ProvenIdentity): string | undefined {
  return displayName ?? ([firstName, lastName].filter((part) => part !== undefined).join(' ') || undefined);
}

function profileIn({ firstName, lastName, avatarUrl }: ProvenIdentity): CustomerProfile {
  return {
    ...(firstName === undefined ? {} : { first_name: firstName }),
    ...(lastName === undefined ? {} : { last_name: lastName }),
    ...(avatarUrl === undefined ? {} : { avatar_url: avatarUrl }),
  };
}
