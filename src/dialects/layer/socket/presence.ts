import { Injectable, Logger } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { OpenSockets } from '../../../notify/realtime/open-sockets.js';
import { userIdOf } from '../identity.presenter.js';
import { identityUri, parseUserId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';
import { AudienceRepository } from './audience.repository.js';
import { LayerRooms } from './layer-rooms.js';
import type { LayerSocket } from './layer-socket.js';
import { set, updated, type PatchOperation } from './packets.js';
import type { CustomerRow } from './event-context.js';

/** What an app may set, and what is stored; null leaves it unchanged. */
const STATUSES: ReadonlyMap<unknown, string | null> = new Map([
  ['auto', null],
  ['available', 'available'],
  ['busy', 'busy'],
  ['away', 'away'],
  ['offline', 'invisible'],
  ['invisible', 'invisible'],
]);
const OFFLINE = 'offline';
const INVISIBLE = 'invisible';
const MAX_IDS = 500;
const MAX_ACQUAINTED = 5_000;

/** A change as in a packet, inside the answer to a request. */
export interface ChangeBody {
  readonly operation: 'update';
  readonly object: { readonly type: 'Identity'; readonly id: string };
  readonly data: readonly PatchOperation[];
}

/** Who is online, and with which status; sent to those who share a conversation with them or follow them. */
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
      this.publishChanges(clientId, customerIds).catch((error: unknown) => {
        this.logger.warn(`A change of presence was not sent: ${(error as Error).message}`);
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

  /** The presence of those named; for an app that comes back (`since` some moment), of all whom it may see. */
  async sync({ client, customerId }: LayerSocket, data: unknown): Promise<{ readonly changes: readonly ChangeBody[] }> {
    const { ids, since } = (data ?? {}) as { readonly ids?: unknown; readonly since?: unknown };
    const rows = Array.isArray(ids)
      ? await this.knownOf(client, customerId, ids.slice(0, MAX_IDS))
      : since === undefined
        ? []
        : await this.customers.findMany(client, await this.audience.listAcquainted(client, customerId, MAX_ACQUAINTED));
    const presences = await this.presencesOf(client, rows);
    return { changes: presences.map((presence) => changeFor(presence, customerId)) };
  }

  private async knownOf(client: Tenant, customerId: string, ids: readonly unknown[]): Promise<CustomerRow[]> {
    const userIds = ids.map(parseUserId).filter((id) => id !== null);
    const named = [...(await this.customers.findByUserIds(client, userIds)).values()];
    const known = await this.audience.findAcquainted(
      client,
      named.map(({ id }) => id),
      [customerId],
    );
    const visible = new Set([customerId, ...known.map((one) => one.customerId)]);
    return named.filter(({ id }) => visible.has(id));
  }

  /** To those who may see them, and to themselves: one may have several pages open. */
  private async publishChanges(clientId: string, customerIds: readonly string[]): Promise<void> {
    const tenant = this.rooms.tenantOf(clientId);
    const viewers = this.rooms.presenceSubscribersOf(clientId);
    if (!tenant || viewers.length === 0) {
      return;
    }
    const acquainted = await this.audience.findAcquainted(tenant, customerIds, viewers);
    const own = customerIds.filter((id) => viewers.includes(id));
    const audience = [...acquainted, ...own.map((id) => ({ customerId: id, viewerId: id }))];
    const known = [...new Set(audience.map(({ customerId }) => customerId))];
    const rows = known.length > 0 ? await this.customers.findMany(tenant, known) : [];
    for (const presence of await this.presencesOf(tenant, rows)) {
      const to = audience.filter(({ customerId }) => customerId === presence.row.id).map(({ viewerId }) => viewerId);
      for (const viewerId of new Set(to)) {
        const { object, data } = changeFor(presence, viewerId);
        for (const socket of this.rooms.socketsOf(clientId, viewerId)) {
          if (socket.isSubscribedToPresence) {
            socket.send('change', updated('Identity', object.id, data));
          }
        }
      }
    }
  }

  private async presencesOf(tenant: Tenant, rows: readonly CustomerRow[]): Promise<CustomerPresence[]> {
    const statuses = await this.openSockets.findStatuses(
      tenant,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => ({ row, status: statuses.get(row.id) ?? OFFLINE }));
  }
}

interface CustomerPresence {
  readonly row: CustomerRow;
  readonly status: string;
}

/** To others an invisible customer looks offline. */
function changeFor({ row, status }: CustomerPresence, viewerId: string): ChangeBody {
  const shown = status === INVISIBLE && row.id !== viewerId ? OFFLINE : status;
  return {
    operation: 'update',
    object: { type: 'Identity', id: identityUri(userIdOf(row)) },
    data: [
      set('presence.status', shown),
      ...(row.lastSeenAt ? [set('presence.last_seen_at', row.lastSeenAt.toISOString())] : []),
    ],
  };
}
