import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { LayerSocket, PacketType } from './layer-socket.js';
import type { PacketBody } from './packet-body.js';

type Sockets = Set<LayerSocket>;

/** The sockets of this process that speak Layer's protocol, by client and customer. */
@Injectable()
export class LayerRooms {
  private readonly clients = new Map<string, Map<string, Sockets>>();

  enter(socket: LayerSocket): void {
    const { clientId } = socket.client;
    const customers = this.clients.get(clientId) ?? new Map<string, Sockets>();
    this.clients.set(clientId, customers);
    const sockets = customers.get(socket.customerId) ?? new Set();
    customers.set(socket.customerId, sockets);
    sockets.add(socket);
  }

  leave(socket: LayerSocket): void {
    const { clientId } = socket.client;
    const customers = this.clients.get(clientId);
    const sockets = customers?.get(socket.customerId);
    sockets?.delete(socket);
    if (sockets?.size === 0) {
      customers!.delete(socket.customerId);
      if (customers!.size === 0) {
        this.clients.delete(clientId);
      }
    }
  }

  /** Null where no socket of the client is here. */
  tenantOf(clientId: string): Tenant | null {
    const [sockets] = this.clients.get(clientId)?.values() ?? [];
    const [socket] = sockets ?? [];
    return socket?.client ?? null;
  }

  customersOf(clientId: string): string[] {
    return [...(this.clients.get(clientId)?.keys() ?? [])];
  }

  /** Those of the customers who have a socket here. */
  customersAmong(clientId: string, customerIds: readonly string[]): string[] {
    const customers = this.clients.get(clientId);
    return customers ? customerIds.filter((id) => customers.has(id)) : [];
  }

  /** The customers with a socket that has asked for presence. */
  presenceSubscribersOf(clientId: string): string[] {
    return this.customersOf(clientId).filter((id) =>
      [...this.socketsOf(clientId, id)].some((socket) => socket.isSubscribedToPresence),
    );
  }

  socketsOf(clientId: string, customerId: string): Iterable<LayerSocket> {
    return this.clients.get(clientId)?.get(customerId) ?? [];
  }

  endAllOf(clientId: string): void {
    for (const customerId of this.customersOf(clientId)) {
      for (const socket of this.socketsOf(clientId, customerId)) {
        socket.end('goingDown', 'Please catch up');
      }
    }
  }

  /** @param seq of the event, where one is the cause */
  publish(clientId: string, customerIds: Iterable<string>, type: PacketType, body: PacketBody, seq?: number): void {
    for (const customerId of customerIds) {
      for (const socket of this.socketsOf(clientId, customerId)) {
        socket.send(type, body, seq);
      }
    }
  }
}
