import { ChannelDto } from '../../channels/channel.dto.js';
import { CHANNEL_TYPES, type ChannelType } from '../../channels/channel.entity.js';
import { Email, exampleId } from '../../platform/common/fields/fields.js';
import { Shown } from '../../platform/common/openapi/operation.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { CustomerReferenceDto } from '../../customers/customer.dto.js';
import { MessageDto } from '../message.dto.js';

const UNREAD = {
  type: 'integer',
  example: 3,
  description: 'How many messages of others the customer has not read.',
} as const;
const LAST = {
  type: MessageDto,
  nullable: true,
  description: 'Null where nothing was said, and for a key without `messages:read`.',
};

/** A channel as it is to one of its members. */
export class MemberChannelDto extends ChannelDto {
  @Shown(UNREAD)
  readonly unread_count!: number;

  @Shown(LAST)
  readonly last_message!: MessageDto | null;
}

export class ListConversationsQuery extends ListQuery('customer', { limit: 100 }) {
  @Email({ description: 'Whose conversations to list.' })
  readonly email!: string;
}

export class ConversationChannelDto {
  @Shown({ enum: ['channel'], type: String })
  readonly object!: 'channel';

  @Shown({ example: exampleId('channel') })
  readonly id!: string;

  @Shown({ enum: [...CHANNEL_TYPES], type: String })
  readonly type!: ChannelType;

  @Shown({ example: 'general' })
  readonly name!: string;

  @Shown({ type: 'integer', example: 1640995500, description: 'Unix seconds of the last message, or of the creation.' })
  readonly updated_at!: number;

  @Shown(UNREAD)
  readonly unread_count!: number;

  @Shown(LAST)
  readonly last_message!: MessageDto | null;
}

export class ConversationDto {
  @Shown({ type: CustomerReferenceDto })
  readonly recipient!: CustomerReferenceDto;

  @Shown({ type: [ConversationChannelDto], maxItems: 20, description: 'The 20 that something happened in last.' })
  readonly channels!: readonly ConversationChannelDto[];

  @Shown({ type: 'integer', example: 3, description: 'How many channels they share in all.' })
  readonly channels_count!: number;

  @Shown({ type: 'integer', example: 1640995500, description: 'The newest `updated_at` of the channels.' })
  readonly latest_message_at!: number;
}

/** Unlike those of other lists, its items have a name. */
export class ConversationListDataDto {
  @Shown({ type: [ConversationDto] })
  readonly conversations!: readonly ConversationDto[];
}
