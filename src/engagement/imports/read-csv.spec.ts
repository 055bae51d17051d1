import { describe, expect, it } from '@jest/globals';
import { readHead, recordsAfter, type CsvRecord } from './read-csv.js';

/** In pieces of so many bytes. */
async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

async function recordsOf(text: string, size = 65_536): Promise<CsvRecord[]> {
  const head = await readHead(pieces(text, size));
  return [head, ...(await from(text, head, head, size))];
}

/** What follows record `after`, read from there. */
async function from(
  text: string,
  head: Awaited<ReturnType<typeof readHead>>,
  after: CsvRecord,
  size = 65_536,
): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  const rest = Buffer.from(text).subarray(after.end).toString();
  for await (const record of recordsAfter(pieces(rest, size), head, after)) {
    records.push(record);
  }
  return records;
}

async function read(text: string, size?: number): Promise<(readonly string[])[]> {
  return (await recordsOf(text, size)).map(({ cells }) => cells);
}

describe('The records of a file', () => {
  const table = [
    ['email', 'Größe'],
    ['a@example.com', '1,5'],
    ['', 'zwei\nZeilen "€"'],
  ];

  it.each([',', ';', '\t'])('are read apart by %j, in whatever pieces they come', async (delimiter) => {
    const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const rows = table.map((row, at) => (at === 0 ? row : row.map(cell)).join(delimiter));
    for (const size of [1, 2, 3, 7, 65_536]) {
      expect(await read(`\ufeff${rows.join('\r\n')}\r\n\r\n`, size)).toEqual(table);
    }
  });

  it.each(['\n', '\r\n'])('are the same from wherever their reading begins, with %j', async (end) => {
    const text = ['\ufeffemail;x', 'ä@b.de;"x\ny"', '', 'c;"d ""q"""', ' ;e\r', '', '"last";'].join(end);
    const head = await readHead(pieces(text, 5));
    const [, ...records] = await recordsOf(text);
    expect(records).toHaveLength(4);
    for (const [at, record] of records.entries()) {
      expect(await from(text, head, record, 3)).toEqual(records.slice(at + 1));
    }
  });

  it('are told by the lines they are in, wherever their reading begins', async () => {
    const text = 'email\na\n"b\nc"\nd\n\u0000\n';
    const [head, , after] = await recordsOf(text.slice(0, -2));
    const rest = from(text, head as Awaited<ReturnType<typeof readHead>>, after!);
    await expect(rest).rejects.toThrow('Line 6 is not UTF-8 text.');
  });

  it('are read as far as somebody wants them', async () => {
    const bytes = pieces(`${'a@example.com\n'.repeat(100_000)}`, 1_000);
    const records = recordsAfter(bytes, { delimiter: ',', recordDelimiter: ['\n'] }, { end: 6, lines: 1 });
    await records.next();
    await records.return();
    expect(await records.next()).toEqual({ done: true, value: undefined });
  });

  it('fail as their bytes do', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('email\na\n');
      await Promise.resolve();
      throw new Error('The store is away');
    };
    const head = await readHead(pieces('email\na\n', 10));
    await expect(
      (async () => {
        for await (const { cells } of recordsAfter(broken(), head, { end: 0, lines: 0 })) {
          expect(cells).toHaveLength(1);
        }
      })(),
    ).rejects.toThrow('The store is away');
  });
});
