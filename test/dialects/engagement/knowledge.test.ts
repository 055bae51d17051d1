import { beforeAll, describe, expect, it } from '@jest/globals';
import { refused } from '../../support/contacts.js';
import { givenTeams, type TestCaller, type TestTeam } from '../../support/engagement.js';
import { accepted, must } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenTeams(() => server);
const PATH = '/knowledge-base';
let team: TestTeam;
let ann: TestCaller;
let key: TestCaller;
beforeAll(async () => {
  team = await given.team();
  [ann, key] = [await team.token('agent', ['knowledge-base']), await team.key()];
});

interface Shown {
  readonly id: number;
  readonly uuid: string;
  readonly title: string;
  readonly status: string;
  readonly chunks_count: number;
}

const make = async (by: TestCaller, body: object): Promise<Shown> =>
  accepted(await by.send('POST', PATH, { type: 'document', title: 'A', ...body })).body.data;
const find = async (by: TestCaller, q: string): Promise<{ title: string; text: string; score: number }[]> =>
  accepted(await by.send('GET', `${PATH}/search?q=${encodeURIComponent(q)}`)).body.data;
const titlesOf = async (by: TestCaller, q: string): Promise<string[]> => (await find(by, q)).map(({ title }) => title);
const chunksOf = async ({ uuid }: Pick<Shown, 'uuid'>): Promise<string[]> =>
  (await sql('SELECT text FROM chunks WHERE document_id = $1 ORDER BY n', uuid)).map(({ text }) => text as string);

describe('A document', () => {
  it('is made, shown, changed and deleted by the generated client', async () => {
    const { token } = (await given.team()).owner;
    const { api } = given.caller(token, null);
    const content = 'You may return it within 30 days.';
    const body = { type: 'document' as const, title: 'Returns', content, language: 'en', category: 'shop' };
    const { data } = must(await api.POST('/api/v1/knowledge-base', { body }));
    const moment = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/);
    expect(data).toEqual({
      ...{ id: 1, uuid: expect.stringMatching(/^[\da-f-]{36}$/), ...body, status: 'ready', error: null },
      ...{ is_priority: false, source_url: null, question: null, answer: null, file_name: null, file_size: null },
      ...{ chunks_count: 1, usage_count: 0, created_at: moment, updated_at: moment },
    });
    const params = { path: { id: '1' } };
    expect(must(await api.GET('/api/v1/knowledge-base/{id}', { params })).data).toEqual(data);
    const changed = must(
      await api.PUT('/api/v1/knowledge-base/{id}', { params, body: { ...data, status: 'ready', title: 'Back' } }),
    );
    expect(changed.data).toEqual({ ...data, title: 'Back', updated_at: moment });
    const query = { query: { q: 'back' } };
    const { data: found, retrieval } = must(await api.GET('/api/v1/knowledge-base/search', { params: query }));
    expect([found, retrieval]).toEqual([[{ document_id: 1, title: 'Back', text: content, score: 1 }], 'text']);
    const { content: _, ...listed } = changed.data;
    const list = must(await api.GET('/api/v1/knowledge-base', {}));
    expect([list.data, list.meta.total]).toEqual([[listed], 1]);
    expect((await api.DELETE('/api/v1/knowledge-base/{id}', { params })).response.status).toBe(204);
    expect((await api.GET('/api/v1/knowledge-base/{id}', { params })).error).toEqual({
      message: 'Knowledge base document not found.',
    });
    expect(await sql('SELECT FROM chunks WHERE document_id = $1', data.uuid)).toEqual([]);
  });

  it.each<[object, string]>([
    [{ type: undefined }, 'type'],
    [{ type: 'deal' }, 'type'],
    [{ title: undefined }, 'title'],
    [{ title: 'x'.repeat(501) }, 'title'],
    [{ content: undefined }, 'content'],
    [{ content: ' \n' }, 'content'],
    [{ content: 'x'.repeat(1_000_001) }, 'content'],
    [{ question: 'Why?' }, 'question'],
    [{ type: 'qa', content: undefined, question: 'Why?' }, 'answer'],
    [{ type: 'qa', question: 'Why?', answer: 'So.' }, 'content'],
    [{ type: 'qa', content: undefined, question: 'x'.repeat(1_001), answer: 'So.' }, 'question'],
    [{ type: 'qa', content: undefined, question: 'Why?', answer: 'x'.repeat(16_001) }, 'answer'],
    [{ category: 'x'.repeat(101) }, 'category'],
    [{ language: 'english!' }, 'language'],
    [{ is_priority: 'yes' }, 'is_priority'],
    [{ client_id: 'x' }, 'client_id'],
  ])('%j is refused on %s', async (body, field) => {
    const whole = { type: 'document', title: 'A', content: 'Text', ...body };
    expect(await ann.send('POST', PATH, whole)).toEqual(refused(field));
  });

  it('of a megabyte and more is none', async () => {
    const content = 'x'.repeat(1_100_000);
    expect((await ann.send('POST', PATH, { type: 'document', title: 'A', content })).status).toBe(413);
  });

  it('is of one type: a text has no question, and a question no text', async () => {
    const [text, qa] = [
      await make(ann, { content: 'Text' }),
      await make(ann, { type: 'qa', question: 'Why?', answer: 'So.' }),
    ];
    expect(await ann.send('PUT', `${PATH}/${text.id}`, { question: 'Why?' })).toEqual(refused('question'));
    expect(await ann.send('PUT', `${PATH}/${qa.id}`, { content: 'Text' })).toEqual(refused('content'));
    const changed = accepted(await ann.send('PUT', `${PATH}/${qa.id}`, { type: 'document', answer: 'Because.' }));
    expect(changed.body.data).toMatchObject({ type: 'qa', question: 'Why?', answer: 'Because.', content: null });
  });

  it('is nobody in another workspace', async () => {
    const { id, uuid } = await make(ann, { title: 'Secret zebra', content: 'Nobody else reads of the zebra.' });
    const { owner } = await given.team();
    for (const ref of [uuid, id + 4_242]) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const reply = await owner.send(method, `${PATH}/${ref}`, method === 'PUT' ? { title: 'X' } : undefined);
        expect([reply.status, reply.body]).toEqual([404, { message: 'Knowledge base document not found.' }]);
      }
    }
    expect(await find(owner, 'zebra')).toEqual([]);
    expect(accepted(await owner.send('GET', PATH)).body.meta.total).toBe(0);
    expect((await find(ann, 'zebra')).length).toBe(1);
  });

  it('is cut, and cut anew when what is found of it changes', async () => {
    const paragraph = (at: number): string => `Paragraph ${at}. ${'It goes on and on. '.repeat(50)}`.trim();
    const content = Array.from({ length: 10 }, (_, at) => paragraph(at)).join('\n\n');
    const made = await make(ann, { title: 'Long', content });
    const chunks = await chunksOf(made);
    expect([made.chunks_count, chunks.length]).toEqual([5, 5]);
    for (const at of content.split('\n\n')) {
      expect(chunks.some((chunk) => chunk.includes(at))).toBe(true);
    }
    const changed = accepted(await ann.send('PUT', `${PATH}/${made.id}`, { content: 'Short now.' })).body.data;
    expect([changed.chunks_count, await chunksOf(made)]).toEqual([1, ['Short now.']]);
  });
});

