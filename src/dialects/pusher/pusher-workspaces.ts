import { Injectable } from '@nestjs/common';
import {
  WorkspaceAudiences,
  type WorkspaceAudience,
  type WorkspaceEvent,
} from '../../notify/realtime/workspace-audiences.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { workspaceRoom } from './channel-name.js';
import { PusherFrame } from './pusher-frame.js';
import { PusherRooms } from './pusher-rooms.js';

/** Users who hear of their workspace by this protocol. */
@Injectable()
export class PusherWorkspaces implements WorkspaceAudience {
  constructor(
    private readonly rooms: PusherRooms,
    audiences: WorkspaceAudiences,
  ) {
    audiences.add(this);
  }

  tenantOf(clientId: string): Tenant | null {
    const [socket] = this.rooms.socketsIn(clientId, workspaceRoom(clientId));
    return socket?.client ?? null;
  }

  publish(clientId: string, { type, data }: WorkspaceEvent): void {
    this.rooms.publish(clientId, workspaceRoom(clientId), new PusherFrame(type, data));
  }
}
