import { Injectable } from '@nestjs/common';
import { ticks } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { Bus, type Signal } from '../../platform/cluster/bus.js';
import { parseChannelName } from './channel-name.js';
import { PusherFrame } from './pusher-frame.js';
import { PusherRooms } from './pusher-rooms.js';
import { CLOSE, type PusherSocket } from './pusher-socket.js';
import { Typing, type Typed } from '../../notify/realtime/typing.js';

const MAX_DATA_BYTES = 10 * 1024;
const MAX_EVENT_NAME = 200;

/** Client events that are also typing indicators. */
const TYPING: ReadonlyMap<string, Typed['action']> = new Map([
  ['client-typing', 'started'],
  ['client-typing-stopped', 'finished'],
]);

type ClientEvent = Extract<Signal, { readonly kind: 'client_event' }>;

/** Passes client events on to the other subscribers of a channel. They are not stored. */
@Injectable()
export class ClientEvents {
  constructor(
    private readonly rooms: PusherRooms,
    private readonly typing: Typing,
    private readonly bus: Bus,
  ) {
    bus.onSignal((signal) => {
      if (signal.kind === 'client_event') {
        this.publish(signal);
      }
    });
  }

  relay(socket: PusherSocket, event: string, channel: unknown, data: unknown): void {
    const name = typeof channel === 'string' ? socket.subscriptions.get(channel) : undefined;
    if (!name) {
      socket.sendError('A client event needs a subscription to its channel', CLOSE.unauthorized);
    } else if (!socket.maySendEvents) {
      socket.sendError('A client event needs a key with the scope messages:write', CLOSE.unauthorized);
    } else if (!socket.clientEvents.take(ticks())) {
      socket.sendError('Not more than 10 client events per second', CLOSE.tooFast);
    } else if (event.length > MAX_EVENT_NAME || bytesOf(data) > MAX_DATA_BYTES) {
      socket.sendError('A client event has at most 10 KB', CLOSE.tooFast);
    } else {
      const { clientId } = socket.client;
      const userId = socket.owner!.customerId;
      const signal = { kind: 'client_event', clientId, channel: name.text, event, data, userId } as const;
      this.publish(signal, socket);
      this.bus.send(signal);
      const action = TYPING.get(event);
      if (action !== undefined && userId !== null && (name.kind === 'channel' || name.kind === 'presence')) {
        this.typing.notify({ clientId, channelId: name.id, customerId: userId, action }, socket);
      }
    }
  }

  private publish({ clientId, channel, event, data, userId }: ClientEvent, except?: PusherSocket): void {
    const name = parseChannelName(channel)!;
    const from = name.kind === 'presence' && userId !== null ? formatId('customer', userId) : undefined;
    this.rooms.publish(clientId, channel, new PusherFrame(event, data ?? null, from), except);
  }
}

function bytesOf(data: unknown): number {
  return Buffer.byteLength(typeof data === 'string' ? data : (JSON.stringify(data) ?? ''));
}
