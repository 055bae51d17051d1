import { Injectable } from '@nestjs/common';
import type { Client } from '../clients/client.entity.js';
import type { Role } from '../platform/common/tenancy/roles.js';
import { Database, type Holder } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import { slicedOf, type NumberedRow, type Slice, type Sliced } from '../platform/database/numbered-list.js';
import type { WorkspaceSettings } from './workspace-settings.entity.js';
import { COUNT_OWNED, FIND_WORKSPACE, LIST_WORKSPACES, LOCK_OWNER, SUMMARISE_WORKSPACE } from './workspaces.sql.js';

/** A workspace, as one of its members sees it. */
export type WorkspaceRow = Pick<
  Client,
  'id' | 'name' | 'livemode' | 'publicKey' | 'domain' | 'allowedSubdomains' | 'allowedIps' | 'createdAt'
> &
  Pick<WorkspaceSettings, 'defaultCountry' | 'timezone' | 'smartEncoding' | 'optOut' | 'asksForRatings'> & {
    readonly role: Role;
  };
/** A workspace, whoever looks at it. */
export interface WorkspaceSummary
  extends
    Pick<Client, 'id' | 'name' | 'createdAt'>,
    Pick<WorkspaceSettings, 'defaultCountry' | 'timezone' | 'smartEncoding' | 'asksForRatings'> {
  readonly number: number;
  readonly contacts: number;
  readonly conversations: number;
  readonly members: number;
}
type Row<T> = T & Record<string, unknown>;

@Injectable()
export class WorkspacesRepository extends TenantRepository {
  constructor(private readonly anywhere: Database) {
    super(anywhere);
  }

  async find(workspace: Holder, userId: string): Promise<WorkspaceRow | null> {
    return (await this.rows<Row<WorkspaceRow>>(workspace, FIND_WORKSPACE, userId))[0] ?? null;
  }

  async summarise(workspace: Holder): Promise<WorkspaceSummary | null> {
    return (await this.rows<Row<WorkspaceSummary>>(workspace, SUMMARISE_WORKSPACE))[0] ?? null;
  }

  async listOf(userId: string, { limit, offset }: Slice): Promise<Sliced<WorkspaceRow>> {
    const values = [userId, limit, offset];
    return slicedOf(await this.anywhere.acrossTenants<Row<NumberedRow<WorkspaceRow>>>(LIST_WORKSPACES, values));
  }

  /** Until the end of the transaction nobody else adds to what this user owns. */
  async countOwned(userId: string): Promise<number> {
    await this.anywhere.acrossTenants(LOCK_OWNER, [userId]);
    return (await this.anywhere.acrossTenants<{ owned: number }>(COUNT_OWNED, [userId]))[0]!.owned;
  }

  inTransaction<T>(workspace: Holder, work: () => Promise<T>): Promise<T> {
    return this.anywhere.transaction(workspace, work);
  }
}
