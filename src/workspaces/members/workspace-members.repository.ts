import { Injectable } from '@nestjs/common';
import type { Role } from '../../platform/common/tenancy/roles.js';
import { Database, type Holder } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { slicedOf, type NumberedRow, type Slice, type Sliced } from '../../platform/database/numbered-list.js';
import { GET_MEMBER, LIST_MEMBERS } from './workspace-members.sql.js';

export interface MemberRow {
  /** Of the user. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly joinedAt: Date;
  readonly twoFactor: boolean;
  readonly lastSeenAt: Date | null;
}

@Injectable()
export class WorkspaceMembersRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async list(workspace: Holder, { limit, offset }: Slice): Promise<Sliced<MemberRow>> {
    return slicedOf(
      await this.rows<NumberedRow<MemberRow> & Record<string, unknown>>(workspace, LIST_MEMBERS, limit, offset),
    );
  }

  async get(workspace: Holder, userId: string): Promise<MemberRow | undefined> {
    const [member] = await this.rows<MemberRow & Record<string, unknown>>(workspace, GET_MEMBER, userId);
    return member;
  }
}
