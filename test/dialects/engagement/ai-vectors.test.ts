import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bytesOf } from '../../../src/engagement/ai/vectors.js';
import { makeDocument, replyOf, setAi, useAi } from '../../support/ai.js';
import { aiServer, embeds, raw, says, vectorOf, type AiServer } from '../../support/ai-server.js';
import { givenTeams, type TestCaller } from '../../support/engagement.js';
import { accepted } from '../../support/given.js';
import { readDocument, sendDocument, type ShownDocument } from '../../support/knowledge.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all' }));
const given = givenTeams(() => server);
let ai: AiServer;
beforeAll(async () => {
  ai = await aiServer();
});
afterAll(() => ai.close());

const PATH = '/knowledge-base';
const WITH_VECTORS = { embedding_model: 'vectors', embedding_price: 1_000_000 };

/** A workspace whose documents get vectors. */
const owner = async (more: object = {}): Promise<TestCaller & { readonly uuid: string }> => {
  const { owner: one, uuid } = await given.team();
  ai.embed = embeds;
  await useAi(one, ai, { ...WITH_VECTORS, ...more });
  return { ...one, uuid };
};
const search = async (by: TestCaller, q: string) => {
  const { body } = accepted(await by.send('GET', `${PATH}/search?q=${encodeURIComponent(q)}`));
  return body as { data: { title: string; text: string; score: number }[]; retrieval: string };
};
const shown = async (by: TestCaller, id: number): Promise<ShownDocument> => readDocument(by, { id });
const modelsOf = async ({ uuid }: { readonly uuid: string }) =>
  (
    await sql(
      `SELECT document.title, chunk.model, octet_length(chunk.embedding) / 4 AS length FROM documents document
       JOIN chunks chunk ON chunk.client_id = document.client_id AND chunk.document_id = document.id
       WHERE document.client_id = $1 ORDER BY document.number, chunk.n`,
      uuid,
    )
  ).map((row) => Object.values(row));
/** Has the worker look at once at what was changed beside it: whatever is said there calls it. */
const call = async (): Promise<void> => {
  await makeDocument(await owner(), 'Bell', 'It rings.');
};
/** Asked for vectors from now on, it says nothing until it is let go. */
const hold = (): { readonly held: Promise<void>; readonly letGo: () => void } => {
  const waiting: (() => void)[] = [];
  const held = new Promise<void>((resolve) => {
    ai.embed = (asked, response: ServerResponse) => {
      waiting.push(() => embeds(asked, response));
      resolve();
    };
  });
  return {
    held,
    letGo: () => {
      ai.embed = embeds;
      waiting.forEach((answer) => answer());
    },
  };
};

