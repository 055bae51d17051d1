import { expect, it } from '@jest/globals';
import type pg from 'pg';
import { RAISE_EVENT } from '../../../src/platform/outbox/raise-event.js';
import { beside } from '../../support/sql.js';

const definitionIn = async (connection: pg.Client): Promise<string> => {
  const { rows } = await connection.query<{ text: string }>(
    `SELECT pg_get_functiondef('raise_event'::regproc) AS text`,
  );
  return rows[0]!.text.replaceAll(/\s+/g, ' ');
};

it('raise_event is in the database as it is in the source', async () => {
  await beside(async (connection) => {
    const migrated = await definitionIn(connection);
    await connection.query('BEGIN');
    await connection.query(RAISE_EVENT);
    const written = await definitionIn(connection);
    await connection.query('ROLLBACK');
    expect(written).toBe(migrated);
  });
});
