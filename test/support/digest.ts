import { expect } from '@jest/globals';
import { sql } from './sql.js';

/** A digest of all that a client has, table by table. */
export async function digestOf(clientId: string): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'client_id' ORDER BY 1`,
  );
  expect(tables.length).toBeGreaterThanOrEqual(7);
  const all = [...tables.map((table) => [table.name, 'client_id']), ['clients', 'id']];
  const digests = await sql<{ name: string; digest: string }>(
    all
      .map(
        ([name, column]) => `
          SELECT '${name}' AS name, count(*) || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest
          FROM "${name}" t WHERE "${column}" = $1`,
      )
      .join(' UNION ALL '),
    clientId,
  );
  return Object.fromEntries(digests.map(({ name, digest }) => [name, digest]));
}
