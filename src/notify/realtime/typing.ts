import { Injectable, Logger } from '@nestjs/common';
import { formatId } from '../../platform/common/ids/type-id.js';
import { Bus, type Signal } from '../../platform/cluster/bus.js';
import { channelRoom, clientRoom, customerRoom } from '../../dialects/pusher/channel-name.js';
import { PusherFrame } from '../../dialects/pusher/pusher-frame.js';
import { PusherRepository } from '../../dialects/pusher/pusher.repository.js';
import { PusherRooms } from '../../dialects/pusher/pusher-rooms.js';
import type { PusherSocket } from '../../dialects/pusher/pusher-socket.js';

/** Somebody types in a channel, rests there, or has done. */
export type Typed = Omit<Extract<Signal, { readonly kind: 'typing' }>, 'kind'>;

/**
 * Who is typing, of whichever dialect, told in the server's own words, which nobody can forge. Nothing of it is kept.
 */
@Injectable()
export class Typing {
  private readonly logger = new Logger('Typing');
  private readonly listeners: ((typed: Typed) => Promise<void>)[] = [];

  constructor(
    private readonly realtime: PusherRepository,
    private readonly rooms: PusherRooms,
    private readonly bus: Bus,
  ) {
    bus.onSignal((signal) => {
      if (signal.kind === 'typing') {
        this.hear(signal);
      }
    });
    this.onTyped((typed) => this.tellMembers(typed));
  }

  /** `listener` hears of what happens at every process. */
  onTyped(listener: (typed: Typed) => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** @param by the socket that said it, where it spoke Pusher: its channel is not told its own word */
  tell(typed: Typed, by?: PusherSocket): void {
    this.hear(typed, by);
    this.bus.send({ ...typed, kind: 'typing' });
  }

  private hear(typed: Typed, by?: PusherSocket): void {
    const { clientId, channelId } = typed;
    const message = messageOf(typed);
    this.rooms.publish(clientId, channelRoom(channelId), message, by);
    this.rooms.publish(clientId, clientRoom, message);
    for (const listener of this.listeners) {
      listener(typed).catch((error: unknown) => {
        this.logger.warn(`Who is typing was not told: ${(error as Error).message}`);
      });
    }
  }

  private async tellMembers(typed: Typed): Promise<void> {
    const { clientId, channelId, customerId } = typed;
    const client = this.rooms.clientOf(clientId);
    if (client && this.rooms.hasCustomers(clientId)) {
      const members = await this.realtime.findMembers(client, [channelId]);
      const message = messageOf(typed);
      for (const id of this.rooms.customersAmong(clientId, members)) {
        if (id !== customerId) {
          this.rooms.publish(clientId, customerRoom(id), message);
        }
      }
    }
  }
}

function messageOf({ channelId, customerId, action }: Typed): PusherFrame {
  return new PusherFrame(action === 'started' ? 'typing.started' : 'typing.stopped', {
    channel_id: formatId('channel', channelId),
    customer_id: formatId('customer', customerId),
  });
}
