import { ApiSchema } from '@nestjs/swagger';
import { Text } from '../platform/common/fields/fields.js';
import { MAX_MIME_TYPE, MimeType } from '../platform/common/fields/mime-type.js';
import { Integer } from '../platform/common/fields/integer.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownId,
  ShownTime,
} from '../platform/common/openapi/shown.js';

/** Bytes. */
const MAX_SIZE_BYTES = 2 * 1024 ** 3;
const URL_TEXT = { type: String, format: 'uri', nullable: true } as const;

@RequestSchema('A file about to be uploaded.')
export class CreateFileDto {
  @MimeType({ example: 'image/png', description: 'The media type of the file.' })
  readonly mimeType!: string;

  @Integer({
    min: 1,
    max: MAX_SIZE_BYTES,
    example: 1024,
    description: 'The size of the file in bytes; exactly this many must be uploaded.',
  })
  readonly size!: number;

  @Text({
    max: 255,
    example: 'holiday.png',
    optional: true,
    description: 'The file name that a browser saves it under.',
  })
  readonly name?: string | null;
}

@ApiSchema({ description: 'A file.' })
export class FileDto {
  @ObjectType('file')
  readonly object!: 'file';

  @ShownId('file', { description: 'The id of the file.' })
  readonly id!: string;

  @Shown({ maxLength: MAX_MIME_TYPE, example: 'image/png', description: 'The media type of the file.' })
  readonly mime_type!: string;

  @Shown({ type: 'integer', format: 'int64', minimum: 1, example: 1024, description: 'The size of the file in bytes.' })
  readonly size!: number;

  @Shown({
    type: String,
    maxLength: 255,
    nullable: true,
    example: 'holiday.png',
    description: 'The file name that a browser saves it under; null if none was given.',
  })
  readonly name!: string | null;

  @Shown({ example: false, description: 'Whether the bytes have been uploaded.' })
  readonly uploaded!: boolean;

  @Shown({
    ...URL_TEXT,
    example: 'https://chat.example.com/files/file_01h455vb4pex5vsknk084sn02q?signature=abc',
    description:
      'Where to PUT exactly `size` bytes, without any key; any 2xx means they are stored. Null after the upload.',
  })
  readonly upload_url!: string | null;

  @ShownTime({
    nullable: true,
    example: 1_735_693_200,
    description: 'Until when an upload can be started; null after the upload.',
  })
  readonly upload_expires_at!: number | null;

  @Shown({
    ...URL_TEXT,
    example: null,
    description: 'Where to GET the bytes, whole or in ranges, without any key. Null until they are uploaded.',
  })
  readonly download_url!: string | null;

  @ShownTime({
    nullable: true,
    example: null,
    description: 'Until when a download can be started; null until the bytes are uploaded.',
  })
  readonly download_expires_at!: number | null;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}
