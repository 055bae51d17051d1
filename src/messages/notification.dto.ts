import { ApiExtraModels } from '@nestjs/swagger';
import { exampleId, Text } from '../platform/common/fields/fields.js';
import { Metadata } from '../platform/common/fields/metadata.js';
import { NestedById } from '../platform/common/fields/nested.js';

const MAX_RECIPIENTS = 500;

/** What a device shows and plays. */
class NotificationTextDto {
  @Text({ max: 255, example: 'New message', optional: true })
  readonly title?: string | null;

  @Text({ max: 2_000, example: 'Hello, how are you?', optional: true })
  readonly text?: string | null;

  @Text({ max: 255, example: 'chime.aiff', optional: true, description: 'The name of a sound that the app brings.' })
  readonly sound?: string | null;
}

@ApiExtraModels(NotificationTextDto)
export class NotificationDto extends NotificationTextDto {
  @Text({ max: 255, example: 'message', optional: true, description: 'What the app makes of it, such as buttons.' })
  readonly category?: string | null;

  /** A push has 4 KB in all. */
  @Metadata(2 * 1024)
  readonly data?: Record<string, unknown> | null;

  @NestedById('customer', NotificationTextDto, {
    optional: true,
    max: MAX_RECIPIENTS,
    description: `What some get instead, by customer: at most ${MAX_RECIPIENTS}.`,
    example: { [exampleId('customer')]: { text: 'Hello, Jane!' } },
  })
  readonly recipients?: Readonly<Record<string, NotificationTextDto>> | null;
}