describe('The list', () => {
  it('has filters, orders and pages', async () => {
    const { owner } = await given.team();
    await make(owner, { title: 'Beta', content: 'x', category: 'one' });
    await make(owner, { title: 'Älpha 100%', content: 'x' });
    await make(owner, { type: 'qa', title: 'Gamma', question: 'Why so?', answer: 'So.', category: 'one' });
    const list = async (query: string): Promise<string[]> =>
      (accepted(await owner.send('GET', PATH + query)).body.data as Shown[]).map(({ title }) => title);
    expect(await list('')).toEqual(['Gamma', 'Älpha 100%', 'Beta']);
    expect(await list('?sort_by=title&sort_dir=asc')).toEqual(['Beta', 'Gamma', 'Älpha 100%']);
    expect(await list('?type=qa')).toEqual(['Gamma']);
    expect(await list('?category=one&status=ready&sort_by=usage_count')).toEqual(['Gamma', 'Beta']);
    expect(await list('?search=ALPHA')).toEqual(['Älpha 100%']);
    expect(await list('?search=0%25')).toEqual(['Älpha 100%']);
    expect(await list('?search=_')).toEqual([]);
    expect(await list('?per_page=1&page=2')).toEqual(['Älpha 100%']);
    expect(await list('?per_page=2&after=3')).toEqual(['Älpha 100%', 'Beta']);
    expect(await list('?page=99')).toEqual([]);
    for (const [query, field] of [
      ['?sort_by=content', 'sort_by'],
      ['?status=gone', 'status'],
      ['?after=99', 'after'],
      ['?type=deal', 'type'],
    ]) {
      expect(await owner.send('GET', PATH + query)).toEqual(refused(field!));
    }
  });
});

