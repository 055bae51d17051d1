import { ApiSchema } from '@nestjs/swagger';
import { MAX_ADDRESS } from '../../../delivery/addresses/address.entity.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../delivery/deliveries/delivery-status.js';
import type { Direction } from '../../../delivery/deliveries/delivery.entity.js';
import { checkText, Choice, Id, Text } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { field } from '../../../platform/common/fields/field.js';
import { RequestSchema, Shown, ShownCount, ShownId } from '../../../platform/common/openapi/shown.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { SmsPageQuery } from '../http/sms-page.js';
import { Variables } from '../templates/variables.field.js';

const SID = '^(SM|MM)[\\da-f]{32}$';
const SID_EXAMPLE = 'SM01890a5dac96774bbcceb302099a8057';
export const ShownSid = (): PropertyDecorator =>
  Shown({ pattern: SID, example: SID_EXAMPLE, description: 'The id of the message.' });

/** More than fits into a request: how long a body may be, the service says in its own words. */
export const ANY_LENGTH = 1_000_000;
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/;

export function Moment(name: string, description: string): PropertyDecorator {
  return field({
    name,
    optional: true,
    read: (value) => (typeof value === 'string' && MOMENT.test(value) ? new Date(value) : value),
    check: (value) =>
      value instanceof Date && !Number.isNaN(value.getTime()) ? null : { says: 'must be a time in ISO 8601.' },
    schema: { type: String, format: 'date-time', description },
  });
}

/** The number that a text goes to. */
export const Recipient = (): PropertyDecorator =>
  Text({
    max: ANY_LENGTH,
    example: '+14155552671',
    description:
      'The number to send to, in international format or as people write it in the country of the workspace.',
  });

/** @param unless the properties beside any of which it may be left out */
export function BodyText(unless: readonly string[] = []): PropertyDecorator {
  return field({
    ...(unless.length === 0 ? {} : { unless, read: (value: unknown) => (value === '' ? undefined : value) }),
    check: (value) => checkText(value, ANY_LENGTH),
    schema: {
      type: String,
      minLength: 1,
      maxLength: 1_600,
      example: 'Your code is 4711.',
      description:
        'What to send, as it is: at most 1600 characters.' +
        (unless.length === 0 ? '' : ` May be left out where there is \`${unless.join('` or `')}\`.`),
    },
  });
}

/** One address or several, read as several; none are as if nothing had been given. How many may be, the service says. */
export function MediaUrls(
  insteadOf?: string,
  description = 'Where the files to send are: up to 10, each of at most 5 MB. They are fetched before the answer.',
): PropertyDecorator {
  const url = { type: 'string', format: 'uri', maxLength: 2_048 } as const;
  return field({
    optional: true,
    ...(insteadOf === undefined ? {} : { insteadOf }),
    read: (value) => (typeof value === 'string' ? [value] : Array.isArray(value) && value.length === 0 ? null : value),
    check: (value) =>
      Array.isArray(value) && value.every((one) => typeof one === 'string')
        ? null
        : { says: 'must be a URL, or a list of URLs.' },
    schema: {
      oneOf: [url, { type: 'array', items: url, minItems: 1, maxItems: 10 }],
      example: ['https://example.com/photo.png'],
      description: insteadOf === undefined ? description : `Another name of \`${insteadOf}\`.`,
    },
  });
}

/** The files of a message, wherever it goes. */
class TextMediaUrlsDto {
  @MediaUrls()
  readonly mediaUrls?: readonly string[] | null;

  @MediaUrls('mediaUrls')
  readonly media?: unknown;

  @MediaUrls('mediaUrls')
  readonly media_urls?: unknown;

  @MediaUrls('mediaUrls')
  readonly mediaUrl?: unknown;
}

@RequestSchema('A text message to the contact of a conversation.')
export class ReplyTextDto extends TextMediaUrlsDto {
  @BodyText(['mediaUrls'])
  readonly body?: string | null;
}

@RequestSchema('A text message to send.')
export class SendTextDto extends TextMediaUrlsDto {
  @Recipient()
  readonly to!: string;

  @BodyText(['mediaUrls', 'templateId'])
  readonly body?: string | null;

  @Id('template', {
    optional: true,
    excludes: 'body',
    description: 'A template of the workspace that says what to send, instead of `body`.',
  })
  readonly templateId?: string | null;

  @Variables()
  readonly variables?: Readonly<Record<string, string>> | null;

  @Text({
    max: MAX_ADDRESS,
    optional: true,
    description:
      'One of the verified numbers of the workspace, or a messaging service of it; the default number if left out or null. A number that belongs to a messaging service sends as that, which picks the number.',
  })
  readonly from?: string | null;

  @Moment('scheduleAt', 'When to send it: 60 seconds to 35 days from now. At once if left out or null.')
  readonly scheduleAt?: Date | null;

  @Integer({
    ...{ optional: true, min: 60, max: 36_000, example: 3_600 },
    description:
      'How many seconds it is of use, from when it is accepted or scheduled for: what the provider does not have by then fails as `expired`. 14400 if left out or null.',
  })
  readonly validityPeriod?: number | null;
}

@ApiSchema({ name: 'AcceptedMessage', description: 'A message that was accepted and will be sent.' })
export class AcceptedTextDto {
  @ShownSid()
  readonly sid!: string;

