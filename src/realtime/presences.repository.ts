import { Injectable } from '@nestjs/common';
import type { Tenant } from '../common/tenancy/tenant.js';
import { Database } from '../database/database.js';
import { TenantRepository } from '../database/tenant.repository.js';
import { Replicas } from '../jobs/replicas.js';

/** STAND-IN: the real one replaces it at the merge. */
export interface PresentMember {
  readonly customerId: string;
  readonly name: string;
}

@Injectable()
export class PresencesRepository extends TenantRepository {
  constructor(
    database: Database,
    private readonly replicas: Replicas,
  ) {
    super(database);
  }

  async join(tenant: Tenant, channelId: string, customerId: string): Promise<boolean> {
    await this.replicas.register();
    const text = `
      WITH member AS (SELECT FROM channel_members WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3),
      joined AS (
        INSERT INTO presences (client_id, channel_id, customer_id, replica_id) SELECT $1, $2, $3, $4 FROM member
        ON CONFLICT DO NOTHING)
      SELECT 1 AS one FROM member`;
    const name = 'stand_in.join';
    return (await this.rows(tenant, { name, text }, channelId, customerId, this.replicas.id)).length === 1;
  }

  async leave(tenant: Tenant, channelId: string, customerId: string): Promise<void> {
    const text = `DELETE FROM presences WHERE client_id = $1 AND channel_id = $2 AND customer_id = $3 AND replica_id = $4`;
    await this.rows(tenant, { name: 'stand_in.leave', text }, channelId, customerId, this.replicas.id);
  }

  list(tenant: Tenant, channelId: string): Promise<PresentMember[]> {
    const text = `
      SELECT DISTINCT p.customer_id AS "customerId", c.name FROM presences p
      JOIN customers c ON c.client_id = $1 AND c.id = p.customer_id
      WHERE p.client_id = $1 AND p.channel_id = $2`;
    return this.rows<PresentMember & Record<string, unknown>>(tenant, { name: 'stand_in.list', text }, channelId);
  }
}
