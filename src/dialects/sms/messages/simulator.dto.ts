import { Phone } from '../../../platform/common/fields/fields.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';
import { BodyText } from './text-message.dto.js';

@RequestSchema('A message that a phone is to have sent.')
export class SimulateInboundDto {
  @Phone({ description: 'The number of the phone, in international format.' })
  readonly from!: string;

  @Phone({ description: 'One of your numbers, in international format.' })
  readonly to!: string;

  @BodyText()
  readonly body!: string;
}
