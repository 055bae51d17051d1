import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { makeDocument, useAi } from '../support/ai.js';
import { aiServer, embeds, silent, type AiServer } from '../support/ai-server.js';
import { givenTeams, type TestCaller, type TestTeam } from '../support/engagement.js';
import { accepted } from '../support/given.js';
import { readDocument, titlesFound, type ShownDocument } from '../support/knowledge.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const PATH = '/knowledge-base';
const NEVER: RequestListener = () => undefined;

beforeAll(ownDatabase);
const web = useServer(() => startServer({ ROLE: 'web', LIMIT_API: 'off', UI_RATE_LIMIT: 'off' }));
const given = givenTeams(() => web);
let [ai, site]: [AiServer | undefined, Server | undefined] = [undefined, undefined];
let page: RequestListener = NEVER;
let asked = 0;
let workers: ServerProcess[] = [];
beforeAll(async () => {
  ai = await aiServer();
  site = createServer((request, response) => {
    if (request.url === '/robots.txt') {
      response.writeHead(404).end();
    } else {
      asked += 1;
      page(request, response);
    }
  });
  await new Promise<void>((done) => site!.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await Promise.all(workers.map((one) => one.end('SIGKILL')));
  site!.closeAllConnections();
  site!.close();
  await ai!.close();
});
beforeEach(() => {
  asked = 0;
});

const worker = async (): Promise<ServerProcess> => {
  const env = { ROLE: 'worker', DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' };
  const one = await startProcess(env);
  workers.push(one);
  return one;
};
const kill = async (one: ServerProcess): Promise<void> => {
  workers = workers.filter((other) => other !== one);
  await one.end('SIGKILL');
};
const says =
  (text: string): RequestListener =>
  (_, response) =>
    void response.setHeader('content-type', 'text/plain').end(text);
const pageOf = async (by: TestCaller, title: string): Promise<ShownDocument> => {
  const source_url = `http://127.0.0.1:${(site!.address() as AddressInfo).port}/page`;
  return accepted(await by.send('POST', PATH, { type: 'url', title, source_url, language: 'en' })).body
    .data as ShownDocument;
};
/** Each chunk once, of the text that the document has. */
const chunksOf = async ({ uuid }: Pick<TestTeam, 'uuid'>) =>
  sql<{ n: number; text: string; model: string | null }>(
    'SELECT n, text, model FROM chunks WHERE client_id = $1 ORDER BY document_id, n',
    uuid,
  );

it('A document whose worker is killed while it is read is read by the next, and has one set of chunks', async () => {
  const team = await given.team();
  page = NEVER;
  const first = await worker();
  const begun = await pageOf(team.owner, 'Killed');
  await until(() => asked === 1);
  await kill(first);
  page = says(`A numbat waits.\n\n${'It is read as a whole. '.repeat(400)}`);
  await worker();
  const shown = await readDocument(team.owner, begun);
  expect(shown).toMatchObject({ status: 'ready', error: null });
  const chunks = await chunksOf(team);
  expect(chunks.map(({ n }) => n)).toEqual(Array.from({ length: shown.chunks_count }, (_, n) => n));
  expect(shown.chunks_count).toBeGreaterThan(1);
  expect(await titlesFound(team.owner, 'numbat')).toEqual(expect.arrayContaining(['Killed']));
}, 300_000);

it('A document that is tried again while another worker still reads it says what was read last, once', async () => {
  const team = await given.team();
  await worker();
  let letGo!: () => void;
  page = (request, response) => {
    letGo = () => says('What was there first. '.repeat(400))(request, response);
  };
  const begun = await pageOf(team.owner, 'Again');
  await until(() => asked === 1);
  // Somebody else gave it up meanwhile, as after a process that was taken for dead.
  await sql(`UPDATE documents SET status = 'failed', error = 'x' WHERE client_id = $1`, team.uuid);
  page = says('What is there now.');
  const tries = await Promise.all(
    Array.from({ length: 5 }, () => team.owner.send('POST', `${PATH}/${begun.id}/retry`)),
  );
  expect(tries.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422]);
  const shown = await readDocument(team.owner, begun);
  expect(shown).toMatchObject({ status: 'ready', content: 'What is there now.', chunks_count: 1 });
  const before = await chunksOf(team);
  letGo();
  // What comes after it shows that the late one has had its turn, too: a client has two at once.
  page = says('Another.');
  for (const title of ['Next', 'Last']) {
    await readDocument(team.owner, await pageOf(team.owner, title));
  }
  await until(
    async () =>
      (await sql(`SELECT FROM documents WHERE client_id = $1 AND claimed_by IS NOT NULL`, team.uuid)).length === 0,
  );
  const now = accepted(await team.owner.send('GET', `${PATH}/${begun.id}`)).body.data as ShownDocument;
  expect(now).toMatchObject({ status: 'ready', content: 'What is there now.', chunks_count: 1 });
  expect((await chunksOf(team)).filter(({ text }) => text !== 'Another.')).toEqual(before);
}, 300_000);

it('A document whose worker is killed while vectors are made keeps those there are, and gets the rest of the next', async () => {
  const team = await given.team();
  await useAi(team.owner, ai!, { embedding_model: 'vectors' });
  let batches = 0;
  ai!.embed = (...of) => {
    batches += 1;
    (batches === 1 ? embeds : silent)(...of);
  };
  const first = workers[0] ?? (await worker());
  const id = await makeDocument(team.owner, 'Long', 'A quoll has spots. '.repeat(10_000));
  await until(() => batches === 2);
  const half = (await chunksOf(team)).filter(({ model }) => model !== null).length;
  expect(half).toBeGreaterThan(0);
  for (const one of [...workers]) {
    await kill(one);
  }
  expect(first.child.signalCode).toBe('SIGKILL');
  expect((await chunksOf(team)).filter(({ model }) => model !== null)).toHaveLength(half);
  const count = ai!.all.length;
  ai!.embed = embeds;
  await worker();
  const shown = await readDocument(team.owner, { id });
  expect(shown).toMatchObject({ status: 'ready', error: null });
  const chunks = await chunksOf(team);
  expect(chunks.map(({ n, model }) => [n, model])).toEqual(
    Array.from({ length: shown.chunks_count }, (_, n) => [n, 'vectors']),
  );
  // Nobody pays twice for what was there.
  const again = ai!.all.slice(count).reduce((sum, { input }) => sum + input.length, 0);
  expect(again).toBe(shown.chunks_count - half);
}, 300_000);
