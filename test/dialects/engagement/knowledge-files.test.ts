import { beforeAll, describe, expect, it } from '@jest/globals';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted, testClient } from '../../support/given.js';
import { endpointByName } from '../../support/inbox-events.js';
import { readDocument, sendDocument, titlesFound, type ShownDocument } from '../../support/knowledge.js';
import { docxOf, pdfOf, pdfOfObjects, wordXml, zipOf } from '../../support/made-files.js';
import { receiver } from '../../support/receiver.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { inWorkspace } from '../../support/users.js';

const MEGABYTE = 1024 * 1024;
const PATH = '/knowledge-base';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const UNLIMITED = { UI_RATE_LIMIT: 'off', LIMIT_API: 'off', LIMIT_KB_SCRAPE: 'off', RATE_LIMIT: 'off' };

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', ...UNLIMITED }));
const given = givenTeams(() => server);
let team: TestTeam;
let ann: TestCaller;
beforeAll(async () => {
  team = await given.team();
  ann = await team.token('admin', ['knowledge-base']);
});

const send = (name: string, bytes: Buffer | string, fields = {}) => sendDocument(server, ann, { name, bytes }, fields);
const made = async (...of: Parameters<typeof send>): Promise<ShownDocument> =>
  accepted(await send(...of)).body.data as ShownDocument;
const read = async (...of: Parameters<typeof send>): Promise<ShownDocument> => readDocument(ann, await made(...of));

const ENGLISH = 'Boots are returned within thirty days.';
const RUSSIAN = 'Возврат возможен в течение месяца.';
const CHINESE = '三十天内可以退货。';
const GERMAN = 'Stiefel können zurückgegeben werden.';

