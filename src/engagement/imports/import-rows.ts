import { createReadStream } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { Draft } from '../../files/storage.js';
import { invalid } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ContactUpsertsService } from '../contacts/contact-upserts.service.js';
import { columnsOf, type ImportColumn } from './import-columns.js';
import type { FileOptions } from './import-options.js';
import { readRow, type ImportRow } from './import-row.js';
import type { Place, Tally } from './imports.repository.js';
import { readHead, recordsAfter, UnreadableCsv, type CsvHead, type CsvRecord } from './read-csv.js';

/** Of a file that is imported at once. */
export const MAX_ROWS = 2_000;
/** Rows of one transaction, or as many as have so many bytes. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 2 * 1024 * 1024;
/** The headers are the first. */
const FIRST_ROW = 2;

/** Rows, as they were read. */
export interface ReadRows {
  readonly rows: readonly ImportRow[];
  readonly problems: readonly RowProblem[];
}

interface RowProblem {
  readonly row: number;
  readonly problem: string;
}

/** Rows, and where they end. */
export interface Batch extends ReadRows {
  readonly place: Place;
}

/** A file as far as its columns. */
export interface KnownHead {
  readonly head: CsvHead;
  readonly columns: readonly ImportColumn[];
}

type Bytes = AsyncIterable<Buffer>;

/** Rows of files, and what they become. */
@Injectable()
export class ImportRows {
  constructor(private readonly upserts: ContactUpsertsService) {}

  /** @throws Refusal 422 on `file` */
  async head(open: () => Promise<Bytes>, unknownColumns: FileOptions['unknownColumns']): Promise<KnownHead> {
    return refusing(async () => headOf(await open(), unknownColumns));
  }

  /** Null where there are more than `most`. @throws Refusal 422 on `file` */
  async readAll(
    { path }: Draft,
    unknownColumns: FileOptions['unknownColumns'],
    most: number,
  ): Promise<ReadRows | null> {
    return refusing(async () => {
      const known = await headOf(createReadStream(path), unknownColumns);
      const all: CsvRecord[] = [];
      for await (const record of recordsAfter(
        createReadStream(path, { start: known.head.end }),
        known.head,
        known.head,
      )) {
        all.push(record);
        if (all.length > most) {
          return null;
        }
      }
      return most === 0 ? null : readRows(all, known.columns, 0);
    });
  }

  /**
   * The rows behind a place, some at a time.
   * @param open reads the file from a byte on
   * @param before rows that came before
   * @throws UnreadableCsv
   */
  async *batches(
    open: (from: number) => Promise<Bytes>,
    unknownColumns: FileOptions['unknownColumns'],
    from: Place,
    before: number,
  ): AsyncGenerator<Batch, void, void> {
    const { head, columns } = await headOf(await open(0), unknownColumns);
    let place = from.cursor === 0 ? { cursor: head.end, lines: head.lines } : from;
    let rows = before;
    let records: CsvRecord[] = [];
    const batch = (): Batch => {
      const { end, lines } = records.at(-1)!;
      const read = { ...readRows(records, columns, rows), place: { cursor: end, lines } };
      [place, rows, records] = [read.place, rows + records.length, []];
      return read;
    };
    const after = { end: place.cursor, lines: place.lines };
    for await (const record of recordsAfter(await open(place.cursor), head, after)) {
      records.push(record);
      if (records.length === BATCH_ROWS || record.end - place.cursor >= BATCH_BYTES) {
        yield batch();
      }
    }
    if (records.length > 0) {
      yield batch();
    }
  }

  /** All of them or none. */
  async write(tenant: Tenant, { rows, problems }: ReadRows, options: FileOptions): Promise<Tally> {
    const ends = await this.upserts.upsert(tenant, rows, options);
    const refused = ends.flatMap((end, at) =>
      typeof end === 'string' ? [] : [{ row: rows[at]!.row, problem: end.problem }],
    );
    const wrong = [...problems, ...refused].sort((one, two) => one.row - two.row);
    const count = (what: string): number => ends.filter((end) => end === what).length;
    return {
      ...{ rows: rows.length + problems.length, created: count('created'), updated: count('updated') },
      skipped: count('skipped') + wrong.length,
      problems: wrong.map(({ row, problem }) => `Row ${row}: ${problem}`),
    };
  }
}

async function headOf(bytes: Bytes, unknownColumns: FileOptions['unknownColumns']): Promise<KnownHead> {
  const head = await readHead(bytes);
  return { head, columns: columnsOf(head.cells, unknownColumns) };
}

function readRows(records: readonly CsvRecord[], columns: readonly ImportColumn[], before: number): ReadRows {
  const rows: ImportRow[] = [];
  const problems: RowProblem[] = [];
  for (const [at, { cells }] of records.entries()) {
    const row = FIRST_ROW + before + at;
    const read = readRow(cells, columns, row);
    if ('problem' in read) {
      problems.push({ row, problem: read.problem });
    } else {
      rows.push(read);
    }
  }
  return { rows, problems };
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UnreadableCsv ? invalid('file', error.message) : error;
  }
}
