import { ApiExtraModels, ApiSchema, getSchemaPath, OmitType } from '@nestjs/swagger';
import { MAX_ADDRESS } from '../../../delivery/addresses/address.entity.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../delivery/deliveries/delivery-status.js';
import { field } from '../../../platform/common/fields/field.js';
import { Flag, Id, Text } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown, ShownCount, ShownId } from '../../../platform/common/openapi/shown.js';
import { ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { SmsPageQuery } from '../http/sms-page.js';
import { ShownSid, TextMessageDto } from '../messages/text-message.dto.js';

function QueryFlag(description: string): PropertyDecorator {
  return field({
    optional: true,
    read: (value) => (value === 'true' ? true : value === 'false' ? false : value),
    check: (value) => (typeof value === 'boolean' ? null : { says: 'must be true or false.' }),
    schema: { type: Boolean, description },
  });
}

export class ListConversationsQuery extends SmsPageQuery {
  @QueryFlag('Only conversations that are archived, or only those that are not.')
  readonly archived?: boolean | null;

  @Id('phone_number', { optional: true, description: 'Only conversations of this number of the workspace.' })
  readonly numberId?: string | null;

  @Text({ max: 32, optional: true, description: 'Only conversations with this phone number.' })
  readonly contact?: string | null;

  @Id('conversation', {
    optional: true,
    description: 'Only conversations that come after this one in the list; pages are counted from there.',
  })
  readonly before?: string | null;
}

@RequestSchema('Changes to a conversation.')
export class UpdateConversationDto {
  @Flag({ example: true, description: 'Whether it is archived.' })
  readonly archived!: boolean;
}

@ApiSchema({ description: 'A number of the workspace, in a conversation.' })
export class ConversationNumberDto {
  @ShownId('phone_number', { description: 'The id of the number.' })
  readonly id!: string;

  @Shown({
    maxLength: MAX_ADDRESS,
    example: '+15005550006',
    description: 'The number in international format; of a messaging service, its SID.',
  })
  readonly number!: string;
}

@ApiSchema({ description: 'Whom a conversation is with: a customer of the core API.' })
export class ConversationContactDto {
  @ShownId('customer', { description: 'The id of the customer.' })
  readonly id!: string;

  @Shown({ maxLength: 255, example: 'Jane', description: 'The name of the customer.' })
  readonly name!: string;

  @Shown({ type: String, nullable: true, maxLength: 32, example: '+14155552671', description: 'Its phone number.' })
  readonly phone!: string | null;
}

@ApiSchema({
  name: 'ConversationMessage',
  description:
    'A message of a conversation; one that went to no phone and came from none has no `medium` and no `status`.',
})
export class ConversationMessageDto extends OmitType(TextMessageDto, ['medium', 'status', 'deleted']) {
  @Shown({ enum: ['sms', 'mms', null], type: String, nullable: true, description: '`mms` if it has media.' })
  readonly medium!: 'sms' | 'mms' | null;

  @Shown({
    enum: [...DELIVERY_STATUSES, null],
    type: String,
    nullable: true,
    example: 'delivered',
    description: 'What became of it.',
  })
  readonly status!: DeliveryStatus | null;

  @Shown({ type: Boolean, enum: [false], example: false, description: 'Always false.' })
  readonly deleted!: false;
}

@ApiSchema({ name: 'DeletedMessage', description: 'A message that was deleted.' })
export class DeletedTextDto {
  @ShownSid()
  readonly sid!: string;

  @Shown({ type: Boolean, enum: [true], example: true, description: 'Always true.' })
  readonly deleted!: true;
}

/** What is said in a conversation. */
export type SaidDto = ConversationMessageDto | DeletedTextDto;
export const SAID = {
  oneOf: [ConversationMessageDto, DeletedTextDto].map((one) => ({ $ref: getSchemaPath(one) })),
};

@ApiExtraModels(ConversationMessageDto, DeletedTextDto)
@ApiSchema({
  name: 'TextConversation',
  description: 'What a number of the workspace and one contact write to each other.',
})
export class TextConversationDto {
  @ShownId('conversation', { description: 'The id of the conversation: in the core API, of the channel.' })
  readonly id!: string;

  @Shown({ type: ConversationNumberDto, description: 'The number of the workspace.' })
  readonly number!: ConversationNumberDto;

  @Shown({
    type: ConversationContactDto,
    nullable: true,
    description: 'Whom it is with; null if the customer was erased, or there are several.',
  })
  readonly contact!: ConversationContactDto | null;

  @Shown({ ...SAID, nullable: true, description: 'The last message; null if there is none.' })
  readonly lastMessage!: SaidDto | null;

  @ShownCount({ example: 2, description: 'How many messages of the contact the team has not read.' })
  readonly unreadCount!: number;

  @ShownCount({ example: 41, description: 'How many messages there are that were not deleted.' })
  readonly messageCount!: number;

  @Shown({ type: Boolean, example: false, description: 'Whether it is archived.' })
  readonly archived!: boolean;

  @Shown({
    type: Boolean,
    example: false,
    description: 'Whether the contact has opted out of messages of this number.',
  })
  readonly optedOut!: boolean;

  @ShownMoment({ description: 'When the last message was created.' })
  readonly lastActivityAt!: string;
}
