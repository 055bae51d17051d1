import { Injectable, Logger } from '@nestjs/common';
import { ticks } from '../common/clock.js';
import { formatId } from '../common/ids/type-id.js';
import { Bus, type Signal } from '../jobs/bus.js';
import { channelRoom, clientRoom, customerRoom, parseChannelName } from './channel-name.js';
import { Message } from './message.js';
import { RealtimeRepository } from './realtime.repository.js';
import { Rooms } from './rooms.js';
import { CLOSE, type Socket } from './socket.js';

const MAX_DATA = 10 * 1024;
const MAX_EVENT = 200;

/** These two are told in the server's own words as well, which nobody can forge. */
const TYPING: ReadonlyMap<string, string> = new Map([
  ['client-typing', 'typing.started'],
  ['client-typing-stopped', 'typing.stopped'],
]);

type ClientEvent = Extract<Signal, { readonly kind: 'client_event' }>;

/** What a socket says to the others on a channel; nothing of it is kept. */
@Injectable()
export class ClientEvents {
  private readonly logger = new Logger('ClientEvents');

  constructor(
    private readonly realtime: RealtimeRepository,
    private readonly rooms: Rooms,
    private readonly bus: Bus,
  ) {
    bus.onSignal((signal) => {
      if (signal.kind === 'client_event') {
        this.tell(signal);
      }
    });
  }

  relay(socket: Socket, event: string, channel: unknown, data: unknown): void {
    const name = typeof channel === 'string' ? socket.subscriptions.get(channel) : undefined;
    if (!name) {
      socket.complain('A client event needs a subscription to its channel', CLOSE.unauthorized);
    } else if (!socket.clientEvents.take(ticks())) {
      socket.complain('Not more than 10 client events per second', CLOSE.tooFast);
    } else if (event.length > MAX_EVENT || Buffer.byteLength(JSON.stringify(data) ?? '') > MAX_DATA) {
      socket.complain('A client event has at most 10 KB', CLOSE.tooFast);
    } else {
      const { clientId } = socket.client;
      const userId = socket.owner!.customerId;
      const signal = { kind: 'client_event', clientId, channel: name.text, event, data, userId } as const;
      this.tell(signal, socket);
      this.bus.send(signal);
    }
  }

  private tell({ clientId, channel, event, data, userId }: ClientEvent, except?: Socket): void {
    const name = parseChannelName(channel)!;
    const from = name.kind === 'presence' && userId !== null ? formatId('customer', userId) : undefined;
    this.rooms.send(clientId, channel, new Message(event, data ?? null, from), except);
    const typing = TYPING.get(event);
    if (typing !== undefined && userId !== null && (name.kind === 'channel' || name.kind === 'presence')) {
      const said = { channel_id: formatId('channel', name.id), customer_id: formatId('customer', userId) };
      const message = new Message(typing, said);
      this.rooms.send(clientId, channelRoom(name.id), message, except);
      this.rooms.send(clientId, clientRoom, message);
      this.tellMembers(clientId, name.id, userId, message).catch((error: unknown) => {
        this.logger.warn(`Who is typing was not told: ${(error as Error).message}`);
      });
    }
  }

  private async tellMembers(clientId: string, channelId: string, userId: string, message: Message): Promise<void> {
    const client = this.rooms.clientOf(clientId);
    const others = this.rooms.customersOf(clientId).filter((id) => id !== userId);
    if (client && others.length > 0) {
      for (const id of await this.realtime.findMembers(client, channelId, others)) {
        this.rooms.send(clientId, customerRoom(id), message);
      }
    }
  }
}
