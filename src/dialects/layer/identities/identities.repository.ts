import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import type { PageRow } from '../../../platform/database/page-rows.js';
import type { Statement } from '../../../platform/database/statement.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import { LayerPage, unknownFromId } from '../http/layer-page.js';
import type { FullIdentityRow } from './identity-row.js';
import { FIND_FOLLOW, FIND_KNOWN, FOLLOW, LIST_FOLLOWED, LIST_KNOWN, UNFOLLOW } from './identities.sql.js';

@Injectable()
export class IdentitiesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** @throws LayerRefusal invalid_property */
  listKnown(
    tenant: Tenant,
    viewer: string,
    limit: number,
    startingAfter?: string,
  ): Promise<LayerPage<FullIdentityRow>> {
    return this.identities(tenant, LIST_KNOWN, limit, startingAfter, viewer);
  }

  /** @throws LayerRefusal invalid_property */
  listFollowed(
    tenant: Tenant,
    viewer: string,
    limit: number,
    startingAfter?: string,
  ): Promise<LayerPage<FullIdentityRow>> {
    return this.identities(tenant, LIST_FOLLOWED, limit, startingAfter, viewer);
  }

  async follow(tenant: Tenant, viewer: string, ids: readonly string[]): Promise<void> {
    await this.row(tenant, FOLLOW, viewer, ids);
  }

  async unfollow(tenant: Tenant, viewer: string, id: string): Promise<void> {
    await this.row(tenant, UNFOLLOW, viewer, id);
  }

  async follows(tenant: Tenant, viewer: string, id: string): Promise<boolean> {
    return (await this.row(tenant, FIND_FOLLOW, viewer, id)) !== undefined;
  }

  async knows(tenant: Tenant, viewer: string, id: string): Promise<boolean> {
    return (await this.row(tenant, FIND_KNOWN, viewer, id)) !== undefined;
  }

  private async identities(
    tenant: Tenant,
    statement: Statement,
    ...values: [limit: number, startingAfter: string | undefined, viewer: string]
  ): Promise<LayerPage<FullIdentityRow>> {
    const rows = await this.rows<PageRow<FullIdentityRow>>(tenant, statement, ...values);
    const { totalCount, cursorFound } = rows[0]!;
    if (!cursorFound) {
      throw unknownFromId();
    }
    return new LayerPage(
      rows.filter(({ id }) => id !== null),
      totalCount,
    );
  }
}
