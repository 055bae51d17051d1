import { ApiSchema } from '@nestjs/swagger';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../delivery/deliveries/delivery-status.js';
import { GROUPINGS, type Grouping } from '../../../delivery/stats/grouping.js';
import { Day } from '../../../platform/common/fields/day.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ConversationNumberDto } from '../conversations/conversation.dto.js';

export class StatsQueryDto {
  @Day({ description: 'The first day, in UTC; 30 days with the last if left out.' })
  readonly from?: string | null;

  @Day({ description: 'The last day, in UTC; today if left out. At most 400 days with the first.' })
  readonly to?: string | null;

  @Choice(GROUPINGS, { optional: true, description: 'What the figures are told for; `day` if left out.' })
  readonly groupBy?: Grouping | null;
}

@ApiSchema({ description: 'What messages cost, as the provider told it.' })
export class PriceDto {
  @Shown({ type: String, nullable: true, maxLength: 3, example: 'USD', description: 'The currency; null if untold.' })
  readonly currency!: string | null;

  @Shown({ type: String, maxLength: 64, example: '12.3450', description: 'The exact sum.' })
  readonly amount!: string;
}

@ApiSchema({ description: 'How many messages there were, and what has become of them.' })
export class FiguresDto {
  @ShownCount({ example: 120, description: 'All messages, whatever became of them.' })
  readonly messages!: number;

  @ShownCount({ example: 100, description: 'Messages that a carrier took.' })
  readonly sent!: number;

  @ShownCount({ example: 96, description: 'Messages that phones got.' })
  readonly delivered!: number;

  @ShownCount({ example: 3, description: 'Messages that could not be delivered.' })
  readonly undelivered!: number;

  @ShownCount({ example: 1, description: 'Messages that failed.' })
  readonly failed!: number;

  @ShownCount({ example: 20, description: 'Messages that came from phones.' })
  readonly received!: number;

  @ShownCount({ example: 140, description: 'How many segments they took.' })
  readonly segments!: number;

  @Shown({ type: [PriceDto], description: 'What they cost, by currency.' })
  readonly price!: readonly PriceDto[];

  @Shown({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 1,
    example: 0.96,
    description:
      'Of the messages that were delivered, undelivered or failed, the share that was delivered; null if none.',
  })
  readonly deliveryRate!: number | null;
}

@ApiSchema({ description: 'The figures of one day, number or status.' })
export class StatsGroupDto extends FiguresDto {
  @Shown({ type: String, nullable: true, format: 'date', example: '2026-11-21', description: 'The day, in UTC.' })
  readonly day!: string | null;

  @Shown({ type: ConversationNumberDto, nullable: true, description: 'The number of the workspace.' })
  readonly number!: ConversationNumberDto | null;

  @Shown({
    enum: [...DELIVERY_STATUSES, null],
    type: String,
    nullable: true,
    example: null,
    description: 'The status.',
  })
  readonly status!: DeliveryStatus | null;
}

@ApiSchema({ description: 'What became of the messages of some days.' })
export class StatsDto {
  @Shown({ type: String, format: 'date', example: '2026-11-01', description: 'The first day, in UTC.' })
  readonly from!: string;

  @Shown({ type: String, format: 'date', example: '2026-11-21', description: 'The last day, in UTC.' })
  readonly to!: string;

  @Shown({ enum: [...GROUPINGS], type: String, description: 'What the figures are told for.' })
  readonly groupBy!: Grouping;

  @Shown({ type: FiguresDto, description: 'The figures of all of it.' })
  readonly total!: FiguresDto;

  @Shown({ type: [StatsGroupDto], description: 'The figures of each day, number or status that has any.' })
  readonly data!: readonly StatsGroupDto[];
}
