import { Injectable } from '@nestjs/common';
import { now } from '../../../platform/common/clock.js';
import { readInput } from '../../../platform/common/fields/read-input.js';
import { LayerCreateChannelDto } from '../channels/channel.dto.js';
import { ChannelMessagesService } from '../channels/channel-messages.service.js';
import { LayerChannelsService } from '../channels/layer-channels.service.js';
import { CreateConversationDto } from '../conversations/conversation.dto.js';
import { LayerConversationsService } from '../conversations/layer-conversations.service.js';
import { parseLayerId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';
import { LayerSendMessageDto } from '../messages/layer-message.dto.js';
import { LayerMessagesService } from '../messages/layer-messages.service.js';
import { noSuch } from '../messages/standing.js';
import type { LayerSocket } from './layer-socket.js';
import { Presence } from './presence.js';
import { Replay } from './replay.js';

/** A request as it came. */
export interface MethodBody {
  readonly method?: unknown;
  readonly request_id?: unknown;
  readonly object_id?: unknown;
  readonly data?: unknown;
}

type Method = (socket: LayerSocket, body: MethodBody) => unknown;

/** What a socket may ask for; each answers what goes out as `data`. */
@Injectable()
export class Methods {
  private readonly methods: ReadonlyMap<unknown, Method> = new Map<unknown, Method>([
    ['Message.create', (socket, body) => this.sendMessage(socket, body)],
    ['Conversation.create', (socket, { data }) => this.createConversation(socket, data)],
    ['Channel.create', (socket, { data }) => this.createChannel(socket, data)],
    ['Counter.read', ({ counter }) => ({ counter })],
    ['Event.replay', (socket, { data }) => this.replayEvents(socket, data)],
    ['Presence.subscribe', (socket) => this.presence.subscribe(socket)],
    ['Presence.update', (socket, { data }) => this.presence.update(socket, data)],
    ['Presence.sync', (socket, { data }) => this.presence.sync(socket, data)],
  ]);

  constructor(
    private readonly messages: LayerMessagesService,
    private readonly conversations: LayerConversationsService,
    private readonly channels: LayerChannelsService,
    private readonly channelMessages: ChannelMessagesService,
    private readonly replay: Replay,
    private readonly presence: Presence,
  ) {}

  /** @throws Refusal */
  run(socket: LayerSocket, body: MethodBody): unknown {
    const method = this.methods.get(body.method);
    if (!method) {
      throw new LayerRefusal('invalid_operation', 'There is no such method.');
    }
    return method(socket, body);
  }

  private sendMessage({ client, customerId, base }: LayerSocket, { object_id: id, data }: MethodBody): Promise<object> {
    if (id === undefined || id === null) {
      throw new LayerRefusal('missing_property', 'The object_id field is required.', { property: 'object_id' });
    }
    const input = readInput(LayerSendMessageDto, data);
    const conversationId = parseLayerId('conversations', id);
    if (conversationId !== null) {
      return this.messages.send(client, customerId, conversationId, input, base);
    }
    const channelId = parseLayerId('channels', id);
    if (channelId === null) {
      throw noSuch('Conversation');
    }
    return this.channelMessages.send(client, customerId, channelId, input, base);
  }

  /** One that is found is a success; the SDKs see that it is another than they asked for. */
  private async createConversation({ client, customerId, base }: LayerSocket, data: unknown): Promise<object> {
    const input = readInput(CreateConversationDto, data);
    const { outcome, conversation } = await this.conversations.create(client, customerId, input, base);
    if (outcome === 'conflict') {
      throw new LayerRefusal('conflict', 'The distinct Conversation exists with other metadata.', conversation);
    }
    return conversation;
  }

  /** A channel that exists is a success, or a conflict whose data the SDKs use. */
  private async createChannel({ client, customerId, base }: LayerSocket, data: unknown): Promise<object> {
    const input = readInput(LayerCreateChannelDto, data);
    return (await this.channels.create(client, customerId, input, base)).channel;
  }

  private async replayEvents(socket: LayerSocket, data: unknown): Promise<void> {
    const { from_timestamp: from } = (data ?? {}) as { readonly from_timestamp?: unknown };
    const moment = typeof from === 'string' ? new Date(from) : null;
    if (moment === null || Number.isNaN(moment.getTime())) {
      socket.release();
      const says = 'The from_timestamp field must be a time as in ISO 8601.';
      throw new LayerRefusal('invalid_property', says, { property: 'from_timestamp' });
    }
    await this.replay.run(socket, moment, now());
  }
}
