import { ApiSchema } from '@nestjs/swagger';
import { Choice, IdList, Text } from '../platform/common/fields/fields.js';
import { Metadata } from '../platform/common/fields/metadata.js';
import { Created, Livemode, ObjectType, RequestSchema, Shown, ShownId } from '../platform/common/openapi/shown.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';
import { CustomerReferenceDto } from '../customers/customer.dto.js';
import { CHANNEL_TYPES, type ChannelType } from './channel.entity.js';

export const CHANNEL_TYPE =
  '`general`: the one channel of exactly these customers; `custom`: one of several, told apart by their names.';
const NAME =
  'The name of the channel: required for a custom one, ignored for a general one, which is always `general`.';

@RequestSchema('A new channel.')
export class CreateChannelDto {
  @Choice(CHANNEL_TYPES, { description: CHANNEL_TYPE })
  readonly type!: ChannelType;

  @Text({
    max: 255,
    example: 'Engineering Team',
    optional: true,
    ignoredIf: ({ type }: CreateChannelDto) => type === 'general',
    description: NAME,
  })
  readonly name?: string | null;

  @IdList('customer', {
    name: 'customer_uuids',
    min: 2,
    max: 100,
    description: 'The customers in the channel, each named once.',
  })
  readonly customerIds!: readonly string[];
}

@RequestSchema('Changes to a channel.')
export class UpdateChannelDto {
  @Text({
    max: 255,
    example: 'Platform Team',
    optional: true,
    description: 'The new name; ignored for a general channel.',
  })
  readonly name?: string | null;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;
}

export class ListChannelsQuery extends ListQuery('channel') {}

@ApiSchema({ description: 'A channel.' })
export class ChannelDto {
  @ObjectType('channel')
  readonly object!: 'channel';

  @ShownId('channel', { description: 'The id of the channel.' })
  readonly id!: string;

  @Shown({ enum: [...CHANNEL_TYPES], type: String, example: 'custom', description: CHANNEL_TYPE })
  readonly type!: ChannelType;

  @Shown({
    maxLength: 255,
    example: 'Engineering Team',
    description: 'The name of the channel; empty for a key that may not read channels.',
  })
  readonly name!: string;

  @Shown({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { topic: 'Releases' },
    description: 'Your own data for this channel; null if there is none.',
  })
  readonly metadata!: Record<string, unknown> | null;

  @ShownId('customer', {
    required: false,
    description:
      'The customer that is a phone number of yours: what it says here goes out by SMS. Absent if there is none.',
  })
  readonly address_id?: string;

  @Shown({
    type: [CustomerReferenceDto],
    maxItems: 100,
    description: 'The customers in the channel; empty for a key that may not read channels.',
  })
  readonly customers!: readonly CustomerReferenceDto[];

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}
