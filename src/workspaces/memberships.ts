import { Injectable } from '@nestjs/common';
import { ShortMemory } from '../platform/common/short-memory.js';
import type { Role } from '../platform/common/tenancy/roles.js';
import {
  MembershipsRepository,
  type FoundStanding,
  type WorkspaceOfUser,
  type WorkspaceSite,
} from './memberships.repository.js';

export type { FoundStanding, WorkspaceOfUser };

/** Who is what in which workspace; kept for a few seconds, as each request of a user asks. */
@Injectable()
export class Memberships {
  private readonly kept = new ShortMemory<FoundStanding>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly memberships: MembershipsRepository) {}

  /** Null where this user is no member, or the workspace is disabled, or was never there. */
  find(userId: string, clientId: string): Promise<FoundStanding | null> {
    return this.kept.find(`${userId} ${clientId}`, () => this.memberships.find({ clientId }, userId));
  }

  async roleOf(userId: string, clientId: string): Promise<Role | null> {
    return (await this.find(userId, clientId))?.role ?? null;
  }

  /** The workspace that a user chose, else its newest; null where it has none. Whether it is still in it, `find` says. */
  activeOf(userId: string): Promise<string | null> {
    return this.memberships.findActive(userId);
  }

  /** The workspace that a user names by its number; null where it is none of its own. */
  numberedOf(userId: string, number: number): Promise<string | null> {
    return this.memberships.findByNumber(userId, number);
  }

  /** All workspaces of a user, the newest membership first. */
  listOf(userId: string): Promise<readonly WorkspaceOfUser[]> {
    return this.memberships.listOf(userId);
  }

  /** Where the pages of a user's workspaces are. */
  sitesOf(userId: string): Promise<readonly WorkspaceSite[]> {
    return this.memberships.listSites(userId);
  }

  /** To be called after what changes who is what; other processes learn it from their next look-up. */
  forget(): void {
    this.kept.forget();
    this.listeners.forEach((listener) => listener());
  }

  /** `listener` runs when somebody may have lost a role; for what stays open, such as sockets. */
  onForget(listener: () => void): void {
    this.listeners.add(listener);
  }
}
