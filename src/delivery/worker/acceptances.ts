import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { DeliveriesRepository, type Acceptance } from '../deliveries/deliveries.repository.js';
import { Gathered } from './gathered.js';

/**
 * Writes down what providers took. Calls that were begun together end together, and a commit for each would cost more than
 * the calls: of one client, those that end while one is being written share the next.
 */
@Injectable()
export class Acceptances {
  private readonly ofClients = new Map<string, Gathered<Acceptance, boolean>>();

  constructor(private readonly deliveries: DeliveriesRepository) {}

  async note(tenant: Tenant, accepted: Acceptance): Promise<void> {
    if (!(await this.of(tenant).do(accepted))) {
      // Something else is known of it already, or somebody holds it: nobody else waits for that.
      await this.deliveries.accept(tenant, accepted);
    }
  }

  private of(tenant: Tenant): Gathered<Acceptance, boolean> {
    const known = this.ofClients.get(tenant.clientId);
    if (known) {
      return known;
    }
    const made = new Gathered<Acceptance, boolean>(
      async (those) => {
        const noted = await this.deliveries.acceptTogether(tenant, those);
        return those.map(({ id }) => noted.has(id));
      },
      () => this.ofClients.delete(tenant.clientId),
    );
    this.ofClients.set(tenant.clientId, made);
    return made;
  }
}
