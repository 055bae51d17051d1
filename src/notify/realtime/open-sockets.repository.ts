import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { CLOSE, FIND_STATUSES, OPEN, SET_STATUS } from './open-sockets.sql.js';

export interface OpenSocketRow {
  readonly id: string;
  readonly customerId: string;
}

@Injectable()
export class OpenSocketsRepository extends TenantRepository {
  constructor(
    database: Database,
    private readonly replicas: Replicas,
  ) {
    super(database);
  }

  async open(tenant: Tenant, rows: readonly OpenSocketRow[]): Promise<void> {
    await this.rows(tenant, OPEN, ...columnsOf(rows), this.replicas.id);
  }

  async close(tenant: Tenant, rows: readonly OpenSocketRow[]): Promise<void> {
    await this.rows(tenant, CLOSE, ...columnsOf(rows));
  }

  async setStatus(tenant: Tenant, customerId: string, status: string): Promise<void> {
    await this.rows(tenant, SET_STATUS, customerId, status);
  }

  async findStatuses(tenant: Tenant, customerIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.rows<{ customerId: string; status: string }>(tenant, FIND_STATUSES, customerIds);
    return new Map(rows.map(({ customerId, status }) => [customerId, status]));
  }
}

function columnsOf(rows: readonly OpenSocketRow[]): [string[], string[]] {
  return [rows.map(({ id }) => id), rows.map(({ customerId }) => customerId)];
}
