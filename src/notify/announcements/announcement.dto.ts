import { ApiSchema } from '@nestjs/swagger';
import { IdList, Text } from '../../platform/common/fields/fields.js';
import { Nested, NestedList } from '../../platform/common/fields/nested.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownCount,
  ShownId,
} from '../../platform/common/openapi/shown.js';
import { MessagePartDto } from '../../messages/message.dto.js';
import { NewInlinePartDto } from '../../messages/new-message.dto.js';
import { NotificationDto } from '../../messages/notification.dto.js';
import { MAX_PARTS } from '../../messages/parts.js';

/** As many as the largest body holds, with a good part of it left for what is said. */
const MAX_RECIPIENTS = 5_000;

@RequestSchema('A new announcement.')
export class CreateAnnouncementDto {
  @IdList('customer', {
    name: 'recipient_uuids',
    min: 1,
    max: MAX_RECIPIENTS,
    description: 'The customers to send it to.',
  })
  readonly recipientIds!: readonly string[];

  @Text({ name: 'sender_name', max: 255, example: 'The shop', description: 'The name shown as the sender.' })
  readonly senderName!: string;

  @NestedList(NewInlinePartDto, {
    min: 1,
    max: MAX_PARTS,
    example: [{ mime_type: 'text/plain', body: 'We are open again.' }],
    description: 'The parts of the announcement.',
  })
  readonly parts!: readonly NewInlinePartDto[];

  @Nested(NotificationDto, {
    optional: true,
    description: 'The push notification for the recipients; none is sent if left out.',
  })
  readonly notification?: NotificationDto | null;
}

@ApiSchema({ description: 'An announcement.' })
export class AnnouncementDto {
  @ObjectType('announcement')
  readonly object!: 'announcement';

  @ShownId('announcement', { description: 'The id of the announcement.' })
  readonly id!: string;

  @Shown({ maxLength: 255, example: 'The shop', description: 'The name shown as the sender.' })
  readonly sender_name!: string;

  @Shown({ type: [MessagePartDto], maxItems: MAX_PARTS, description: 'The parts of the announcement.' })
  readonly parts!: readonly MessagePartDto[];

  @ShownCount({ example: 120, description: 'How many customers have it; those who deleted it are not counted.' })
  readonly recipient_count!: number;

  @ShownCount({ example: 100, description: 'How many of them it was delivered to.' })
  readonly delivered_count!: number;

  @ShownCount({ example: 80, description: 'How many of them have read it.' })
  readonly read_count!: number;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}
