import { Text } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { MimeType } from '../../../platform/common/fields/mime-type.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';

@RequestSchema('A file that is to be sent in a reply.')
export class NewUploadDto {
  @Text({ max: 255, example: 'invoice.pdf', description: 'Its name.' })
  readonly name!: string;

  @MimeType({ example: 'application/pdf', description: 'Its media type.' })
  readonly mimeType!: string;

  @Integer({ min: 1, max: 25 * 1024 * 1024, example: 1024, description: 'How many bytes it has.' })
  readonly size!: number;
}
