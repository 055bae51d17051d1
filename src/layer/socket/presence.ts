import { Injectable, Logger } from '@nestjs/common';
import type { Tenant } from '../../common/tenancy/tenant.js';
import { CustomersService } from '../../customers/customers.service.js';
import { OpenSockets } from '../../realtime/open-sockets.js';
import { userIdOf } from '../identity.presenter.js';
import { identityUri, parseUserId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';
import { AudienceRepository } from './audience.repository.js';
import { LayerRooms } from './layer-rooms.js';
import type { LayerSocket } from './layer-socket.js';
import { set, updated, type PatchOperation } from './packets.js';
import type { CustomerRow } from './surroundings.js';

/** As a client says it, and as it is kept; null: as it was, or available. */
const STATUSES: ReadonlyMap<unknown, string | null> = new Map([
  ['auto', null],
  ['available', 'available'],
  ['busy', 'busy'],
  ['away', 'away'],
  ['offline', 'invisible'],
  ['invisible', 'invisible'],
]);
const OFFLINE = 'offline';
const MAX_IDS = 500;

/** What an SDK reads as a packet, within the answer to a request. */
export interface ChangeBody {
  readonly operation: 'update';
  readonly object: { readonly type: 'Identity'; readonly id: string };
  readonly data: readonly PatchOperation[];
}

/** Who is there, and what they say of themselves, told to those who share a conversation with them or follow them. */
@Injectable()
export class Presence {
  private readonly logger = new Logger('Presence');

  constructor(
    private readonly openSockets: OpenSockets,
    private readonly audience: AudienceRepository,
    private readonly customers: CustomersService,
    private readonly rooms: LayerRooms,
  ) {
    openSockets.onChange((clientId, customerIds) => {
      this.tell(clientId, customerIds).catch((error: unknown) => {
        this.logger.warn(`Who is there was not told: ${(error as Error).message}`);
      });
    });
  }

  subscribe(socket: LayerSocket): void {
    socket.isSubscribedToPresence = true;
  }

  /** @param operations as Layer's patches have it: sets `status` */
  async update({ client, customerId }: LayerSocket, operations: unknown): Promise<void> {
    const [first, ...rest] = Array.isArray(operations) ? (operations as readonly unknown[]) : [];
    const { operation, property, value } = (first ?? {}) as Partial<PatchOperation>;
    if (rest.length > 0 || operation !== 'set' || property !== 'status' || !STATUSES.has(value)) {
      const says = `must be one operation that sets status to one of ${[...STATUSES.keys()].join(', ')}.`;
      throw new LayerRefusal('invalid_property', `The data field ${says}`, { property: 'data' });
    }
    const status = STATUSES.get(value);
    if (status != null) {
      await this.openSockets.setStatus(client, customerId, status);
    }
  }

  /** How things are with those named; or, since some moment, with all that this process knows to have changed: nobody. */
  async sync({ client, customerId }: LayerSocket, data: unknown): Promise<{ readonly changes: readonly ChangeBody[] }> {
    const { ids = [] } = (data ?? {}) as { readonly ids?: unknown };
    const userIds = Array.isArray(ids)
      ? ids
          .slice(0, MAX_IDS)
          .map(parseUserId)
          .filter((id) => id !== null)
      : [];
    const named = [...(await this.customers.findByUserIds(client, userIds)).values()];
    const known = await this.audience.findAcquainted(
      client,
      named.map(({ id }) => id),
      [customerId],
    );
    const visible = new Set([customerId, ...known.map((one) => one.customerId)]);
    const rows = named.filter(({ id }) => visible.has(id));
    return { changes: await this.changesOf(client, rows) };
  }

  private async tell(clientId: string, customerIds: readonly string[]): Promise<void> {
    const tenant = this.rooms.tenantOf(clientId);
    const viewers = this.rooms.presenceSubscribersOf(clientId);
    if (!tenant || viewers.length === 0) {
      return;
    }
    const acquainted = await this.audience.findAcquainted(tenant, customerIds, viewers);
    const known = [...new Set(acquainted.map(({ customerId }) => customerId))];
    const rows = known.length > 0 ? await this.customers.findMany(tenant, known) : [];
    const changes = await this.changesOf(tenant, rows);
    rows.forEach((row, at) => {
      const { object, data } = changes[at]!;
      const to = acquainted.filter(({ customerId }) => customerId === row.id).map(({ viewerId }) => viewerId);
      for (const viewerId of new Set(to)) {
        for (const socket of this.rooms.socketsOf(clientId, viewerId)) {
          if (socket.isSubscribedToPresence) {
            socket.tell('change', updated('Identity', object.id, data));
          }
        }
      }
    });
  }

  private async changesOf(tenant: Tenant, rows: readonly CustomerRow[]): Promise<ChangeBody[]> {
    const statuses = await this.openSockets.findStatuses(
      tenant,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => ({
      operation: 'update',
      object: { type: 'Identity', id: identityUri(userIdOf(row)) },
      data: operationsOf(statuses.get(row.id) ?? 'invisible', row),
    }));
  }
}

/** Who is invisible looks like somebody who is not there. */
function operationsOf(status: string, { lastSeenAt }: CustomerRow): PatchOperation[] {
  return [
    set('presence.status', status === 'invisible' ? OFFLINE : status),
    ...(lastSeenAt ? [set('presence.last_seen_at', lastSeenAt.toISOString())] : []),
  ];
}
