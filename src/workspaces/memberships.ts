import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Role } from '../platform/common/tenancy/roles.js';
import { MembershipsRepository, type Standing, type WorkspaceOfUser } from './memberships.repository.js';

/** Milliseconds. A lost role must stop within five seconds everywhere; the rest is for the look-up itself. */
const TTL_MS = 4_000;
const MAX_KEPT = 10_000;

/** Who is what in which workspace; kept for a few seconds, as each request of a user asks. */
@Injectable()
export class Memberships {
  private readonly kept = new LRUCache<string, Standing>({ max: MAX_KEPT, ttl: TTL_MS });
  private readonly listeners = new Set<() => void>();
  private timesForgotten = 0;

  constructor(private readonly memberships: MembershipsRepository) {}

  /** Null where this user is no member, or the workspace is disabled, or was never there. */
  async find(userId: string, clientId: string): Promise<Standing | null> {
    const name = nameOf(userId, clientId);
    const known = this.kept.get(name);
    if (known) {
      return known;
    }
    const before = this.timesForgotten;
    const found = await this.memberships.find({ clientId }, userId);
    // What changed during the look-up may have been found as it was.
    if (found !== null && before === this.timesForgotten) {
      this.kept.set(name, found);
    }
    return found;
  }

  async roleOf(userId: string, clientId: string): Promise<Role | null> {
    return (await this.find(userId, clientId))?.role ?? null;
  }

  /** All workspaces of a user, the newest membership first. */
  listOf(userId: string): Promise<readonly WorkspaceOfUser[]> {
    return this.memberships.listOf(userId);
  }

  /** To be called after what changes who is what; other processes learn it from their next look-up. */
  forget(): void {
    this.timesForgotten += 1;
    this.kept.clear();
    this.listeners.forEach((listener) => listener());
  }

  /** `listener` runs when somebody may have lost a role; for what stays open, such as sockets. */
  onForget(listener: () => void): void {
    this.listeners.add(listener);
  }
}

function nameOf(userId: string, clientId: string): string {
  return `${userId} ${clientId}`;
}