describe('Vectors', () => {
  it('are made of texts and files, and find what no word of the question does', async () => {
    const one = await owner();
    const id = await makeDocument(one, 'Boots', 'Boots are returnable for a month.', { language: null });
    await makeDocument(one, 'Delivery', 'Parcels arrive on Tuesday.', { language: null });
    const file = await sendDocument(server, one, { name: 'care.md', bytes: 'Brushes clean leather.' });
    await shown(one, (accepted(file).body.data as ShownDocument).id);
    await shown(one, id);
    await shown(one, id + 1);
    expect(await modelsOf(one)).toEqual([
      ...[
        ['Boots', 'vectors', 64],
        ['Delivery', 'vectors', 64],
      ],
      ['care.md', 'vectors', 64],
    ]);
    const { data, retrieval } = await search(one, 'returning');
    expect([data[0]!.title, retrieval]).toEqual(['Boots', 'vector']);
    expect(data[0]!.score).toBeGreaterThan(data[1]!.score);
    ai.answer = says('For a month.');
    const reply = await replyOf(one, { message: 'returning' });
    expect(reply).toMatchObject({ retrieval: 'vector', confidence: data[0]!.score });
    const [used] = await sql(
      `SELECT sum(tokens_in)::int AS tokens, sum(cost)::int AS cost FROM ai_usage WHERE client_id = $1 AND kind = 'embedding'`,
      one.uuid,
    );
    // Three chunks and two questions, of five tokens each.
    expect(used).toEqual({ tokens: 25, cost: 25 });
    accepted(await one.send('PUT', `${PATH}/${id}`, { status: 'paused' }));
    expect((await search(one, 'returning')).data.map(({ title }) => title)).not.toContain('Boots');
  });

  it('are those of the newest text, although those of the last one were compared before', async () => {
    const one = await owner();
    const id = await makeDocument(one, 'Returns', 'Boots may be returned.');
    await shown(one, id);
    const scoreOf = async (text: string): Promise<number> => (await search(one, `Returns\n\n${text}`)).data[0]!.score;
    expect(await scoreOf('Boots may be returned.')).toBe(1);
    accepted(await one.send('PUT', `${PATH}/${id}`, { content: 'Gift cards expire after a year.' }));
    await until(async () => (await scoreOf('Gift cards expire after a year.')) === 1, 60);
    expect(await scoreOf('Boots may be returned.')).toBeLessThan(1);
  });

  it('of another workspace find nothing, and nobody is told of it', async () => {
    const [mine, theirs] = [await owner(), await owner()];
    await shown(theirs, await makeDocument(theirs, 'Zebra', 'PLANTED zebra stripes.'));
    await shown(mine, await makeDocument(mine, 'Lion', 'A lion has no stripes.'));
    const count = ai.all.length;
    expect((await search(mine, 'zebra stripes')).data.map(({ title }) => title)).toEqual(['Lion']);
    expect(
      ai.all
        .slice(count)
        .map(({ text }) => text)
        .join(),
    ).not.toContain('PLANTED');
  });

  it.each([
    ['is away', raw('', 500, { 'retry-after': '0' }), 'the provider is overloaded'],
    ['answers no vectors', raw('{"data":[]}'), 'could not be understood'],
    ['answers zeros', raw('{"data":[{"index":0,"embedding":[0,0]}]}'), 'could not be understood'],
    ['answers words', raw('{"data":[{"index":0,"embedding":["a"]}]}'), 'could not be understood'],
  ])(
    'are missing where the provider %s: the document is found by its words, and tried again',
    async (_, answer, why) => {
      const one = await owner();
      ai.embed = answer;
      const id = await makeDocument(one, 'Returns', 'Boots may be returned.');
      const without = await until(async () => {
        const document = accepted(await one.send('GET', `${PATH}/${id}`)).body.data as ShownDocument;
        return document.error === null ? null : document;
      }, 60);
      expect(without).toMatchObject({ status: 'ready', error: expect.stringContaining(why) });
      expect(await search(one, 'returned boots')).toMatchObject({ data: [{ title: 'Returns' }], retrieval: 'text' });
      ai.embed = embeds;
      await sql('UPDATE documents SET turn_at = now() WHERE client_id = $1', one.uuid);
      await call();
      await until(async () => (await modelsOf(one))[0]![1] === 'vectors', 60);
      await until(async () => (await search(one, 'returned boots')).retrieval === 'vector', 60);
      expect((await shown(one, id)).error).toBeNull();
    },
  );

  it('are made anew by another model, and of what there was before there was one', async () => {
    const one = await owner({ embedding_model: null });
    await makeDocument(one, 'Returns', 'Boots may be returned.');
    expect(await modelsOf(one)).toEqual([['Returns', null, null]]);
    for (const embedding_model of ['first', 'second']) {
      accepted(await setAi(one, { embedding_model }));
      await until(async () => (await modelsOf(one))[0]![1] === embedding_model, 60);
    }
    accepted(await setAi(one, { embedding_model: null }));
    expect((await search(one, 'returned')).retrieval).toBe('text');
  });

  it('are not waited for where the month’s tokens are used', async () => {
    const one = await owner({ monthly_token_limit: 1 });
    await shown(one, await makeDocument(one, 'One', 'One.'));
    const second = await shown(one, await makeDocument(one, 'Two', 'Two.'));
    expect(second).toMatchObject({ status: 'ready', error: expect.stringContaining('monthly AI token limit') });
    expect((await search(one, 'two')).retrieval).toBe('text');
  });

  it('put the best 200 by words in order where there are more than 5,000', async () => {
    const one = await owner();
    const id = await makeDocument(one, 'Herd', 'zebra zebra zebra');
    await shown(one, id);
    const { uuid } = one;
    const far = bytesOf(Float32Array.from(vectorOf('x'), (value, at) => (at === 0 ? 1 : value * 0)));
    await sql(
      `INSERT INTO chunks (client_id, document_id, n, text, tsv, embedding, model)
       SELECT client_id, id, n, 'zebra ' || n, to_tsvector('english', 'zebra'), $2, 'vectors'
       FROM documents, generate_series(1, 5000) n WHERE client_id = $1`,
      ...[uuid, far],
    );
    await sql('UPDATE documents SET chunks_count = 5001 WHERE client_id = $1', uuid);
    const { data, retrieval } = await search(one, 'zebra');
    expect([data[0]!.text, retrieval, data.length]).toEqual(['zebra zebra zebra', 'text+rerank', 20]);
    await sql('DELETE FROM documents WHERE client_id = $1', uuid);
  });
});

describe('A document that is being embedded', () => {
  it('leaves nothing behind where it is deleted', async () => {
    const one = await owner();
    const { held, letGo } = hold();
    const id = await makeDocument(one, 'Gone', 'It goes.');
    await held;
    expect(accepted(await one.send('GET', `${PATH}/${id}`)).body.data).toMatchObject({ status: 'embedding' });
    accepted(await one.send('DELETE', `${PATH}/${id}`));
    letGo();
    await shown(one, await makeDocument(one, 'Next', 'It stays.'));
    expect(await modelsOf(one)).toEqual([['Next', 'vectors', 64]]);
  });

  it('has one set of chunks, all with vectors of what it says now, where it is changed', async () => {
    const one = await owner();
    const { held, letGo } = hold();
    const id = await makeDocument(one, 'Old', 'It was so. '.repeat(600));
    await held;
    accepted(await one.send('PUT', `${PATH}/${id}`, { title: 'New', content: 'It is so.' }));
    letGo();
    expect(await shown(one, id)).toMatchObject({ status: 'ready', chunks_count: 1, error: null });
    expect(await modelsOf(one)).toEqual([['New', 'vectors', 64]]);
    const [row] = await sql('SELECT embedding FROM chunks WHERE client_id = $1', one.uuid);
    const vector = vectorOf('New\n\nIt is so.');
    const length = Math.hypot(...vector);
    const is = bytesOf(Float32Array.from(vector, (value) => value / length));
    expect((row as { embedding: Buffer }).embedding.equals(is)).toBe(true);
  });

  it('is embedded by another process where its own dies', async () => {
    const one = await owner();
    const { held, letGo } = hold();
    const id = await makeDocument(one, 'Orphan', 'It waits.');
    await held;
    ai.embed = embeds;
    // As when the row of a dead process goes.
    await sql('UPDATE documents SET claimed_by = NULL WHERE client_id = $1', one.uuid);
    await call();
    expect(await shown(one, id)).toMatchObject({ status: 'ready', error: null });
    expect(await modelsOf(one)).toEqual([['Orphan', 'vectors', 64]]);
    letGo();
  });
});