  @Shown({ enum: ['queued', 'scheduled'], type: String, description: '`queued`: it is sent next.' })
  readonly status!: 'queued' | 'scheduled';
}

export class ListTextsQuery extends SmsPageQuery {
  @Choice(['inbound', 'outbound'], { optional: true, description: 'Only messages of this direction.' })
  readonly direction?: Direction | null;

  @Choice(DELIVERY_STATUSES, { optional: true, description: 'Only messages that have this status now.' })
  readonly status?: DeliveryStatus | null;

  @Text({
    max: MAX_ADDRESS,
    optional: true,
    description: 'Only messages from or to this number, or messaging service, of the workspace.',
  })
  readonly number?: string | null;

  @Moment('createdAfter', 'Only messages created at this time or later.')
  readonly createdAfter?: Date | null;

  @Moment('createdBefore', 'Only messages created before this time.')
  readonly createdBefore?: Date | null;
}

const NUMBER = { type: String, nullable: true, maxLength: MAX_ADDRESS, example: '+14155552671' } as const;

@ApiSchema({ name: 'TextMedia', description: 'A file of a message.' })
export class TextMediaDto {
  @Shown({ maxLength: 255, example: 'image/png', description: 'What it is.' })
  readonly contentType!: string;

  @ShownCount({ example: 1024, description: 'How many bytes it has.' })
  readonly size!: number;

  @Shown({ format: 'uri', maxLength: 4096, example: 'https://example.com/photo.png', description: 'Where to get it.' })
  readonly url!: string;
}

@ApiSchema({ name: 'TextMessage', description: 'A text message with what became of it.' })
export class TextMessageDto {
  @ShownSid()
  readonly sid!: string;

  @ShownId('message', { description: 'The same id as the core API writes it.' })
  readonly id!: string;

  @ShownId('channel', { description: 'The id of the conversation: in the core API, of the channel.' })
  readonly conversationId!: string;

  @Shown({ enum: ['inbound', 'outbound'], type: String, description: '`inbound` if it came from the phone.' })
  readonly direction!: Direction;

  @Shown({ enum: ['sms', 'mms'], type: String, description: '`mms` if it has media.' })
  readonly medium!: 'sms' | 'mms';

  @Shown({ enum: [...DELIVERY_STATUSES], type: String, example: 'delivered', description: 'What became of it.' })
  readonly status!: DeliveryStatus;

  @Shown({
    ...NUMBER,
    description:
      'The number it was sent from, or a messaging service until that has picked one; null if the person was erased.',
  })
  readonly from!: string | null;

  @Shown({ ...NUMBER, description: 'The number it was sent to; null if it is unknown or the person was erased.' })
  readonly to!: string | null;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 65_535,
    example: 'Hello',
    description: 'The text; null if the message was deleted.',
  })
  readonly body!: string | null;

  @Shown({ type: [TextMediaDto], maxItems: 10, description: 'Its files.' })
  readonly media!: readonly TextMediaDto[];

  @ShownCount({ example: 1, description: 'How many segments it takes.' })
  readonly segments!: number;

  @Shown({ enum: ['GSM-7', 'UCS-2'], type: String, description: 'How its characters are sent.' })
  readonly encoding!: 'GSM-7' | 'UCS-2';

  @Shown({ type: String, nullable: true, maxLength: 32, example: '0.0079', description: 'Its price; null until told.' })
  readonly price!: string | null;

  @Shown({ type: String, nullable: true, maxLength: 3, example: 'USD', description: 'The currency of the price.' })
  readonly currency!: string | null;

  @Shown({ type: String, nullable: true, maxLength: 64, example: null, description: 'Why it failed, for programs.' })
  readonly errorCode!: string | null;

  @Shown({ type: String, nullable: true, maxLength: 4096, example: null, description: 'Why it failed, for people.' })
  readonly errorMessage!: string | null;

  @Shown({ type: String, nullable: true, maxLength: 32, example: 'simulator', description: 'Who carries it.' })
  readonly provider!: string | null;

  @Shown({ type: String, nullable: true, maxLength: 255, example: null, description: 'What the provider calls it.' })
  readonly providerMessageId!: string | null;

  @ShownCount({ example: 1, description: 'How often the provider was called.' })
  readonly attempts!: number;

  @ShownId('user', { nullable: true, description: 'The user who sent it; null if none did.' })
  readonly userId!: string | null;

  @ShownId('api_key', { nullable: true, description: 'The API key that sent it at `/api/messages`; null if none did.' })
  readonly keyId!: string | null;

  @Shown({ type: Boolean, example: false, description: 'Whether the message was deleted.' })
  readonly deleted!: boolean;

  @CreatedAt()
  readonly createdAt!: string;

  @ShownMoment({ nullable: true, description: 'When it is, or was, to be sent; null: at once.' })
  readonly scheduleAt!: string | null;

  @ShownMoment({ nullable: true, description: 'When the carrier got it.' })
  readonly sentAt!: string | null;

  @ShownMoment({ nullable: true, description: 'When the phone got it.' })
  readonly deliveredAt!: string | null;

  @ShownMoment({ description: 'When its status last changed.' })
  readonly updatedAt!: string;
}
