import { ApiSchema } from '@nestjs/swagger';
import { MAX_REPLY } from '../../../engagement/conversations/reply-text.js';
import { Text } from '../../../platform/common/fields/fields.js';
import { Line } from '../../../platform/common/fields/line.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { RequestSchema, ShownId } from '../../../platform/common/openapi/shown.js';
import { Ref } from '../http/ref-fields.js';
import { ShownNumber } from '../http/shown-ids.js';

@RequestSchema('What a customer says to a desk.')
export class NewChatDto {
  @Ref({ name: 'desk_id', typeId: 'customer', optional: true, description: 'The desk; if left out, the oldest.' })
  readonly deskId?: ObjectRef | null;

  @Text({ max: MAX_REPLY, example: 'Hello', description: 'The message, as text.' })
  readonly body!: string;

  @Line({ max: 500, optional: true, example: 'Invoice', description: 'What a conversation that begins is about.' })
  readonly subject?: string | null;
}

@ApiSchema({ name: 'BegunChat', description: 'Where a message to a desk stands.' })
export class BegunChatDto {
  @ShownNumber('The id of the conversation.')
  readonly conversation_id!: number;

  @ShownId('channel', { description: 'The channel of the core that it is: what follows is said and read there.' })
  readonly channel_id!: string;

  @ShownId('message', { description: 'The message.' })
  readonly message_id!: string;
}
