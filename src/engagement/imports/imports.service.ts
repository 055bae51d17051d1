import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { uuidv7 } from 'uuidv7';
import { FilesService, type FileRow } from '../../files/files.service.js';
import type { Draft, SignedUrl } from '../../files/storage.js';
import { notFound, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ContactsBulkService, type BulkChange } from '../contacts/contacts-bulk.service.js';
import { ContactListsService } from '../contacts/contact-lists.service.js';
import { known, type NumberedItems, type NumberSlice } from '../number-slice.js';
import { TagsService } from '../tags/tags.service.js';
import type { FileOptions } from './import-options.js';
import { ImportRows, MAX_ROWS, type ReadRows } from './import-rows.js';
import { MAX_SHOWN_ERRORS } from './imports.sql.js';
import { ImportsRepository, type ImportRecord, type Tally } from './imports.repository.js';

export type { ImportRecord };

/** Of a file that is uploaded apart. */
export const MAX_FILE_BYTES = 500 * 1024 * 1024;
const MIME_TYPE = 'text/csv';
/** Batches with errors that are read at once. */
const ERRORS_AT_ONCE = 100;

export interface NewImport extends Omit<FileOptions, 'kind' | 'tagIds'> {
  readonly tags: readonly ObjectRef[];
  readonly name: string | null;
}

/** What a file has, or where it is kept, since it has more than is taken at once. */
export type ReadImport = ReadRows | { readonly file: FileRow };

/** What came of an import that was done at once. Of a dry run nothing is kept. */
export interface ImportEnd {
  readonly record: ImportRecord | null;
  readonly tally: Tally;
  /** The first of what is wrong. */
  readonly errors: readonly string[];
}

