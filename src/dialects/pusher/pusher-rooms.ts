import { Injectable } from '@nestjs/common';
import type { KnownClient } from '../../clients/clients.service.js';
import { customerRoom, type ChannelName } from './channel-name.js';
import type { PusherFrame } from './pusher-frame.js';
import type { PusherSocket } from './pusher-socket.js';
import type { Connection } from '../../notify/realtime/connection.js';

/** The sockets of this process that are subscribed to one channel. */
interface Room {
  readonly name: ChannelName;
  readonly sockets: Set<PusherSocket>;
}

/** The rooms of one client, and how many of them are a customer's own. */
interface ClientRooms {
  readonly rooms: Map<string, Room>;
  ofCustomers: number;
}

/** Which sockets of this process are subscribed to which channel. */
@Injectable()
export class PusherRooms {
  private readonly clients = new Map<string, ClientRooms>();

  enter(socket: PusherSocket, name: ChannelName): void {
    const { clientId } = socket.client;
    const own = this.clients.get(clientId) ?? { rooms: new Map<string, Room>(), ofCustomers: 0 };
    this.clients.set(clientId, own);
    const room = own.rooms.get(name.text);
    if (room) {
      room.sockets.add(socket);
    } else {
      own.rooms.set(name.text, { name, sockets: new Set([socket]) });
      own.ofCustomers += name.kind === 'customer' ? 1 : 0;
    }
  }

  leave(socket: PusherSocket, name: ChannelName): void {
    const own = this.clients.get(socket.client.clientId);
    const room = own?.rooms.get(name.text);
    if (!own || !room?.sockets.delete(socket) || room.sockets.size > 0) {
      return;
    }
    own.rooms.delete(name.text);
    own.ofCustomers -= name.kind === 'customer' ? 1 : 0;
    if (own.rooms.size === 0) {
      this.clients.delete(socket.client.clientId);
    }
  }

  /** Null where no socket of the client is subscribed to anything. */
  clientOf(clientId: string): KnownClient | null {
    const [room] = this.clients.get(clientId)?.rooms.values() ?? [];
    const [socket] = room?.sockets ?? [];
    return socket?.client ?? null;
  }

  /** Whether somebody here is subscribed to the own channel of any customer. */
  hasCustomers(clientId: string): boolean {
    return (this.clients.get(clientId)?.ofCustomers ?? 0) > 0;
  }

  /** Those of the customers whose own channel somebody here is subscribed to. */
  customersAmong(clientId: string, customerIds: readonly string[]): string[] {
    const rooms = this.clients.get(clientId)?.rooms;
    return rooms ? customerIds.filter((id) => rooms.has(customerRoom(id))) : [];
  }

  socketsIn(clientId: string, channel: string): PusherSocket[] {
    return [...(this.clients.get(clientId)?.rooms.get(channel)?.sockets ?? [])];
  }

  publish(clientId: string, channel: string, pusherFrame: PusherFrame, except?: Connection): void {
    const sockets = this.clients.get(clientId)?.rooms.get(channel)?.sockets;
    if (!sockets) {
      return;
    }
    const full = pusherFrame.frameFor(channel);
    const withoutEmails = pusherFrame.withoutEmails?.frameFor(channel) ?? full;
    for (const socket of sockets) {
      if (socket !== except) {
        socket.sendFrame(socket.seesEmails ? full : withoutEmails);
      }
    }
  }
}
