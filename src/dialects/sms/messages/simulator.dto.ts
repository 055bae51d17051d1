import { Phone } from '../../../platform/common/fields/fields.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';
import { BodyText, MediaUrls } from './text-message.dto.js';

@RequestSchema('A message that a phone is to have sent.')
export class SimulateInboundDto {
  @Phone({ description: 'The number of the phone, in international format.' })
  readonly from!: string;

  @Phone({ description: 'One of your numbers, in international format.' })
  readonly to!: string;

  @BodyText(['mediaUrls'])
  readonly body?: string | null;

  @MediaUrls(undefined, 'Where the files that came with it are: up to 10, each of at most 10 MB.')
  readonly mediaUrls?: readonly string[] | null;
}
