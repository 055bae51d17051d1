import { once } from 'node:events';
import { createServer } from 'node:http';
import { bytesOf } from '../dist/src/engagement/ai/vectors.js';
import { driveHttp } from './load.mjs';
import { headersOf } from './server.mjs';

const PATH = '/api/v1/knowledge-base/search?q=';
const MODEL = 'bench';
/** Of a vector, as the models have that most are made by. */
const DIMENSIONS = 1_536;
/** Of a document. */
const CHUNKS = 10;
/** Halves of chunks, each of which stands in many: `to_tsvector` takes a millisecond for each. */
const HALVES = 1_000;
const WORDS_IN_HALF = 230;
const VOCABULARY = 20_000;
const QUESTIONS = 199;
const INDEX = `SELECT indexdef FROM pg_indexes WHERE indexname = 'chunks_words'`;

/** As many chunks for `client` as in a big knowledge base, searched by one user after another. */
export class Knowledge {
  #random = randomOf(7);
  #words = Array.from({ length: VOCABULARY }, (_, rank) => wordOf(rank));

  constructor(session, client, chunks) {
    Object.assign(this, { session, clientId: client.clientId, headers: headersOf(client), chunks });
  }

  /** Of about 3,200 characters each, whose words are as common as those of a language, with vectors that nobody knows of yet. */
  async make() {
    const halves = Array.from({ length: HALVES }, () => this.#said(WORDS_IN_HALF));
    const vectors = Array.from({ length: HALVES }, () => bytesOf(vectorOf(this.#random)));
    const [{ indexdef }] = await this.#rows(INDEX);
    await this.#rows('DROP INDEX chunks_words');
    await this.#rows(
      `INSERT INTO documents (client_id, id, number, type, status, title, content, language, config, chunks_count)
       SELECT $1, gen_random_uuid(), n, 'document', 'ready', 'Document ' || n, '', 'en', 'english', $3
       FROM generate_series(1, $2::int) n`,
      [this.clientId, this.chunks / CHUNKS, CHUNKS],
    );
    await this.#rows(
      `WITH half AS MATERIALIZED (
         SELECT n - 1 AS n, text, to_tsvector('english', text) AS tsv, vector
         FROM unnest($2::text[], $3::bytea[]) WITH ORDINALITY one(text, vector, n)
       )
       INSERT INTO chunks (client_id, document_id, n, text, tsv, embedding, model)
       SELECT $1, document.id, place.n, one.text || E'\\n' || other.text, one.tsv || other.tsv, one.vector, $4
       FROM documents document
       CROSS JOIN generate_series(0, $5::int - 1) place(n)
       JOIN half one ON one.n = (document.number * $5 + place.n) % $6
       JOIN half other ON other.n = (document.number * $5 + place.n) / $6 * 7 % $6
       WHERE document.client_id = $1`,
      [this.clientId, halves, vectors, MODEL, CHUNKS, HALVES],
    );
    await this.#rows(indexdef);
    await this.#rows('VACUUM ANALYZE');
  }

  /** From here on they are known. */
  async embed() {
    await this.#rows('UPDATE documents SET embedded_with = $2 WHERE client_id = $1', [this.clientId, MODEL]);
    await this.#rows('VACUUM ANALYZE documents');
  }

  /** @throws Error where it is not found in this way */
  async measure(server, retrieval, seconds) {
    const requests = Array.from({ length: QUESTIONS }, (_, at) => ({
      path: PATH + encodeURIComponent(this.#said(4 + (at % 9))),
      headers: this.headers,
    }));
    for (const { path, headers } of requests.slice(0, 5)) {
      const response = await fetch(server.base + path, { headers });
      const found = await response.json();
      if (found.data?.length !== 20 || found.retrieval !== retrieval) {
        throw new Error(`${path}: ${response.status}, ${found.data?.length} found by ${found.retrieval}`);
      }
    }
    return driveHttp(server, requests, { connections: 1, seconds });
  }

  /** The more common a word, the more often: the second half as often as the first, and so on. */
  #said(words) {
    const one = () => this.#words[Math.floor(VOCABULARY ** this.#random()) - 1];
    return Array.from({ length: words }, one).join(' ');
  }

  async #rows(text, values = []) {
    return (await this.session.query(text, values)).rows;
  }
}

/** A model that makes a vector of anything at once. */
export async function startModel() {
  const random = randomOf(11);
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const data = [{ index: 0, embedding: [...vectorOf(random)] }];
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data, usage: { prompt_tokens: 9 } }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const settings = {
    AI_BASE_URL: `http://127.0.0.1:${server.address().port}/v1`,
    AI_EMBEDDING_MODEL: MODEL,
    // Nobody makes vectors of what has some.
    ROLE: 'web',
    LIMIT_API: 'off',
  };
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { settings, close };
}

/** Numbers below 1, the same in each run. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function wordOf(rank) {
  const syllable = (n) => 'bdfgklmnprtvz'[n % 13] + 'aeiou'[Math.floor(n / 13) % 5];
  return `${syllable(rank)}${syllable(Math.floor(rank / 65) % 65)}${syllable(Math.floor(rank / 4_225))}`;
}

/** Of length 1. */
function vectorOf(random) {
  const vector = Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