/** Contacts from files, and other changes of many that a worker makes. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly rows: ImportRows,
    private readonly files: FilesService,
    private readonly tags: TagsService,
    private readonly lists: ContactListsService,
    private readonly bulk: ContactsBulkService,
  ) {}

  /**
   * Outside of transactions. A file that has too many rows for now, or whose rows may wait, is kept for a worker.
   * @throws Refusal 422 on `file`
   */
  async read(
    tenant: Tenant,
    draft: Draft,
    { name, unknownColumns, mayWait }: Pick<NewImport, 'name' | 'unknownColumns'> & { readonly mayWait: boolean },
  ): Promise<ReadImport> {
    const rows = await this.rows.readAll(draft, unknownColumns, mayWait ? 0 : MAX_ROWS);
    return rows ?? { file: await this.files.keep(tenant, draft, { mimeType: MIME_TYPE, name }) };
  }

  /** All of it or nothing. @throws Refusal 422 on `tag_ids` */
  async run(tenant: Tenant, read: ReadRows, given: NewImport): Promise<ImportEnd> {
    const options = await this.known(tenant, given);
    return this.imports.inTransaction(tenant, async () => {
      const tally = await this.rows.write(tenant, read, options);
      const errors = tally.problems.slice(0, MAX_SHOWN_ERRORS);
      if (options.dryRun) {
        return { record: null, tally, errors };
      }
      const about = {
        id: uuidv7(),
        kind: 'file',
        state: 'completed',
        name: given.name,
        options,
        fileId: null,
      } as const;
      return {
        record: await this.imports.count(tenant, await this.imports.insert(tenant, about), tally),
        tally,
        errors,
      };
    });
  }

  /** A worker takes the rows of this file. @throws Refusal 422 on `tag_ids` */
  async begin(tenant: Tenant, file: FileRow, given: NewImport): Promise<ImportRecord> {
    const options = await this.known(tenant, given);
    return this.imports.inTransaction(tenant, async () => {
      const about = {
        id: uuidv7(),
        kind: 'file',
        state: 'processing',
        name: given.name,
        options,
        fileId: file.id,
      } as const;
      const record = await this.imports.insert(tenant, about);
      await this.files.retain(tenant, [file.id]);
      return record;
    });
  }

  /** A worker changes the contacts of a segment. @throws Refusal 422 on what is not there */
  async beginBulk(
    tenant: Tenant,
    segment: ObjectRef,
    change: BulkChange,
    mayResubscribe: boolean,
  ): Promise<ImportRecord> {
    const filters = await this.lists.resolve(tenant, { segment });
    const options = { kind: 'bulk', filters, ...(await this.bulk.resolve(tenant, change)), mayResubscribe } as const;
    const about = { id: uuidv7(), kind: 'bulk', state: 'processing', name: null, options, fileId: null } as const;
    return this.imports.insert(tenant, about);
  }

  /** One whose file is to be uploaded. @throws Refusal 422 on `tag_ids` or `size` */
  async create(
    tenant: Tenant,
    { size, ...given }: NewImport & { readonly size: number },
  ): Promise<{ readonly record: ImportRecord; readonly upload: SignedUrl }> {
    const options = await this.known(tenant, given);
    return this.imports.inTransaction(tenant, async () => {
      const about = { id: uuidv7(), kind: 'file', state: 'pending', name: given.name, options } as const;
      const file = await this.files.create(tenant, { mimeType: MIME_TYPE, size, name: given.name }, null);
      const record = await this.imports.insert(tenant, { ...about, fileId: file.id });
      return { record, upload: (await this.files.links(tenant, file)).upload! };
    });
  }

  /** Before `create`, outside of its transaction. */
  prepare(): Promise<void> {
    return this.files.prepare();
  }

  /** Outside of transactions. @throws Refusal 404; 422 where it can't be started, or its file can't be read */
  async check(tenant: Tenant, ref: ObjectRef): Promise<ImportRecord> {
    const record = await this.get(tenant, ref);
    if (record.state !== 'pending') {
      throw notPending();
    }
    const file = record.fileId === null ? null : await this.files.find(tenant, record.fileId, null);
    if (!file?.uploadedAt) {
      throw unfit('The file has not been uploaded, or not within a day.');
    }
    const { unknownColumns } = record.options as FileOptions;
    await this.rows.head(() => this.files.read(tenant, file), unknownColumns);
    return record;
  }

  /** Once checked. @throws Refusal 422 */
  async start(tenant: Tenant, { id, fileId }: ImportRecord): Promise<ImportRecord> {
    return this.imports.inTransaction(tenant, async () => {
      const record = await this.imports.start(tenant, { id });
      if (!record) {
        throw notPending();
      }
      await this.files.retain(tenant, [fileId!]);
      return record;
    });
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, ref: ObjectRef): Promise<ImportRecord> {
    const record = await this.imports.find(tenant, ref);
    if (!record) {
      throw notFound('contact_import');
    }
    return record;
  }

  /** Those of these ids that are there. */
  findMany(tenant: Tenant, ids: readonly string[]): Promise<readonly ImportRecord[]> {
    return this.imports.findMany(tenant, ids);
  }

  /** By their numbers. @throws Refusal 422 on `after` */
  async list(tenant: Tenant, slice: NumberSlice): Promise<NumberedItems<ImportRecord>> {
    return this.imports.list(tenant, await known(slice, (ref) => this.imports.find(tenant, ref)));
  }

  /** What is committed stays; one that has ended stays as it is. @throws Refusal 404 */
  async cancel(tenant: Tenant, ref: ObjectRef): Promise<void> {
    await this.imports.inTransaction(tenant, async () => {
      const cancelled = await this.imports.cancel(tenant, ref);
      if (!cancelled) {
        await this.get(tenant, ref);
      } else if (cancelled.fileId !== null) {
        await this.files.deleteUnheld(tenant, [cancelled.fileId]);
      }
    });
  }

  /** CSV of all that is wrong with rows, some at a time. */
  async *errorsCsv(tenant: Tenant, record: ImportRecord): AsyncGenerator<string, void, void> {
    yield 'Error\n';
    let after = -1;
    for (;;) {
      const found = await this.imports.findErrors(tenant, record, after, ERRORS_AT_ONCE);
      yield stringify(found.flatMap(({ problems }) => problems.map((one) => [one])));
      if (found.length < ERRORS_AT_ONCE) {
        return;
      }
      after = found.at(-1)!.after;
    }
  }

  private async known(tenant: Tenant, { tags, onConflict, unknownColumns, dryRun }: NewImport): Promise<FileOptions> {
    const tagIds = await this.tags.resolve(tenant, tags, 'tag_ids');
    return { kind: 'file', tagIds, onConflict, unknownColumns, dryRun };
  }
}

function notPending() {
  return unfit('Only a pending import can be started.');
}
