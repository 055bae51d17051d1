import { ApiSchema } from '@nestjs/swagger';
import { IMPORT_STATES, type ImportState } from '../../../engagement/imports/contact-import.entity.js';
import { MAX_FILE_BYTES } from '../../../engagement/imports/imports.service.js';
import { Choice, Flag, Text } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { QueryFlag } from '../http/query-fields.js';
import { RefList } from '../http/ref-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';
import { FileField, type UploadedFile } from '../http/upload.js';

const MAX_TAGS = 100;
const MAX_ERRORS = 50;
/** Characters of one. */
const MAX_ERROR = 1_000;
const MAX_NAME = 255;
const DRY_RUN = 'Whether it is only counted what would be done.';

const COLUMNS =
  'Columns, in any case: `email`, `first_name`, `last_name`, `phone`, `company`, `job_title`, `city`, `country`, `timezone`, `lead_score`, `tags` (apart by `;`) and `custom.` with the name of a custom field; `status` and `created_at` are passed over.';

/** What becomes of a file. */
class ImportOptionsDto {
  @RefList({
    ...{ name: 'tag_ids', max: MAX_TAGS, optional: true },
    description: 'Tags that all of them get. In a form as `tag_ids[]`.',
  })
  readonly tagIds?: readonly ObjectRef[] | null;

  @Choice(['update', 'skip'], {
    ...{ name: 'on_conflict', optional: true },
    description:
      'What becomes of a contact whose e-mail is there: it is changed (`update`, if left out) or left as it is.',
  })
  readonly onConflict?: 'update' | 'skip' | null;

  @Choice(['custom'], {
    ...{ name: 'unknown_columns', optional: true },
    description: 'Makes unknown columns custom fields. If left out, such a file is refused.',
  })
  readonly unknownColumns?: 'custom' | null;
}

@RequestSchema('A file of contacts, and what becomes of them.')
export class ImportContactsDto extends ImportOptionsDto {
  @FileField(`CSV in UTF-8 of at most 10 MB, its cells apart by comma, semicolon or tab. ${COLUMNS}`)
  readonly file!: UploadedFile;

  @QueryFlag({ name: 'dry_run', description: DRY_RUN })
  readonly dryRun?: boolean | null;

  @QueryFlag({ description: 'Whether a worker is to import it, however few rows it has.' })
  readonly async?: boolean | null;
}

@RequestSchema('A file of contacts that is to be uploaded, and what becomes of them.')
export class NewImportDto extends ImportOptionsDto {
  @Text({ max: MAX_NAME, example: 'contacts.csv', description: 'What the file is called.' })
  readonly name!: string;

  @Integer({ min: 1, max: MAX_FILE_BYTES, example: 52_428_800, description: `How many bytes it has. ${COLUMNS}` })
  readonly size!: number;

  @Flag({ name: 'dry_run', optional: true, example: false, description: DRY_RUN })
  readonly dryRun?: boolean | null;
}

/** What became of rows so far. */
class ImportCountsDto {
  @ShownCount({ example: 1, description: 'How many rows made a contact.' })
  readonly created!: number;

  @ShownCount({ example: 1, description: 'How many rows were of a contact that was there.' })
  readonly updated!: number;

  @ShownCount({ example: 1, description: 'How many rows were not taken.' })
  readonly skipped!: number;

  @Shown({
    ...{ type: 'array', items: { type: 'string', maxLength: MAX_ERROR }, maxItems: MAX_ERRORS },
    example: ['Row 3: missing email'],
    description: 'What is wrong: the first 50. The row of the headers is the first.',
  })
  readonly errors!: readonly string[];
}

@ApiSchema({ description: 'What became of the rows of a file.' })
export class ImportedDto extends ImportCountsDto {
  @ShownNumber('The id of the import; null of a dry run, of which nothing is kept.', { nullable: true })
  readonly id!: number | null;

  @ShownCount({ example: 2, description: 'How many rows were taken: `created` and `updated` together.' })
  readonly imported!: number;
}

@ApiSchema({ description: 'Many contacts that are made or changed by a worker, or were at once.' })
export class ImportDto extends ImportCountsDto {
  @ShownNumber('The id of the import.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({
    ...{ type: String, enum: ['file', 'bulk'], example: 'file' },
    description: 'Whether the rows are those of a file, or the contacts of a segment (`bulk`).',
  })
  readonly type!: 'file' | 'bulk';

  @Shown({
    ...{ type: String, nullable: true, maxLength: MAX_NAME, example: 'contacts.csv' },
    description: 'What the file is called.',
  })
  readonly name!: string | null;

  @Shown({
    ...{ type: String, enum: [...IMPORT_STATES], example: 'processing' },
    description:
      'Its state: `pending` until it is started; `completed`, also where rows were wrong; `failed` where the file could not be read, which the first of `errors` tells. What was done before it failed or was cancelled stays.',
  })
  readonly status!: ImportState;

  @Shown({ type: Boolean, example: false, description: 'Whether it is only counted what would be done.' })
  readonly dry_run!: boolean;

  @ShownCount({ example: 3, description: 'How many rows were read so far.' })
  readonly rows!: number;

  @ShownCount({ example: 1, description: 'How many rows were wrong.' })
  readonly errors_count!: number;

  @Shown({
    ...{ type: String, format: 'uri', nullable: true },
    example: 'https://chat.example.com/api/v1/contacts/imports/7/errors',
    description: 'All errors as CSV, for 30 days; null where there are none.',
  })
  readonly errors_url!: string | null;

  @CreatedAt()
  readonly created_at!: string;

  @ShownMoment({ nullable: true, description: 'When it was started.' })
  readonly started_at!: string | null;

  @ShownMoment({
    nullable: true,
    example: null,
    description: 'When it ended, in whichever way. It is kept for 30 days.',
  })
  readonly ended_at!: string | null;
}

@ApiSchema({ description: 'An import whose file is to be uploaded.' })
export class BegunImportDto extends ImportDto {
  @Shown({
    type: String,
    format: 'uri',
    example: 'https://chat.example.com/files/file_01h455vb4pex5vsknk084sn02q?signature=abc',
    description: 'Where its bytes go, by one PUT.',
  })
  readonly upload_url!: string;

  @ShownMoment({ description: 'Until when the upload may begin.' })
  readonly upload_expires_at!: string;
}
