import { exampleId, Text } from '../platform/common/fields/fields.js';
import { MimeType } from '../platform/common/fields/mime-type.js';
import { Integer } from '../platform/common/fields/integer.js';
import { Shown } from '../platform/common/openapi/operation.js';

/** Bytes. */
const MAX_SIZE_BYTES = 2 * 1024 ** 3;
const MOMENT = { type: 'integer', format: 'int64', nullable: true } as const;
const URL_TEXT = { type: String, nullable: true } as const;

export class CreateFileDto {
  @MimeType({ example: 'image/png' })
  readonly mimeType!: string;

  @Integer({ min: 1, max: MAX_SIZE_BYTES, example: 1024, description: 'Bytes; so many have to be uploaded.' })
  readonly size!: number;

  @Text({ max: 255, example: 'holiday.png', optional: true, description: 'What to call it where it is saved.' })
  readonly name?: string | null;
}

export class FileDto {
  @Shown({ enum: ['file'], type: String })
  readonly object!: 'file';

  @Shown({ example: exampleId('file') })
  readonly id!: string;

  @Shown({ example: 'image/png' })
  readonly mime_type!: string;

  @Shown({ type: 'integer', format: 'int64', example: 1024, description: 'Bytes.' })
  readonly size!: number;

  @Shown({ type: String, nullable: true, example: 'holiday.png' })
  readonly name!: string | null;

  @Shown({ example: false })
  readonly uploaded!: boolean;

  @Shown({
    ...URL_TEXT,
    example: 'https://chat.example.com/files/…',
    description:
      'Where to PUT exactly `size` bytes, without a key; any 2xx says that they are kept. Null once they are.',
  })
  readonly upload_url!: string | null;

  @Shown({ ...MOMENT, example: 1640998800, description: 'Until when an upload may begin, in Unix seconds.' })
  readonly upload_expires_at!: number | null;

  @Shown({
    ...URL_TEXT,
    example: null,
    description: 'Where to GET the bytes, whole or in ranges, without a key. Null until they are there.',
  })
  readonly download_url!: string | null;

  @Shown({ ...MOMENT, example: null, description: 'Until when a download may begin, in Unix seconds.' })
  readonly download_expires_at!: number | null;

  @Shown({ type: 'integer', example: 1640995200, description: 'Unix seconds.' })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}
