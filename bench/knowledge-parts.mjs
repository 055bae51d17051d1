import { Knowledge, startModel } from './knowledge.mjs';
import { atMost, say, whole } from './report.mjs';

/** As many as a workspace may have. */
const CHUNKS = Number(process.env.BENCH_CHUNKS || 100_000);
/** As many as are all compared. */
const VECTORS = 5_000;

export const KNOWLEDGE_PARTS = {
  knowledge: async (world, seconds) => {
    const [big, small] = [await world.createClient(), await world.createClient()];
    const many = new Knowledge(world.session, big, CHUNKS);
    const few = new Knowledge(world.session, small, VECTORS);
    await many.make();
    await few.make();
    say('the documents are made');
    const model = await startModel();
    try {
      const [text, rerank, vector] = await world.instead(model.settings, big, async () => {
        const byText = await many.measure(world.server, 'text', seconds);
        await many.embed();
        await few.embed();
        const byBoth = await many.measure(world.server, 'text+rerank', seconds);
        return [byText, byBoth, await few.measure(world.server, 'vector', seconds)];
      });
      const figures = ({ p50, p99 }) => `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
      return {
        lines: [
          `- Searches, one after another. ${whole(CHUNKS)} chunks by text: ${figures(text)}; the best 200 of them by vectors of 1,536 numbers: ${figures(rerank)}. ${whole(VECTORS)} chunks, all by their vectors: ${figures(vector)}.`,
        ],
        targets: [
          atMost(`a search in ${whole(CHUNKS)} chunks by text, p50 ms`, 100, text.p50, 0),
          atMost(`a search in ${whole(CHUNKS)} chunks by text and vectors, p50 ms`, 150, rerank.p50, 0),
          atMost(`a search by ${whole(VECTORS)} vectors, p50 ms`, 150, vector.p50, 0),
        ],
      };
    } finally {
      model.close();
    }
  },
};
