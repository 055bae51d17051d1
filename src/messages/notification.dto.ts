import { RequestSchema } from '../platform/common/openapi/shown.js';
import { ApiExtraModels } from '@nestjs/swagger';
import { Text } from '../platform/common/fields/fields.js';
import { exampleId } from '../platform/common/ids/type-id.js';
import { Metadata } from '../platform/common/fields/metadata.js';
import { NestedById } from '../platform/common/fields/nested.js';

const MAX_RECIPIENTS = 500;

/** What a device shows and plays. */
@RequestSchema('The texts of a push notification.')
class NotificationTextDto {
  @Text({ max: 255, example: 'New message', optional: true, description: 'The title of the notification.' })
  readonly title?: string | null;

  @Text({ max: 2_000, example: 'Hello, how are you?', optional: true, description: 'The text of the notification.' })
  readonly text?: string | null;

  @Text({
    max: 255,
    example: 'chime.aiff',
    optional: true,
    description: 'The name of a sound in the app, played when it arrives.',
  })
  readonly sound?: string | null;
}

@ApiExtraModels(NotificationTextDto)
@RequestSchema('A push notification.')
export class NotificationDto extends NotificationTextDto {
  @Text({
    max: 255,
    example: 'message',
    optional: true,
    description: 'The category the app uses to choose actions, such as buttons.',
  })
  readonly category?: string | null;

  /** A push has 4 KB in all. */
  @Metadata('Your own data for the app that receives the notification.', 2 * 1024)
  readonly data?: Record<string, unknown> | null;

  @NestedById('customer', NotificationTextDto, {
    optional: true,
    max: MAX_RECIPIENTS,
    description: `Other texts for some recipients, keyed by customer id: at most ${MAX_RECIPIENTS}.`,
    example: { [exampleId('customer')]: { text: 'Hello, Jane!' } },
  })
  readonly recipients?: Readonly<Record<string, NotificationTextDto>> | null;
}
