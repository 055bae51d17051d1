import { ApiSchema } from '@nestjs/swagger';
import { Text } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { BodyText } from './text-message.dto.js';

@RequestSchema('A text message to look at before it is sent.')
export class PreviewTextDto {
  @BodyText()
  readonly body!: string;

  @Text({ max: 32, optional: true, description: 'The number it would be sent to.' })
  readonly to?: string | null;
}

@ApiSchema({ name: 'MessagePreview', description: 'What a message would be.' })
export class PreviewDto {
  @Shown({ enum: ['GSM-7', 'UCS-2'], type: String, description: 'How its characters are sent.' })
  readonly encoding!: 'GSM-7' | 'UCS-2';

  @ShownCount({ example: 1, description: 'How many segments it takes.' })
  readonly segments!: number;

  @ShownCount({ example: 19, description: 'How many characters it has, as the encoding counts them.' })
  readonly characters!: number;

  @ShownCount({ example: 141, description: 'How many more fit into the last segment.' })
  readonly remaining!: number;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 16,
    example: '+14155552671',
    description: 'The number in international format; null if none was given.',
  })
  readonly normalizedTo!: string | null;

  @Shown({ type: Boolean, example: false, description: 'Whether this number has opted out of your default number.' })
  readonly optedOut!: boolean;
}
