import { ValidateIf } from 'class-validator';
import { Choice, exampleId, IdList, Text } from '../platform/common/fields/fields.js';
import { Metadata } from '../platform/common/fields/metadata.js';
import { Shown } from '../platform/common/openapi/operation.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';
import { CustomerReferenceDto } from '../customers/customer.dto.js';
import { CHANNEL_TYPES, type ChannelType } from './channel.entity.js';

const NAME = 'Required of a custom channel; ignored of a general one.';

export class CreateChannelDto {
  @Choice(CHANNEL_TYPES)
  readonly type!: ChannelType;

  @ValidateIf(({ type }: CreateChannelDto) => type !== 'general')
  @Text({ max: 255, example: 'Engineering Team', optional: true, description: NAME })
  readonly name?: string | null;

  @IdList('customer', { name: 'customer_uuids', min: 2, max: 100, description: 'Different customers of this client.' })
  readonly customerIds!: readonly string[];
}

export class UpdateChannelDto {
  @Text({ max: 255, example: 'Platform Team', optional: true, description: 'Ignored of a general channel.' })
  readonly name?: string | null;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;
}

export class ListChannelsQuery extends ListQuery('channel') {}

export class ChannelDto {
  @Shown({ enum: ['channel'], type: String })
  readonly object!: 'channel';

  @Shown({ example: exampleId('channel') })
  readonly id!: string;

  @Shown({ enum: [...CHANNEL_TYPES], type: String })
  readonly type!: ChannelType;

  @Shown({ example: 'Engineering Team' })
  readonly name!: string;

  @Shown({ type: 'object', additionalProperties: true, nullable: true, example: { topic: 'Releases' } })
  readonly metadata!: Record<string, unknown> | null;

  @Shown({ type: [CustomerReferenceDto] })
  readonly customers!: readonly CustomerReferenceDto[];

  @Shown({ type: 'integer', example: 1640995200, description: 'Unix seconds.' })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}