describe('A file', () => {
  it.each([
    ['pdf', pdfOf([`${ENGLISH}\n${RUSSIAN}`, `${CHINESE}\n${GERMAN}`])],
    ['docx', docxOf([ENGLISH, RUSSIAN, CHINESE, GERMAN])],
    ['md', `# Returns\n\n${ENGLISH}\n\n${RUSSIAN} ${CHINESE}\n\n- ${GERMAN}`],
    ['txt', Buffer.from(`\ufeff${[ENGLISH, RUSSIAN, CHINESE, GERMAN].join('\r\n')}`, 'utf16le')],
  ])('of type %s is read, in any script', async (extension, bytes) => {
    const begun = await made(`returns.${extension}`, bytes, { language: 'de', category: 'shop', is_priority: 'true' });
    expect(begun).toMatchObject({
      ...{ type: 'file', status: 'extracting', error: null, content: null, category: 'shop', is_priority: true },
      ...{ file_name: `returns.${extension}`, file_size: Buffer.byteLength(bytes), chunks_count: 0 },
    });
    const shown = await readDocument(ann, begun);
    expect(shown).toMatchObject({ status: 'ready', error: null, chunks_count: 1 });
    for (const sentence of [ENGLISH, RUSSIAN, CHINESE, GERMAN]) {
      expect(shown.content).toContain(sentence);
    }
    expect(await titlesFound(ann, 'Stiefel zurückgeben')).toContain(`returns.${extension}`);
    accepted(await ann.send('DELETE', `${PATH}/${shown.id}`));
    expect(await sql('SELECT FROM files WHERE client_id = $1', team.uuid)).toEqual([]);
  });

  it('tells that it is ready, or that it failed', async () => {
    const [other, hook] = [await given.team(), await receiver()];
    accepted(await other.owner.user!.send('PATCH', inWorkspace(other.workspace), { domain: 'example.com' }));
    const program = testClient(server.url, other.uuid, other.workspace.publicKey, (await other.key()).token);
    await endpointByName(program, server.url, hook.url, ['document.ready', 'document.failed']);
    const by = await other.token('agent', ['knowledge-base']);
    const document = { name: 'a.txt', bytes: ENGLISH };
    const good = accepted(await sendDocument(server, by, document)).body.data as ShownDocument;
    const bad = accepted(await sendDocument(server, by, { ...document, bytes: ' \n ' })).body.data as ShownDocument;
    const events = (await hook.got(2)).map(({ body }) => body as { type: string; data: ShownDocument });
    expect(events.map(({ type, data }) => [type, data.id, data.status]).sort()).toEqual([
      ['document.failed', bad.id, 'failed'],
      ['document.ready', good.id, 'ready'],
    ]);
    expect(events.every(({ data }) => !('content' in data))).toBe(true);
  });

  it.each<[string, Buffer | string]>([
    ['a.doc', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])],
    ['a.pdf', PNG],
    ['a.docx', PNG],
    ['a.docx', '<w:document/>'],
    ['a.txt', PNG],
    ['a.md', pdfOf(['x'])],
    ['a.txt', zipOf([{ name: 'a', bytes: 'a' }])],
    ['a.xlsx', docxOf(['x'])],
    ['a.exe', 'MZ'],
    ['noextension', 'text'],
  ])('%s that is none of its kind is refused', async (name, bytes) => {
    const reply = await send(name, bytes);
    const says = 'The file must be a file of type: pdf, txt, md, docx.';
    expect([reply.status, reply.body]).toEqual([422, { errors: { file: [says] } }]);
  });

  it('of more than 10 MB is refused', async () => {
    expect((await send('a.txt', 'x'.repeat(10 * MEGABYTE + 1))).status).toBe(413);
  });

  it('is where its type says so, and only there', async () => {
    const { status, body } = await ann.send('POST', PATH, { type: 'file', title: 'A' });
    expect([status, Object.keys((body as { errors: object }).errors)]).toEqual([422, ['file']]);
    expect((await send('a.txt', 'x', { type: 'document', content: 'x' })).body).toMatchObject({
      errors: { file: [expect.any(String)] },
    });
  });

  it.each<[string, string, () => Buffer | string, RegExp]>([
    ['no text', 'a.txt', () => '\n \t\n', /no text/],
    ['no UTF-8', 'a.txt', () => Buffer.from('Käse', 'latin1'), /UTF-8/],
    ['nothing but an archive', 'a.docx', () => zipOf([{ name: 'x/a.txt', bytes: 'a' }]), /broken/],
    ['an archive in an archive', 'a.docx', () => zipOf([{ name: 'a.docx', bytes: docxOf(['x']) }]), /broken/],
    ['half a docx', 'a.docx', () => docxOf(['x']).subarray(0, 300), /broken/],
    [
      'a docx that is locked',
      'a.docx',
      () => docxOf(['x'], [{ name: 'word/b.xml', bytes: 'x', isEncrypted: true }]),
      /encrypted/,
    ],
    [
      'a docx that is sealed',
      'a.docx',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      /encrypted/,
    ],
    [
      'a docx with a path outside',
      'a.docx',
      () => docxOf(['x'], [{ name: '../../../tmp/parlance-was-here', bytes: 'x' }]),
      /broken/,
    ],
    ['half a pdf', 'a.pdf', () => pdfOf(['Hello']).subarray(0, 60), /broken|no text/],
    [
      'a pdf of pages in a circle',
      'a.pdf',
      () => pdfOfObjects(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>']),
      /broken|no text/,
    ],
    [
      'a pdf that is locked',
      'a.pdf',
      () =>
        pdfOfObjects(
          [
            '<</Type/Catalog/Pages 2 0 R>>',
            '<</Type/Pages/Kids[]/Count 0>>',
            `<</Filter/Standard/V 1/R 2/O<${'ab'.repeat(32)}>/U<${'cd'.repeat(32)}>/P -1>>`,
          ],
          '/Encrypt 3 0 R/ID[<00><00>]',
        ),
      /encrypted/,
    ],
  ])('with %s fails, says why, and can be tried again', async (_, name, bytes, why) => {
    const shown = await read(name, bytes());
    expect(shown).toMatchObject({
      status: 'failed',
      content: null,
      chunks_count: 0,
      error: expect.stringMatching(why),
    });
    const again = accepted(await ann.send('POST', `${PATH}/${shown.id}/retry`)).body.data as ShownDocument;
    expect([again.status, again.error]).toEqual(['extracting', null]);
    expect((await readDocument(ann, shown)).status).toBe('failed');
  });

  it('that names others fetches none of them', async () => {
    const hook = await receiver();
    const entity = `<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY far SYSTEM "${hook.url}">]>`;
    const shown = await read('a.docx', docxOf(['Before &secret; &far; after'], [], entity));
    expect(shown.content ?? '').not.toMatch(/root:/);
    expect(hook.all).toEqual([]);
    const laughs = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(50)}">${'bcdefgh'.replaceAll(/./g, (one) => `<!ENTITY ${one} "${`&${String.fromCharCode(one.charCodeAt(0) - 1)};`.repeat(10)}">`)}]>`;
    const laughed = await read('b.docx', zipOf([{ name: 'word/document.xml', bytes: wordXml(['&h;'], laughs) }]));
    expect((laughed.content ?? '').length).toBeLessThan(1_000);
  });

  it('that was read is not tried again', async () => {
    const shown = await read('fine.txt', ENGLISH);
    const { status, body } = await ann.send('POST', `${PATH}/${shown.id}/retry`);
    expect([status, body]).toEqual([422, { message: 'Only a document that has failed can be tried again.' }]);
    expect((await ann.send('POST', `${PATH}/4242/retry`)).status).toBe(404);
  });

  it('that the team corrects says what the team says', async () => {
    const shown = await read('wrong.txt', 'Wrong okapi.');
    const changed = accepted(await ann.send('PUT', `${PATH}/${shown.id}`, { content: 'Right tapir.' })).body.data;
    expect(changed).toMatchObject({ status: 'ready', content: 'Right tapir.' });
    expect([await titlesFound(ann, 'okapi'), await titlesFound(ann, 'tapir')]).toEqual([[], ['wrong.txt']]);
  });
});
