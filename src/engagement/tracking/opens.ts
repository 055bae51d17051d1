import { Injectable } from '@nestjs/common';
import { Gathered } from '../../delivery/worker/gathered.js';
import type { Holder } from '../../platform/database/database.js';
import { TrackingRepository, type Open } from './tracking.repository.js';

/**
 * Writes down which mails were shown. After a campaign went out they come many at a time: of one client, those that come while
 * some are being written share the next commit.
 */
@Injectable()
export class Opens {
  private readonly ofClients = new Map<string, Gathered<Open, void>>();

  constructor(private readonly hits: TrackingRepository) {}

  note(tenant: Holder, open: Open): Promise<void> {
    return this.of(tenant).do(open);
  }

  private of(tenant: Holder): Gathered<Open, void> {
    const known = this.ofClients.get(tenant.clientId);
    if (known) {
      return known;
    }
    const made = new Gathered<Open, void>(
      async (opens) => {
        await this.hits.open(tenant, opens);
        return opens.map(() => undefined);
      },
      () => this.ofClients.delete(tenant.clientId),
    );
    this.ofClients.set(tenant.clientId, made);
    return made;
  }
}