describe('The search', () => {
  it('finds words in their forms, in the language of each document', async () => {
    const { owner } = await given.team();
    await make(owner, { title: 'Boots', content: 'Boots were returned by many.', language: 'en' });
    await make(owner, { title: 'Häuser', content: 'Die Häuser stehen am Fluss.', language: 'de' });
    await make(owner, { title: 'Casas', content: 'Las casas estaban cerradas.', language: 'es-MX' });
    await make(owner, { title: 'Plain', content: 'xylophones' });
    expect(await titlesOf(owner, 'How do I return a boot?')).toEqual(['Boots']);
    expect(await titlesOf(owner, 'Haus am Fluss')).toEqual(['Häuser']);
    expect(await titlesOf(owner, 'cerrado')).toEqual(['Casas']);
    expect([await titlesOf(owner, 'xylophone'), await titlesOf(owner, 'XYLOPHONES')]).toEqual([[], ['Plain']]);
    expect((await find(owner, 'return boots'))[0]!.score).toBe(1);
    expect((await find(owner, 'return boots by airmail'))[0]!.score).toBeLessThan(0.9);
  });

  it('has what says more of it first, and of equals an answer or what the team has marked', async () => {
    const { owner } = await given.team();
    await make(owner, { title: 'One', content: 'shipping to Norway', language: 'en' });
    await make(owner, { title: 'Two', content: 'shipping', language: 'en' });
    const three = await make(owner, { title: 'Three', content: 'shipping', language: 'en' });
    await make(owner, { type: 'qa', title: 'Four', question: 'shipping', answer: 'yes', language: 'en' });
    expect(await titlesOf(owner, 'shipping norway fees')).toEqual(['One', 'Four', 'Three', 'Two']);
    accepted(await owner.send('PUT', `${PATH}/${three.id}`, { is_priority: true }));
    expect(await titlesOf(owner, 'shipping norway fees')).toEqual(['One', 'Three', 'Four', 'Two']);
  });

  it('leaves out what is paused, until it is ready again', async () => {
    const { id } = await make(ann, { content: 'Quokkas smile.' });
    accepted(await ann.send('PUT', `${PATH}/${id}`, { status: 'paused' }));
    expect(await find(ann, 'quokkas')).toEqual([]);
    accepted(await ann.send('PUT', `${PATH}/${id}`, { title: 'Still paused' }));
    expect(await find(ann, 'quokkas')).toEqual([]);
    accepted(await ann.send('PUT', `${PATH}/${id}`, { status: 'ready' }));
    expect(await titlesOf(ann, 'quokkas')).toEqual(['Still paused']);
  });

  it.each([
    `' & | ! :*`,
    `it's`,
    'a & !b',
    `\\'; DROP TABLE chunks; --`,
    '%',
    '😀',
    '\u202eabc',
    '-"quoted" or (x)',
    'the',
  ])('%j is taken literally', async (q) => {
    const { status } = await ann.send('GET', `${PATH}/search?q=${encodeURIComponent(q)}`);
    expect(status).toBe(200);
  });

  it('finds what is asked for with such letters in it', async () => {
    await make(ann, { title: 'Odd', content: `O'Brien\\path & mango!` });
    expect(await titlesOf(ann, `o'brien`)).toContain('Odd');
    expect(await titlesOf(ann, 'mango & !papaya')).toEqual(['Odd']);
  });

  it.each([
    ['', 'q'],
    ['q=', 'q'],
    [`q=${'a'.repeat(10_240)}`, 'q'],
    ['q=a&q=b', 'q'],
    ['q=a&limit=3', 'limit'],
  ])('?%.20s is refused on %s', async (query, field) => {
    expect(await ann.send('GET', `${PATH}/search?${query}`)).toEqual(refused(field));
  });

  it('has twenty parts at most', async () => {
    const { owner } = await given.team();
    await make(owner, { content: Array.from({ length: 30 }, () => `kiwi ${'and so on '.repeat(330)}`).join('\n\n') });
    expect((await find(owner, 'kiwi')).length).toBe(20);
  });
});

describe('A workspace', () => {
  it('has so many documents and chunks, and no more', async () => {
    const { owner, uuid } = await given.team();
    const { id } = await make(owner, { content: 'x' });
    await sql('UPDATE documents SET chunks_count = 100000 WHERE client_id = $1', uuid);
    const full = { code: 'limit_reached', message: expect.stringContaining('100000 chunks') };
    const more = await owner.send('POST', PATH, { type: 'document', title: 'B', content: 'x' });
    expect([more.status, more.body]).toEqual([409, full]);
    accepted(await owner.send('PUT', `${PATH}/${id}`, { content: 'another' }));
    await sql(
      `INSERT INTO documents (client_id, id, number, type, status, title, config)
       SELECT $1, gen_random_uuid(), 1000 + n, 'document', 'ready', 'Filler', 'simple' FROM generate_series(1, 9999) n`,
      uuid,
    );
    const one = await owner.send('POST', PATH, { type: 'document', title: 'B', content: 'x' });
    expect([one.status, one.body.message]).toEqual([409, expect.stringContaining('10000 documents')]);
  });

  it('is asked under a key once', async () => {
    const headers = { 'idempotency-key': 'one-document' };
    const body = { type: 'document', title: 'Once', content: 'x' };
    const [one, two] = [await key.send('POST', PATH, body, headers), await key.send('POST', PATH, body, headers)];
    expect([accepted(two).body, two.status]).toEqual([one.body, 201]);
  });
});
