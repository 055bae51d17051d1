import { ApiSchema } from '@nestjs/swagger';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

@ApiSchema({ name: 'ItemSender', description: 'Who said, noted or did something.' })
export class ItemSenderDto {
  @Shown({
    type: String,
    enum: ['user', 'contact', 'workspace'],
    example: 'user',
    description: '`workspace` if a program did.',
  })
  readonly type!: 'user' | 'contact' | 'workspace';

  @ShownNumber('The id of the user or contact; null for a program, or if the contact was deleted.', { nullable: true })
  readonly id!: number | null;

  @Shown({ type: String, nullable: true, maxLength: 255, example: 'Mia', description: 'The name.' })
  readonly name!: string | null;
}

@ApiSchema({ name: 'ItemAttachment', description: 'A file of a message.' })
export class ItemAttachmentDto {
  @ShownUuid('The UUID of the file.')
  readonly uuid!: string;

  @Shown({
    ...{ type: String, maxLength: 255, example: 'invoice.pdf' },
    description: 'What its sender called it, without a path and without what hides its ending.',
  })
  readonly name!: string;

  @Shown({ type: String, maxLength: 255, example: 'image/png', description: 'Its media type.' })
  readonly mime_type!: string;

  @ShownCount({ example: 1024, description: 'How many bytes it has.' })
  readonly size!: number;

  @Shown({
    type: String,
    format: 'uri',
    example: 'https://chat.example.com/api/media/clt_01j/MM01/0?expires=1&signature=x',
    description: 'Where it is, for a day, without a token.',
  })
  readonly url!: string;
}

@ApiSchema({ name: 'ItemDelivery', description: 'How a message travels.' })
export class ItemDeliveryDto {
  @Shown({ type: String, maxLength: 32, example: 'sent', description: 'What became of it so far.' })
  readonly status!: string;

  @Shown({ type: String, nullable: true, maxLength: 64, example: null, description: 'Why it failed, if it did.' })
  readonly error_code!: string | null;
}

/** Of a mail, whose images have addresses besides. */
const BODY = { type: String, maxLength: 4 * 1024 * 1024, example: 'Hello' } as const;

@ApiSchema({ name: 'ConversationItem', description: 'A message, a note or an activity of a conversation.' })
export class ConversationItemDto {
  @ShownNumber('The id, in its conversation. Those of notes and activities begin at 2^32.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @ShownNumber('The id of the conversation.')
  readonly conversation_id!: number;

  @Shown({
    type: String,
    enum: ['message', 'reply', 'note', 'activity'],
    example: 'reply',
    description: '`message` if the contact wrote it, `reply` if the team did. Contacts never see notes and activities.',
  })
  readonly type!: 'message' | 'reply' | 'note' | 'activity';

  @Shown({ ...BODY, description: 'What it says: HTML if `body_html` is not null, else text.' })
  readonly body!: string;

  @Shown({ ...BODY, description: 'The same as plain text.' })
  readonly body_text!: string;

  @Shown({
    ...BODY,
    nullable: true,
    description:
      'The same as HTML that is safe to show, images of other servers in `data-src`; null if it is plain text. Mails beyond 8 MB of one answer are shown by the beginning of their text: ask for fewer items.',
  })
  readonly body_html!: string | null;

  @Shown({ type: ItemSenderDto, description: 'Who wrote or did it.' })
  readonly sender!: ItemSenderDto;

  @Shown({ type: [ItemAttachmentDto], maxItems: 100, description: 'Its files.' })
  readonly attachments!: readonly ItemAttachmentDto[];

  @Shown({
    type: ItemDeliveryDto,
    nullable: true,
    description: 'How it travels; null if it does not leave the server.',
  })
  readonly delivery!: ItemDeliveryDto | null;

  @CreatedAt()
  readonly created_at!: string;
}

@ApiSchema({ name: 'ConversationUpload', description: 'A file that is to be sent in a reply.' })
export class ConversationUploadDto {
  @ShownUuid('The UUID of the file, for `attachment_ids`.')
  readonly uuid!: string;

  @Shown({
    type: String,
    format: 'uri',
    example: 'https://chat.example.com/files/file_01h455vb4pex5vsknk084sn02q?signature=abc',
    description: 'Where its bytes go, by one PUT.',
  })
  readonly upload_url!: string;

  @CreatedAt()
  readonly expires_at!: string;
}
