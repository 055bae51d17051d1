import { ApiSchema } from '@nestjs/swagger';
import { CHANNEL_TYPE, ChannelDto } from '../../channels/channel.dto.js';
import { CHANNEL_TYPES, type ChannelType } from '../../channels/channel.entity.js';
import { Email } from '../../platform/common/fields/fields.js';
import { ObjectType, Shown, ShownCount, ShownId, ShownTime } from '../../platform/common/openapi/shown.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { CustomerReferenceDto } from '../../customers/customer.dto.js';
import { MessageDto } from '../message.dto.js';

const UNREAD = {
  example: 3,
  description: 'How many messages from others the customer has not read.',
} as const;
const LAST = {
  type: MessageDto,
  nullable: true,
  description: 'The latest message; null if there is none or the key lacks `messages:read`.',
};

/** A channel as it is to one of its members. */
@ApiSchema({ description: 'A channel, as one of its customers sees it.' })
export class MemberChannelDto extends ChannelDto {
  @ShownCount(UNREAD)
  readonly unread_count!: number;

  @Shown(LAST)
  readonly last_message!: MessageDto | null;
}

export class ListConversationsQuery extends ListQuery('customer', { limit: 100 }) {
  @Email({ description: 'The e-mail address of the customer whose conversations to list.' })
  readonly email!: string;
}

@ApiSchema({ description: 'A channel in a conversation.' })
export class ConversationChannelDto {
  @ObjectType('channel')
  readonly object!: 'channel';

  @ShownId('channel', { description: 'The id of the channel.' })
  readonly id!: string;

  @Shown({ enum: [...CHANNEL_TYPES], type: String, example: 'general', description: CHANNEL_TYPE })
  readonly type!: ChannelType;

  @Shown({ maxLength: 255, example: 'general', description: 'The name of the channel.' })
  readonly name!: string;

  @ShownTime({
    example: 1_735_689_900,
    description: 'When the latest message was sent; if there is none, when the channel was created.',
  })
  readonly updated_at!: number;

  @ShownCount(UNREAD)
  readonly unread_count!: number;

  @Shown(LAST)
  readonly last_message!: MessageDto | null;
}

@ApiSchema({ description: 'The channels that a customer shares with another.' })
export class ConversationDto {
  @Shown({ type: CustomerReferenceDto, description: 'The other participant.' })
  readonly recipient!: CustomerReferenceDto;

  @Shown({
    type: [ConversationChannelDto],
    maxItems: 20,
    description: 'The channels the two share, latest activity first, at most 20.',
  })
  readonly channels!: readonly ConversationChannelDto[];

  @ShownCount({ example: 3, description: 'How many channels the two share in all.' })
  readonly channels_count!: number;

  @ShownTime({ example: 1_735_689_900, description: 'The latest `updated_at` of the channels.' })
  readonly latest_message_at!: number;
}

/** Unlike those of other lists, its items have a name. */
@ApiSchema({ description: 'The data of a list of conversations.' })
export class ConversationListDataDto {
  @Shown({ type: [ConversationDto], description: 'The conversations of this page.' })
  readonly conversations!: readonly ConversationDto[];
}
