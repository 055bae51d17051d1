import { Injectable } from '@nestjs/common';
import type { Connection } from '../../notify/realtime/connection.js';
import { Typing, type Typed } from '../../notify/realtime/typing.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { channelRoom, clientRoom, customerRoom } from './channel-name.js';
import { PusherFrame } from './pusher-frame.js';
import { PusherRepository } from './pusher.repository.js';
import { PusherRooms } from './pusher-rooms.js';

/** Tells the sockets here who is typing, of whichever dialect that is. */
@Injectable()
export class TypingFrames {
  constructor(
    typing: Typing,
    private readonly repository: PusherRepository,
    private readonly rooms: PusherRooms,
  ) {
    typing.onTyped((typed, by) => this.publish(typed, by));
  }

  /** @param by its channel is not told its own word */
  private async publish(typed: Typed, by?: Connection): Promise<void> {
    const { clientId, channelId, customerId } = typed;
    const frame = frameOf(typed);
    this.rooms.publish(clientId, channelRoom(channelId), frame, by);
    this.rooms.publish(clientId, clientRoom, frame);
    const client = this.rooms.clientOf(clientId);
    if (client && this.rooms.hasCustomers(clientId)) {
      const members = await this.repository.findMembers(client, [channelId]);
      for (const id of this.rooms.customersAmong(clientId, members)) {
        if (id !== customerId) {
          this.rooms.publish(clientId, customerRoom(id), frame);
        }
      }
    }
  }
}

function frameOf({ channelId, customerId, action }: Typed): PusherFrame {
  return new PusherFrame(action === 'started' ? 'typing.started' : 'typing.stopped', {
    channel_id: formatId('channel', channelId),
    customer_id: formatId('customer', customerId),
  });
}
