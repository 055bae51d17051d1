import type { Binding } from '../../src/engagement/binding.js';
import { beside, ownDatabase, sql } from './sql.js';

/** What PostgreSQL says of a part of a plan. */
interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

/** Of the one client; all others have as many again. */
export const MANY = 100_000;
const OTHERS = 4;
export const US = '00000000-0000-4000-8000-000000000000';
/** The least that is not all of a workspace: what a page or a search that finds little may look at. */
const LOOKED = 10_000;
/** What lists read of each of their rows, and nothing else. */
const BESIDE = ['customers', 'channels', 'channel_members', 'contact_touches', 'users', 'tags', 'contact_segments'];
export const idOf = (kind: string, n: string): string => `md5(${n} || ' ${kind}')::uuid`;
/** A number below `most`, each as likely, of the `n`th row; another one for each `of`. */
const chance = (of: string, most: number): string =>
  `(('x' || substr(md5(n || '${of}'), 1, 7))::bit(28)::int % ${most})`;

/** Of client `$1`: `$2` contacts, each with a conversation in which one message was said. */
const FILL = [
  `INSERT INTO customers (client_id, id, name) SELECT $1, ${idOf('person', 'n')}, 'Jane' FROM generate_series(1, $2::int) n`,
  `INSERT INTO contacts (client_id, customer_id, number, first_name, last_name, email, company, country, lead_score, status,
                         search_text, created_at)
   SELECT $1, ${idOf('person', 'n')}, n, 'First' || ${chance('f', 5_000)}, 'Last' || ${chance('l', 900)}, n || '@example.com',
          'Company' || ${chance('c', 700)}, CASE ${chance('country', 1_000)} WHEN 0 THEN 'LI' ELSE 'DE' END, ${chance('s', 101)},
          CASE ${chance('status', 200)} WHEN 0 THEN 'unsubscribed' WHEN 1 THEN 'inactive' ELSE 'active' END,
          ' first' || ${chance('f', 5_000)} || ' last' || ${chance('l', 900)} || ' ' || n || '@example.com',
          now() - ${chance('at', 1_000_000)} * interval '1 minute'
   FROM generate_series(1, $2::int) n`,
  `INSERT INTO contact_touches (client_id, customer_id, number, last_contacted_at)
   SELECT $1, ${idOf('person', 'n')}, n, CASE ${chance('t', 2)} WHEN 0 THEN now() - ${chance('touched', 1_000_000)} * interval '1 minute' END
   FROM generate_series(1, $2::int) n`,
  ...['tags', 'contact_segments'].map(
    (table) => `
   INSERT INTO ${table} (client_id, id, number, name, ${table === 'tags' ? 'color' : 'type'})
   SELECT $1, ${idOf('group', 'g')}, g, 'Group ' || g, 'static' FROM generate_series(1, 3) g WHERE $2::int > 0`,
  ),
  ...(['contact_tags', 'segment_members'] as const).map(
    (table) => `
   INSERT INTO ${table} (client_id, ${table === 'contact_tags' ? 'tag_id' : 'segment_id'}, customer_id)
   SELECT $1, ${idOf('group', 'g')}, ${idOf('person', 'n')} FROM generate_series(1, 3) g, generate_series(1, $2::int) n
   WHERE ${chance('marked', 1_000_000)} < (ARRAY[500000, 10000, 200])[g]`,
  ),
  `INSERT INTO channels (client_id, id, type, name, reuse_key, address_id, last_position, message_count)
   SELECT $1, ${idOf('channel', 'n')}, 'general', 'general', sha256(n::text::bytea), ${idOf('address', '1')}, 1, 1
   FROM generate_series(1, $2::int) n`,
  `INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at)
   SELECT $1, ${idOf('channel', 'n')}, 1, ${idOf('message', 'n')}, ${idOf('person', 'n')}, 'text', 'Hi', now() FROM generate_series(1, $2::int) n`,
  `INSERT INTO conversations (client_id, channel_id, address_id, contact_id, number, medium, status, priority, assignee_id,
                              is_starred, is_read, last_message_at, search_text)
   SELECT $1, ${idOf('channel', 'n')}, ${idOf('address', '1')}, ${idOf('person', 'n')}, n,
          (ARRAY['email', 'chat', 'sms'])[1 + ${chance('m', 3)}],
          CASE WHEN ${chance('s', 10_000)} = 0 THEN 'spam' WHEN ${chance('s', 10_000)} < 50 THEN 'snoozed'
               WHEN ${chance('s', 10_000)} < 200 THEN 'pending' WHEN ${chance('s', 10_000)} < 1000 THEN 'open' ELSE 'closed' END,
          CASE WHEN ${chance('p', 5_000)} = 0 THEN 'urgent' WHEN ${chance('p', 5_000)} < 25 THEN 'high'
               WHEN ${chance('p', 5_000)} < 250 THEN 'low' ELSE 'normal' END,
          CASE WHEN ${chance('a', 2_000)} = 0 THEN ${idOf('rare', '1')} WHEN ${chance('a', 2_000)} < 1000 THEN ${idOf('agent', '1')} END,
          ${chance('starred', 1_000)} = 0, ${chance('r', 3)} <> 0, now() - ${chance('at', 1_000_000)} * interval '1 minute',
          ' subject' || ${chance('w', 3_000)} || ' ' || n || '@example.com'
   FROM generate_series(1, $2::int) n`,
  `INSERT INTO message_words (client_id, channel_id, position, words)
   SELECT $1, ${idOf('channel', 'n')}, 1, ' where is my order ' || n || '? it was for ' || md5(n::text)
   FROM generate_series(1, $2::int) n`,
  `INSERT INTO suppressions (client_id, address_hash, id, number, email, reason, source)
   SELECT $1, sha256(n::text::bytea), ${idOf('suppression', 'n')}, n, n || '@example.com', 'manual', 'user'
   FROM generate_series(1, $2::int) n`,
];

