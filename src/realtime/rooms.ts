import { Injectable } from '@nestjs/common';
import type { KnownClient } from '../clients/clients.service.js';
import type { ChannelName } from './channel-name.js';
import type { Message } from './message.js';
import type { Socket } from './socket.js';

/** The sockets of this process that are subscribed to one channel. */
interface Room {
  readonly name: ChannelName;
  readonly sockets: Set<Socket>;
}

/** Who in this process hears what. */
@Injectable()
export class Rooms {
  private readonly clients = new Map<string, Map<string, Room>>();

  enter(socket: Socket, name: ChannelName): void {
    const { clientId } = socket.client;
    const rooms = this.clients.get(clientId) ?? new Map<string, Room>();
    this.clients.set(clientId, rooms);
    const room = rooms.get(name.text) ?? { name, sockets: new Set() };
    rooms.set(name.text, room);
    room.sockets.add(socket);
  }

  leave(socket: Socket, name: ChannelName): void {
    const rooms = this.clients.get(socket.client.clientId);
    const room = rooms?.get(name.text);
    room?.sockets.delete(socket);
    if (room?.sockets.size === 0) {
      rooms!.delete(name.text);
      if (rooms!.size === 0) {
        this.clients.delete(socket.client.clientId);
      }
    }
  }

  /** Null where no socket of the client is subscribed to anything. */
  clientOf(clientId: string): KnownClient | null {
    const [room] = this.clients.get(clientId)?.values() ?? [];
    const [socket] = room?.sockets ?? [];
    return socket?.client ?? null;
  }

  /** The customers whose own channel somebody here is subscribed to. */
  customersOf(clientId: string): string[] {
    const rooms = [...(this.clients.get(clientId)?.values() ?? [])];
    return rooms.flatMap(({ name }) => (name.kind === 'customer' ? [name.id] : []));
  }

  socketsIn(clientId: string, channel: string): Socket[] {
    return [...(this.clients.get(clientId)?.get(channel)?.sockets ?? [])];
  }

  send(clientId: string, channel: string, message: Message, except?: Socket): void {
    const sockets = this.clients.get(clientId)?.get(channel)?.sockets;
    if (!sockets) {
      return;
    }
    const frame = message.frameFor(channel);
    for (const socket of sockets) {
      if (socket !== except) {
        socket.send(frame);
      }
    }
  }
}
