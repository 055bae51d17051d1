import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { fileTypeFromBuffer } from 'file-type';

/** Bytes of a line, and of a record, which may have several lines between its quotes. */
const MAX_LINE = 1024 * 1024;
const LINE_END = 0x0a;

/** What makes a whole file unreadable, in a sentence for people. */
export class UnreadableCsv extends Error {}

const WRONG_TYPE = 'The file must be a file of type: csv, txt.';
const START = { end: 0, lines: 0 };
const NO_HEADERS = 'Could not read CSV headers.';

/** The first record of a file, and how the others are written. */
export interface CsvHead extends CsvRecord {
  readonly delimiter: string;
  readonly recordDelimiter: readonly string[];
}

export interface CsvRecord {
  readonly cells: readonly string[];
  /** Bytes from the beginning of the file to what follows it. */
  readonly end: number;
  /** Lines until there. */
  readonly lines: number;
}

/**
 * What a CSV file begins with: apart by comma, semicolon or tab, whichever the headers are.
 * @throws UnreadableCsv
 */
export async function readHead(bytes: AsyncIterable<Buffer>): Promise<CsvHead> {
  const lines = readable(bytes, START);
  const first = await lines.next();
  if (first.done || isBlank(first.value)) {
    throw new UnreadableCsv(NO_HEADERS);
  }
  const style = {
    delimiter: delimiterOf(first.value),
    // As in the first lines, so that a file is read alike from wherever its reading begins.
    recordDelimiter: first.value.includes(LINE_END) ? ['\r\n', '\n'] : ['\r'],
  };
  const all = async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    yield* lines;
  };
  for await (const record of parsed(all(), style, START)) {
    return { ...style, ...record };
  }
  throw new UnreadableCsv(NO_HEADERS);
}

/**
 * The records behind another.
 * @param bytes of the file, from `after.end` on
 * @throws UnreadableCsv
 */
export function recordsAfter(
  bytes: AsyncIterable<Buffer>,
  style: Pick<CsvHead, 'delimiter' | 'recordDelimiter'>,
  after: Omit<CsvRecord, 'cells'>,
): AsyncGenerator<CsvRecord, void, void> {
  return parsed(readable(bytes, after), style, after);
}

async function* parsed(
  bytes: AsyncIterable<Buffer>,
  { delimiter, recordDelimiter }: Pick<CsvHead, 'delimiter' | 'recordDelimiter'>,
  { end, lines }: Omit<CsvRecord, 'cells'>,
): AsyncGenerator<CsvRecord, void, void> {
  const parser = parse({
    ...{ bom: end === 0, delimiter, record_delimiter: [...recordDelimiter], max_record_size: MAX_LINE, info: true },
    ...{ relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
  });
  try {
    // What the bytes throw comes out of the parser; whoever stops reading ends both.
    const records = pipeline(Readable.from(bytes), parser, () => undefined) as AsyncIterable<Parsed>;
    for await (const { record, info } of records) {
      yield { cells: record, end: end + info.bytes, lines: lines + info.lines };
    }
  } catch (error) {
    throw isOfParser(error) ? new UnreadableCsv(`${error.message}.`) : error;
  }
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly bytes: number; readonly lines: number };
}

/** The same bytes, as many whole lines at once as there are. @throws UnreadableCsv that names the line */
async function* readable(
  bytes: AsyncIterable<Buffer>,
  { end: from, lines }: Omit<CsvRecord, 'cells'>,
): AsyncGenerator<Buffer, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let line = lines + 1;
  let isStart = from === 0;
  for await (const chunk of bytes) {
    // By its first bytes, whatever it is called.
    if (isStart && (await fileTypeFromBuffer(chunk)) !== undefined) {
      throw new UnreadableCsv(WRONG_TYPE);
    }
    isStart = false;
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = all.lastIndexOf(LINE_END) + 1;
    rest = all.subarray(end);
    if (end > 0) {
      const whole = all.subarray(0, end);
      line = checkedLines(whole, line);
      yield whole;
    }
    if (rest.length > MAX_LINE) {
      throw new UnreadableCsv(`Line ${line} is longer than ${MAX_LINE / 1024} KB.`);
    }
  }
  if (rest.length > 0) {
    checkedLines(rest, line);
    yield rest;
  }
}

/** @returns the number of the next line */
function checkedLines(lines: Buffer, first: number): number {
  const isSound = isUtf8(lines) && !lines.includes(0);
  let line = first;
  let from = 0;
  for (let end = lines.indexOf(LINE_END); end >= 0; end = lines.indexOf(LINE_END, from)) {
    if (!isSound) {
      checkLine(lines.subarray(from, end), line);
    }
    from = end + 1;
    line += 1;
  }
  if (!isSound) {
    checkLine(lines.subarray(from), line);
  }
  return line;
}

function checkLine(bytes: Buffer, line: number): void {
  if (!isUtf8(bytes) || bytes.includes(0)) {
    throw new UnreadableCsv(`Line ${line} is not UTF-8 text.`);
  }
}

/** Which of them parts the first line most often. */
function delimiterOf(bytes: Buffer): string {
  const [line = ''] = bytes.toString('utf8').split(/\r?\n/, 1);
  const [best] = [',', ';', '\t']
    .map((delimiter) => ({ delimiter, count: line.split(delimiter).length }))
    .sort((one, two) => two.count - one.count);
  return best!.delimiter;
}

function isBlank(bytes: Buffer): boolean {
  return (
    bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trim() === ''
  );
}

function isOfParser(error: unknown): error is Error {
  return String((error as { code?: unknown }).code).startsWith('CSV_');
}
