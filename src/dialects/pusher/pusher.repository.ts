import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import { CLAIM_SOCKET, FIND_ACCESS, FIND_MEMBERS, FIND_OWNER, FIND_WATCHERS } from './pusher.sql.js';
import type { Holder, Owner } from './pusher-socket.js';

/** What decides whether a channel may be subscribed to. */
export interface Access {
  readonly isChannel: boolean;
  readonly isCustomer: boolean;
  /** The customer's name, where it is in the channel. */
  readonly memberName: string | null;
}

/** A customer in a channel, with what it has not read there and in all its channels. */
export interface Watcher {
  readonly channelId: string;
  readonly customerId: string;
  readonly joinedPosition: number;
  readonly unread: number;
  readonly totalUnread: number;
}

@Injectable()
export class PusherRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  async findAccess(tenant: Tenant, channelId: string | null, customerId: string | null): Promise<Access> {
    return (await this.row<Access & Record<string, unknown>>(tenant, FIND_ACCESS, channelId, customerId))!;
  }

  /** False where the socket is somebody else's. */
  async claim(tenant: Tenant, socketId: string, { sessionId, customerId, apiKeyId, userId }: Owner): Promise<boolean> {
    return (await this.rows(tenant, CLAIM_SOCKET, socketId, sessionId, customerId, apiKeyId, userId)).length === 1;
  }

  /** Null where nobody has authorized this socket, or that session or key was revoked. */
  async findOwner(
    tenant: Tenant,
    socketId: string,
    channelId: string | null,
  ): Promise<(Holder & { readonly isMember: boolean }) | null> {
    return (await this.row<Holder & { isMember: boolean }>(tenant, FIND_OWNER, socketId, channelId)) ?? null;
  }

  async findWatchers(
    tenant: Tenant,
    channelIds: readonly string[],
    customerIds: readonly string[],
  ): Promise<Watcher[]> {
    return this.rows<Watcher & Record<string, unknown>>(tenant, FIND_WATCHERS, channelIds, customerIds);
  }

  async findMembers(tenant: Tenant, channelIds: readonly string[]): Promise<string[]> {
    const rows = await this.rows<{ customerId: string }>(tenant, FIND_MEMBERS, channelIds);
    return rows.map(({ customerId }) => customerId);
  }
}
