import { Injectable, Logger } from '@nestjs/common';
import { ticks } from '../../../platform/common/clock.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { Typing, type Typed } from '../../../notify/realtime/typing.js';
import { presentBasicIdentity } from '../identity.presenter.js';
import { layerUri, parseLayerId } from '../layer-id.js';
import { AudienceRepository } from './audience.repository.js';
import { LayerRooms } from './layer-rooms.js';
import type { LayerSocket } from './layer-socket.js';
import { ANY_BASE, PacketBody } from './packet-body.js';

const TYPING = 'typing_indicator';
const ACTIONS = ['started', 'paused', 'finished'] as const;

/** Unchecked. */
export type SignalBody = Readonly<Record<string, unknown>>;

/** Typing indicators, in and out. A malformed one is ignored: it would soon be outdated. */
@Injectable()
export class Signals {
  private readonly logger = new Logger('Signals');

  constructor(
    private readonly audience: AudienceRepository,
    private readonly customers: CustomersService,
    private readonly rooms: LayerRooms,
    private readonly typing: Typing,
  ) {
    typing.onTyped((typed) => this.publish(typed));
  }

  receive(socket: LayerSocket, { type, object, data }: SignalBody): void {
    const id = (object as SignalBody | null | undefined)?.id;
    const channelId = parseLayerId('conversations', id) ?? parseLayerId('channels', id);
    const action = ACTIONS.find((one) => one === (data as SignalBody | null | undefined)?.action);
    if (type === TYPING && channelId !== null && action !== undefined && socket.signals.take(ticks())) {
      this.relay(socket, channelId, action).catch((error: unknown) => {
        this.logger.warn(`A typing indicator was not sent: ${(error as Error).message}`);
      });
    }
  }

  private async relay(socket: LayerSocket, channelId: string, action: Typed['action']): Promise<void> {
    const { client, customerId } = socket;
    if ((await this.audience.findMembers(client, [channelId])).includes(customerId)) {
      this.typing.notify({ clientId: client.clientId, channelId, customerId, action }, socket);
    }
  }

  private async publish({ clientId, channelId, customerId, action }: Typed): Promise<void> {
    const tenant = this.rooms.tenantOf(clientId);
    if (!tenant) {
      return;
    }
    const members = this.rooms.customersAmong(clientId, await this.audience.findMembers(tenant, [channelId]));
    const others = members.filter((id) => id !== customerId);
    if (others.length > 0) {
      const [row, isOpen] = await Promise.all([
        this.customers.get(tenant, customerId),
        this.audience.isOpen(tenant, channelId),
      ]);
      const sender = presentBasicIdentity(ANY_BASE, row);
      const object = isOpen
        ? { id: layerUri('channels', channelId), type: 'Channel' }
        : { id: layerUri('conversations', channelId), type: 'Conversation' };
      const body = new PacketBody({ type: TYPING, object, data: { action, sender } });
      this.rooms.publish(clientId, others, 'signal', body);
    }
  }
}
