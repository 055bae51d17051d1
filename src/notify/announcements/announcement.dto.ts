import { exampleId, IdList, Text } from '../../platform/common/fields/fields.js';
import { Nested, NestedList } from '../../platform/common/fields/nested.js';
import { Shown } from '../../platform/common/openapi/operation.js';
import { MessagePartDto } from '../../messages/message.dto.js';
import { NewInlinePartDto } from '../../messages/new-message.dto.js';
import { NotificationDto } from '../../messages/notification.dto.js';
import { MAX_PARTS } from '../../messages/parts.js';

/** As many as the largest body holds, with a good part of it left for what is said. */
const MAX_RECIPIENTS = 5_000;

export class CreateAnnouncementDto {
  @IdList('customer', { name: 'recipient_uuids', min: 1, max: MAX_RECIPIENTS })
  readonly recipientIds!: readonly string[];

  @Text({ name: 'sender_name', max: 255, example: 'The shop', description: 'Who is shown as its sender.' })
  readonly senderName!: string;

  @NestedList(NewInlinePartDto, {
    min: 1,
    max: MAX_PARTS,
    example: [{ mime_type: 'text/plain', body: 'We are open again.' }],
    description: 'What it consists of.',
  })
  readonly parts!: readonly NewInlinePartDto[];

  @Nested(NotificationDto, {
    optional: true,
    description: 'What the devices of the recipients are to be told of it; nothing where it is not given.',
  })
  readonly notification?: NotificationDto | null;
}

export class AnnouncementDto {
  @Shown({ enum: ['announcement'], type: String })
  readonly object!: 'announcement';

  @Shown({ example: exampleId('announcement') })
  readonly id!: string;

  @Shown({ example: 'The shop' })
  readonly sender_name!: string;

  @Shown({ type: [MessagePartDto] })
  readonly parts!: readonly MessagePartDto[];

  @Shown({ type: 'integer', example: 120, description: 'How many have it; who deletes it has it no longer.' })
  readonly recipient_count!: number;

  @Shown({ type: 'integer', example: 100, description: 'How many of them it has reached.' })
  readonly delivered_count!: number;

  @Shown({ type: 'integer', example: 80, description: 'How many of them read it.' })
  readonly read_count!: number;

  @Shown({ type: 'integer', format: 'int64', example: 1_735_689_600 })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}
