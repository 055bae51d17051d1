import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { JOIN, LEAVE, LIST } from './presences.sql.js';

export interface PresentMember {
  readonly customerId: string;
  readonly name: string;
}

/** Who is subscribed to which presence channel. A process writes its own rows and reads everybody's. */
@Injectable()
export class PresencesRepository extends TenantRepository {
  constructor(
    database: Database,
    private readonly replicas: Replicas,
  ) {
    super(database);
  }

  /** False: not a member of the channel. */
  async join(tenant: Tenant, channelId: string, customerId: string): Promise<boolean> {
    const row = await this.row<{ isMember: boolean }>(tenant, JOIN, channelId, customerId, this.replicas.id);
    return row!.isMember;
  }

  async leave(tenant: Tenant, channelId: string, customerId: string): Promise<void> {
    await this.row(tenant, LEAVE, channelId, customerId, this.replicas.id);
  }

  list(tenant: Tenant, channelId: string): Promise<PresentMember[]> {
    return this.rows<PresentMember & Record<string, unknown>>(tenant, LIST, channelId);
  }
}
