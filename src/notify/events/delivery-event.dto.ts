import { ApiSchema } from '@nestjs/swagger';
import {
  Created,
  Livemode,
  ObjectType,
  Shown,
  ShownCount,
  ShownId,
  ShownTime,
} from '../../platform/common/openapi/shown.js';

const NUMBER = { type: String, nullable: true, maxLength: 34, example: '+14155552671' } as const;

@ApiSchema({ description: 'A file of a text message.' })
export class DeliveryMediaDto {
  @ShownId('file', { description: 'The id of the file.' })
  readonly file_id!: string;

  @Shown({ maxLength: 255, example: 'image/png', description: 'The media type of the file.' })
  readonly content_type!: string;

  @ShownCount({ example: 1024, description: 'How many bytes it has.' })
  readonly size!: number;
}

@ApiSchema({ description: 'How a text message travels between a phone number of yours and a phone.' })
export class DeliveryDto {
  @ObjectType('delivery')
  readonly object!: 'delivery';

  @ShownId('message', { description: 'The id of the message.' })
  readonly message_id!: string;

  @Shown({
    pattern: '^(SM|MM)[\\da-f]{32}$',
    example: 'SM01890a5dac96774bbcceb302099a8057',
    description: 'The id of the message as the messages API writes it.',
  })
  readonly sid!: string;

  @ShownId('channel', { description: 'The id of the channel that the message is in.' })
  readonly channel_id!: string;

  @Shown({ enum: ['inbound', 'outbound'], type: String, description: '`inbound` if it came from the phone.' })
  readonly direction!: 'inbound' | 'outbound';

  @Shown({ enum: ['sms', 'mms'], type: String, description: '`mms` if it has media.' })
  readonly medium!: 'sms' | 'mms';

  @Shown({
    maxLength: 32,
    example: 'delivered',
    description: 'What had become of it: `queued`, `sent`, `delivered`, ….',
  })
  readonly status!: string;

  @Shown({ ...NUMBER, description: 'The number it was sent from; null if the person was erased.' })
  readonly from!: string | null;

  @Shown({ ...NUMBER, description: 'The number it was sent to; null if it is unknown or the person was erased.' })
  readonly to!: string | null;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 65_535,
    example: 'Hello',
    description: 'The text; null if it was deleted since.',
  })
  readonly body!: string | null;

  @Shown({ type: [DeliveryMediaDto], maxItems: 100, description: 'Its files.' })
  readonly media!: readonly DeliveryMediaDto[];

  @Shown({
    type: String,
    nullable: true,
    maxLength: 64,
    example: null,
    description: 'Why it failed; null if it did not.',
  })
  readonly error_code!: string | null;

  @ShownCount({ nullable: true, example: 1, description: 'How many segments it takes; null if that is not known yet.' })
  readonly segments!: number | null;

  @Shown({ type: String, nullable: true, maxLength: 32, example: '0.0079', description: 'Its price; null if unknown.' })
  readonly price!: string | null;

  @Shown({ type: String, nullable: true, maxLength: 3, example: 'USD', description: 'The currency of the price.' })
  readonly currency!: string | null;

  @Shown({ type: String, nullable: true, maxLength: 32, example: 'simulator', description: 'Who carries it.' })
  readonly provider!: string | null;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}

@ApiSchema({ name: 'OptOut', description: 'That a phone number must not be sent text messages.' })
export class OptOutEventDto {
  @ObjectType('opt_out')
  readonly object!: 'opt_out';

  @ShownId('opt_out', { description: 'The id of the opt-out.' })
  readonly id!: string;

  @Shown({ ...NUMBER, description: 'The phone number.' })
  readonly number!: string | null;

  @ShownId('customer', {
    nullable: true,
    description: 'The number of yours that must not write to it; null if none of them may.',
  })
  readonly address_id!: string | null;

  @Shown({ enum: ['keyword', 'api', 'provider'], type: String, description: '`keyword` if the person wrote STOP.' })
  readonly source!: string;

  @Shown({ type: String, nullable: true, maxLength: 32, example: 'STOP', description: 'What the person wrote.' })
  readonly keyword!: string | null;

  @Created()
  readonly created!: number;

  @ShownTime({ nullable: true, example: null, description: 'When it ended; null if it has not.' })
  readonly ended_at!: number | null;
}
