import { ApiSchema } from '@nestjs/swagger';
import { Text } from '../../../platform/common/fields/fields.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

const MAX_NAME = 255;
const MAX_EXTERNAL_ID = 255;
const MAX_WELCOME = 2_000;
const READ_ONLY = ['id', 'uuid', 'customer_id', 'created_at'] as const;
const NAME = { max: MAX_NAME, example: 'Support', description: 'What it is called where contacts chat with it.' };

const ExternalId = (): PropertyDecorator =>
  Text({
    name: 'external_id',
    max: MAX_EXTERNAL_ID,
    optional: true,
    example: 'support',
    description: 'What it is among the participants of Layer apps. Unique among all customers.',
  });

const Welcome = (): PropertyDecorator =>
  Text({
    max: MAX_WELCOME,
    optional: true,
    example: 'How can we help?',
    description: 'What is shown to whoever has not written yet; nothing if null.',
  });

@RequestSchema('A new live chat desk.')
@PassesOver(...READ_ONLY)
export class CreateDeskDto {
  @Text(NAME)
  readonly name!: string;

  @ExternalId()
  readonly externalId?: string | null;

  @Welcome()
  readonly welcome?: string | null;
}

@RequestSchema('What of a live chat desk is to change; what is left out stays.')
@PassesOver(...READ_ONLY)
export class UpdateDeskDto {
  @Text({ ...NAME, optional: true })
  readonly name?: string | null;

  @ExternalId()
  readonly externalId?: string | null;

  @Welcome()
  readonly welcome?: string | null;
}

@ApiSchema({ name: 'LiveChatDesk', description: 'What the workspace chats as.' })
export class DeskDto {
  @ShownNumber('The id of the desk.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @ShownId('customer', { description: 'The customer of the core that it is: a channel with it is a conversation.' })
  readonly customer_id!: string;

  @Shown({ type: String, maxLength: MAX_NAME, example: 'Support', description: NAME.description })
  readonly name!: string;

  @Shown({
    type: String,
    nullable: true,
    maxLength: MAX_EXTERNAL_ID,
    example: 'support',
    description: 'What it is among the participants of Layer apps; null if it has none.',
  })
  readonly external_id!: string | null;

  @Shown({
    type: String,
    nullable: true,
    maxLength: MAX_WELCOME,
    example: 'How can we help?',
    description: 'What is shown to whoever has not written yet.',
  })
  readonly welcome!: string | null;

  @CreatedAt()
  readonly created_at!: string;
}
