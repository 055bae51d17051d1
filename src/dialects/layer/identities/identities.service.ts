import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { unknownFromId, type LayerPage } from '../http/layer-page.js';
import type { FullIdentityRow } from './identity-row.js';
import { IdentitiesRepository } from './identities.repository.js';
import { unknownIdentity } from './unknown-identity.js';

export interface IdentitiesPageQuery {
  readonly pageSize: number;
  /** A user id. */
  readonly fromId?: string | null;
}

/** Customers, as those see them who share a conversation with them, or follow them. `viewer` is who asks. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly identities: IdentitiesRepository,
    private readonly customers: CustomersService,
  ) {}

  /** @throws LayerRefusal not_found */
  async get(tenant: Tenant, userId: string): Promise<FullIdentityRow> {
    const found = (await this.customers.findByUserIds(tenant, [userId])).get(userId);
    if (!found) {
      throw unknownIdentity();
    }
    return found;
  }

  /** Whom it follows, and who shares a conversation with it. @throws LayerRefusal invalid_property on `from_id` */
  async listKnown(
    tenant: Tenant,
    viewer: string,
    { pageSize, fromId }: IdentitiesPageQuery,
  ): Promise<LayerPage<FullIdentityRow>> {
    return this.identities.listKnown(tenant, viewer, pageSize, await this.cursor(tenant, fromId));
  }

  /** Whom it follows. @throws LayerRefusal invalid_property on `from_id` */
  async listFollowed(
    tenant: Tenant,
    viewer: string,
    { pageSize, fromId }: IdentitiesPageQuery,
  ): Promise<LayerPage<FullIdentityRow>> {
    return this.identities.listFollowed(tenant, viewer, pageSize, await this.cursor(tenant, fromId));
  }

  /** Whether it may see all of the other: it follows it, shares a conversation with it, or is it. */
  knows(tenant: Tenant, viewer: string, id: string): Promise<boolean> {
    return this.identities.knows(tenant, viewer, id);
  }

  async follows(tenant: Tenant, viewer: string, userId: string): Promise<boolean> {
    return this.identities.follows(tenant, viewer, (await this.get(tenant, userId)).id);
  }

  /** Again, nothing happens. @throws LayerRefusal not_found */
  async follow(tenant: Tenant, viewer: string, userId: string): Promise<void> {
    await this.identities.follow(tenant, viewer, [(await this.get(tenant, userId)).id]);
  }

  /** Those that there are; who is not known yet has nothing to be followed. */
  async followMany(tenant: Tenant, viewer: string, userIds: readonly string[]): Promise<void> {
    const found = await this.customers.findByUserIds(tenant, userIds);
    await this.identities.follow(
      tenant,
      viewer,
      [...found.values()].map(({ id }) => id),
    );
  }

  /** Again, nothing happens. @throws LayerRefusal not_found */
  async unfollow(tenant: Tenant, viewer: string, userId: string): Promise<void> {
    await this.identities.unfollow(tenant, viewer, (await this.get(tenant, userId)).id);
  }

  /** The customer of the user id to start after. */
  private async cursor(tenant: Tenant, userId: string | null | undefined): Promise<string | undefined> {
    if (userId == null) {
      return undefined;
    }
    const found = (await this.customers.findByUserIds(tenant, [userId])).get(userId);
    if (!found) {
      throw unknownFromId();
    }
    return found.id;
  }
}
