import { Injectable } from '@nestjs/common';
import {
  WorkspaceAudiences,
  type WorkspaceAudience,
  type WorkspaceEvent,
} from '../../../notify/realtime/workspace-audiences.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { UiSocket } from './ui-socket.js';

/** The subscribed sockets of this process, by workspace. */
@Injectable()
export class UiRooms implements WorkspaceAudience {
  private readonly rooms = new Map<string, Set<UiSocket>>();

  constructor(audiences: WorkspaceAudiences) {
    audiences.add(this);
  }

  enter(socket: UiSocket, { clientId }: Tenant): void {
    const room = this.rooms.get(clientId) ?? new Set();
    this.rooms.set(clientId, room);
    room.add(socket);
  }

  leave(socket: UiSocket, { clientId }: Tenant): void {
    const room = this.rooms.get(clientId);
    room?.delete(socket);
    if (room?.size === 0) {
      this.rooms.delete(clientId);
    }
  }

  workspaces(): string[] {
    return [...this.rooms.keys()];
  }

  tenantOf(clientId: string): Tenant | null {
    const [socket] = this.rooms.get(clientId) ?? [];
    return socket?.client ?? null;
  }

  publish(clientId: string, event: WorkspaceEvent): void {
    const room = this.rooms.get(clientId);
    if (room) {
      const frame = JSON.stringify(event);
      room.forEach((socket) => socket.tell(event.id, frame));
    }
  }
}
