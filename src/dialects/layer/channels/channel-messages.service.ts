import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { LayerPage } from '../http/layer-page.js';
import { LayerRefusal } from '../layer-refusal.js';
import type { LayerPageQuery } from '../messages/layer-messages.repository.js';
import { LayerMessagesService, type SendMessage } from '../messages/layer-messages.service.js';
import type { MessageObject } from '../messages/message-object.js';
import { known, notAMember } from './channel-standing.js';
import { LayerChannelsRepository } from './layer-channels.repository.js';

/** Messages of open channels, which members read and send. */
@Injectable()
export class ChannelMessagesService {
  constructor(
    private readonly channels: LayerChannelsRepository,
    private readonly messages: LayerMessagesService,
  ) {}

  /** @throws LayerRefusal 404, 403, 409 with the message of this id, or 422 */
  async send(tenant: Tenant, viewer: string, id: string, message: SendMessage, base: string): Promise<MessageObject> {
    try {
      return await this.messages.send(tenant, viewer, id, message, base);
    } catch (error) {
      throw await this.ofAChannel(error, tenant, viewer, id);
    }
  }

  /** Newest first. @throws LayerRefusal 404, 403, or 422 on `from_id` */
  async list(
    tenant: Tenant,
    viewer: string,
    id: string,
    query: LayerPageQuery,
    base: string,
  ): Promise<LayerPage<MessageObject>> {
    try {
      return await this.messages.list(tenant, viewer, id, query, base, true);
    } catch (error) {
      throw await this.ofAChannel(error, tenant, viewer, id);
    }
  }

  /** A conversation is hidden from those who are not in it; a channel is not, so they are told that they are no members. */
  private async ofAChannel(error: unknown, tenant: Tenant, viewer: string, id: string): Promise<unknown> {
    if (!(error instanceof LayerRefusal) || (error.id !== 'not_found' && error.id !== 'access_denied')) {
      return error;
    }
    const [row] = await this.channels.findSeen(tenant, [{ channelId: id, viewerId: viewer }]);
    return known(row).membership ? error : notAMember();
  }
}
