import { Injectable } from '@nestjs/common';
import type { Site } from '../platform/common/tenancy/origin.js';
import type { Role } from '../platform/common/tenancy/roles.js';
import { Database, type Holder } from '../platform/database/database.js';
import { TenantRepository } from '../platform/database/tenant.repository.js';
import {
  ADD_MEMBER,
  FIND_ACTIVE,
  FIND_BY_NUMBER,
  FIND_MEMBER,
  LIST_OF_USER,
  LIST_SITES,
  LOCK_MEMBERS,
  REMOVE_MEMBER,
  SET_ROLE,
} from './memberships.sql.js';

/** What a user is in a workspace. */
export interface Standing {
  readonly role: Role;
  readonly livemode: boolean;
}

/** The same, with what the workspace is known by. */
export interface FoundStanding extends Standing {
  readonly publicKey: string;
}

/** A workspace, as its members' accounts show it. */
export interface WorkspaceOfUser extends Standing {
  readonly id: string;
  /** For dialects that show integers. */
  readonly number: number;
  readonly name: string;
}

/** Where the pages of a workspace are. */
export interface WorkspaceSite extends Site {
  readonly clientId: string;
}

export interface LockedMember {
  readonly userId: string;
  readonly role: Role;
}

@Injectable()
export class MembershipsRepository extends TenantRepository {
  constructor(private readonly anywhere: Database) {
    super(anywhere);
  }

  async find(workspace: Holder, userId: string): Promise<FoundStanding | null> {
    const [standing] = await this.rows<FoundStanding & Record<string, unknown>>(workspace, FIND_MEMBER, userId);
    return standing ?? null;
  }

  /** Null where the user has none. */
  async findActive(userId: string): Promise<string | null> {
    const [active] = await this.anywhere.acrossTenants<{ clientId: string | null }>(FIND_ACTIVE, [userId]);
    return active?.clientId ?? null;
  }

  /** Null where it is none of this user's. */
  async findByNumber(userId: string, number: number): Promise<string | null> {
    const [found] = await this.anywhere.acrossTenants<{ clientId: string }>(FIND_BY_NUMBER, [userId, number]);
    return found?.clientId ?? null;
  }

  listOf(userId: string): Promise<WorkspaceOfUser[]> {
    return this.anywhere.acrossTenants<WorkspaceOfUser & Record<string, unknown>>(LIST_OF_USER, [userId]);
  }

  listSites(userId: string): Promise<WorkspaceSite[]> {
    return this.anywhere.acrossTenants<WorkspaceSite & Record<string, unknown>>(LIST_SITES, [userId]);
  }

  async add(workspace: Holder, userId: string, role: Role): Promise<boolean> {
    return (await this.rows(workspace, ADD_MEMBER, userId, role)).length > 0;
  }

  /** All owners and these users, until the end of the transaction. */
  lock(workspace: Holder, userIds: readonly string[]): Promise<LockedMember[]> {
    return this.rows<LockedMember & Record<string, unknown>>(workspace, LOCK_MEMBERS, userIds);
  }

  async setRole(workspace: Holder, userId: string, role: Role): Promise<void> {
    await this.rows(workspace, SET_ROLE, userId, role);
  }

  async remove(workspace: Holder, userId: string): Promise<void> {
    await this.rows(workspace, REMOVE_MEMBER, userId);
  }

  inTransaction<T>(workspace: Holder, work: () => Promise<T>): Promise<T> {
    return this.anywhere.transaction(workspace, work);
  }
}