/** A database of its own, with one client of very many rows and others. */
export async function fillInboxes(): Promise<void> {
  await ownDatabase();
  await beside(async (connection) => {
    // What triggers and foreign keys would do is not looked at here.
    await connection.query('SET session_replication_role = replica');
    for (let client = 0; client <= OTHERS; client += 1) {
      for (const statement of FILL) {
        await connection.query(statement, [US.slice(0, -1) + String(client), client === 0 ? MANY : MANY / OTHERS]);
      }
    }
    // It looks at every row, so that each run plans alike.
    await connection.query('SET default_statistics_target = 1000');
    await connection.query('VACUUM (ANALYZE)');
  });
}

export const uuidOf = async (expression: string): Promise<string> =>
  (await sql<{ id: string }>(`SELECT ${expression} AS id`))[0]!.id;

function* partsOf(node: Node): Generator<Node> {
  yield node;
  for (const part of node.Plans ?? []) {
    yield* partsOf(part);
  }
}

interface Found {
  readonly looked: number;
  readonly sorted: number;
  readonly tables: readonly string[];
  readonly scanned: readonly string[];
}

/** How a statement of ours is run: planned for its values, as what is put together for a request is. */
export async function explain(text: string, values: readonly unknown[]): Promise<Found> {
  const [row] = await sql<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
    ...[US, ...values],
  );
  const parts = [...partsOf(row!['QUERY PLAN'][0].Plan)];
  const rows = (node: Node, ...kinds: readonly (keyof Node)[]): number =>
    kinds.reduce((sum, kind) => sum + ((node[kind] as number | undefined) ?? 0), 0) * node['Actual Loops'];
  const reading = parts.filter((part) => part['Relation Name'] !== undefined);
  return {
    looked: reading.reduce(
      (sum, part) => sum + rows(part, 'Actual Rows', 'Rows Removed by Filter', 'Rows Removed by Index Recheck'),
      0,
    ),
    sorted: Math.max(
      0,
      ...parts.filter((part) => part['Node Type'].includes('Sort')).map(({ Plans }) => rows(Plans![0]!, 'Actual Rows')),
    ),
    tables: [...new Set(reading.map((part) => part['Relation Name']!))],
    scanned: reading.filter((part) => part['Node Type'] === 'Seq Scan').map((part) => part['Relation Name']!),
  };
}

/** What is wrong with a page: nothing, where it looks at some of a workspace, by an index. */
export async function wrongWithPage(text: string, { values }: Binding, own: readonly string[]): Promise<string[]> {
  const { looked, sorted, tables, scanned } = await explain(text, values);
  return [
    ...(looked > LOOKED ? [`looks at ${looked}`] : []),
    ...(sorted > LOOKED ? [`sorts ${sorted}`] : []),
    ...tables.filter((table) => ![...own, ...BESIDE].includes(table)).map((table) => `asks ${table}`),
    ...scanned.filter((table) => own.includes(table)).map((table) => `scans ${table}`),
  ];
}

export const totalOf = async (text: string, { values }: Binding): Promise<number> =>
  (await sql<{ total: number }>(text, US, ...values))[0]!.total;
