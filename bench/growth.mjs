import { uuidv7 } from 'uuidv7';
import { median } from './measure.mjs';
import { drivePlain } from './plain.mjs';

/** Rows of the two copies, and into how many parts the second is cut. */
const ROWS = 1_000_000;
const PARTS = 16;
const PAIRS = 3;
/** A place in its channel that no message of a copy has. */
const FREE = 100_000_000;

const INDEXES = `
  SELECT (SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = indexrelid) AS columns,
         pg_relation_size(indexrelid) / 1e6::float8 AS megabytes,
         (pgstatindex(indexrelid::regclass::text)).avg_leaf_density AS density
  FROM pg_index WHERE indrelid = $1::regclass ORDER BY 1`;

/** Messages in the order of time, each channel as one of the tenants `$1`; and two empty tables with the same indexes. */
const MAKE_COPIES = [
  `CREATE SCHEMA growth`,
  `CREATE TABLE growth.source AS SELECT * FROM messages ORDER BY client_id, id LIMIT ${ROWS}`,
  `CREATE TABLE growth.whole (LIKE messages INCLUDING ALL)`,
  `CREATE TABLE growth.parted (LIKE messages INCLUDING ALL) PARTITION BY HASH (client_id)`,
  ...Array.from({ length: PARTS }, (_, part) => {
    const values = `WITH (MODULUS ${PARTS}, REMAINDER ${part})`;
    return `CREATE TABLE growth.part_${part} PARTITION OF growth.parted FOR VALUES ${values}`;
  }),
];
const SPREAD = `
  UPDATE growth.source SET client_id = ($1::uuid[])[1 + abs(hashtext(channel_id::text)::bigint) % cardinality($1)]`;

/** The indexes of the messages and a vacuum of one in a hundred, and what cutting the table up by its tenant brings. */
export async function measureGrowth(world, seconds) {
  await world.grown();
  await world.twenty();
  const { session } = world;
  await session.query('CREATE EXTENSION IF NOT EXISTS pgstattuple');
  const grown = await indexesOf(session, 'messages');
  await session.query(`UPDATE messages SET metadata = '{}' WHERE position % 100 = 0`);
  const vacuumed = await secondsOf(session, 'VACUUM messages');
  for (const statement of MAKE_COPIES) {
    await session.query(statement);
  }
  const clients = world.clients.map(({ clientId }) => clientId);
  await session.query(SPREAD, [clients]);
  const copies = {};
  for (const table of ['whole', 'parted']) {
    const filled = await secondsOf(session, `INSERT INTO growth.${table} SELECT * FROM growth.source`);
    copies[table] = { filled };
  }
  copies.whole.indexes = await indexesOf(session, 'growth.whole');
  await session.query('VACUUM (ANALYZE)');
  const { rows: places } = await session.query(
    'SELECT DISTINCT client_id, channel_id, sender_id FROM growth.source ORDER BY sender_id, channel_id LIMIT 1000',
  );
  for (const [name, callOf] of Object.entries({ send: sendInto, page: pageOf })) {
    const turns = { whole: [], parted: [] };
    for (let pair = 0; pair < PAIRS; pair += 1) {
      for (const table of ['whole', 'parted']) {
        turns[table].push((await drivePlain(world.database, callOf(table, places), { seconds })).perSecond);
      }
    }
    copies.whole[name] = median(turns.whole);
    copies.parted[name] = median(turns.parted);
  }
  await removeOne(session, clients[0], copies);
  return { grown, vacuumed, copies };
}

/** What is left to do when a tenant's messages have gone: in the whole table, or in the part where they were. */
async function removeOne(session, clientId, copies) {
  const { rows } = await session.query(
    'SELECT DISTINCT tableoid::regclass::text AS part FROM growth.parted WHERE client_id = $1',
    [clientId],
  );
  for (const table of ['whole', 'parted']) {
    await session.query(`DELETE FROM growth.${table} WHERE client_id = $1`, [clientId]);
  }
  copies.whole.vacuumed = await secondsOf(session, 'VACUUM growth.whole');
  copies.parted.vacuumed = await secondsOf(session, `VACUUM ${rows[0].part}`);
}

const indexesOf = async (session, table) => (await session.query(INDEXES, [table])).rows;

async function secondsOf(session, statement) {
  await session.query('CHECKPOINT');
  const began = performance.now();
  await session.query(statement);
  return (performance.now() - began) / 1000;
}

let position = FREE;

const sendInto = (table, places) => ({
  statement: {
    name: `growth.send_${table}`,
    text: `INSERT INTO growth.${table} (client_id, channel_id, position, id, sender_id, type, content, created_at)
           VALUES ($1, $2, $3, $4, $5, 'text', 'Shall we meet?', now())`,
  },
  values: (at) => {
    const { client_id, channel_id, sender_id } = places[at % places.length];
    return [client_id, channel_id, position++, uuidv7(), sender_id];
  },
});

const pageOf = (table, places) => ({
  statement: {
    name: `growth.page_${table}`,
    text: `SELECT id, sender_id, position, type, content, created_at FROM growth.${table}
           WHERE client_id = $1 AND channel_id = $2 AND position > $3 ORDER BY position LIMIT 11`,
  },
  values: (at) => {
    const { client_id, channel_id } = places[at % places.length];
    return [client_id, channel_id, 0];
  },
});
