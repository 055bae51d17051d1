import { deflateRawSync } from 'node:zlib';
import { beforeAll, expect, it } from '@jest/globals';
import { givenTeams, type TestCaller } from '../support/engagement.js';
import { accepted } from '../support/given.js';
import { readDocument, sendDocument, titlesFound, type ShownDocument } from '../support/knowledge.js';
import { docxOf, pdfOf, pdfOfObjects, streamOf } from '../support/made-files.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase } from '../support/sql.js';

const MEGABYTE = 1024 * 1024;
const HELVETICA = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';
beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', UI_RATE_LIMIT: 'off', LIMIT_API: 'off', RATE_LIMIT: 'off' }));
const given = givenTeams(() => server);
let ann: TestCaller;
beforeAll(async () => {
  ann = await (await given.team()).token('admin', ['knowledge-base']);
});

const read = async (name: string, bytes: Buffer | string): Promise<ShownDocument> =>
  readDocument(ann, accepted(await sendDocument(server, ann, { name, bytes })).body.data as ShownDocument);

const zeros = (megabytes: number): Buffer => deflateRawSync(Buffer.alloc(megabytes * MEGABYTE));
/** Why it fails; null: it may be read as well. */
it.each<[string, string, () => Buffer | string, RegExp | null]>([
  [
    'a docx that unpacks to too much',
    'a.docx',
    () => docxOf(['x'], [{ name: 'word/a.xml', bytes: '', packed: zeros(60), saysSize: 60 * MEGABYTE }]),
    /too large/,
  ],
  [
    'a docx that lies about its sizes',
    'a.docx',
    () => docxOf(['x'], [{ name: 'word/a.xml', bytes: 'x', packed: zeros(60), saysSize: 1 }]),
    /broken/,
  ],
  [
    'a docx of too many entries',
    'a.docx',
    () =>
      docxOf(
        ['x'],
        Array.from({ length: 2_500 }, (_, at) => ({ name: `${at}`, bytes: '' })),
      ),
    /too large/,
  ],
  ['a pdf of 501 pages', 'a.pdf', () => pdfOf(Array.from({ length: 501 }, () => 'x')), /more than 500 pages/],
  [
    'a pdf that unpacks to too much',
    'a.pdf',
    () =>
      pdfOfObjects([
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 ${HELVETICA}>>>>>>`,
        streamOf(
          Buffer.concat([Buffer.from('BT /F1 12 Tf 20 700 Td (Smuggled) Tj ET'), Buffer.alloc(100 * MEGABYTE, ' ')]),
        ),
      ]),
    /too large|no text|broken/,
  ],
  [
    'a docx that is one long word for the reader',
    'a.docx',
    () => docxOf(Array.from({ length: 60_000 }, () => 'x'.repeat(90))),
    null,
  ],
  [
    'a pdf of a thousand streams that unpack to a lot',
    'a.pdf',
    () =>
      pdfOfObjects([
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[${Array.from({ length: 400 }, () => '4 0 R').join(' ')}]>>`,
        streamOf(Buffer.alloc(30 * MEGABYTE, '[[[[')),
      ]),
    null,
  ],
])(
  '%s fails, or is read, and the worker lives',
  async (_, name, bytes, why) => {
    const shown = await read(name, bytes());
    if (why === null) {
      expect(['failed', 'ready']).toContain(shown.status);
    } else {
      expect([shown.status, shown.error]).toEqual(['failed', expect.stringMatching(why)]);
    }
    const after = await read('after.txt', 'The ocelot lives.');
    expect([after.status, await titlesFound(ann, 'ocelot')]).toEqual(['ready', expect.arrayContaining(['after.txt'])]);
  },
  300_000,
);
