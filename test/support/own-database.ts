import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrate } from '../../src/database/connection.js';
import { dataSourceOptions } from '../../src/database/options.js';
import { sql } from './sql.js';

/** A database of a test's own, beside that of all the others: a worker serves everything in the one it is on. */
export interface OwnDatabase {
  readonly url: string;
  run<Row extends pg.QueryResultRow>(text: string, ...values: unknown[]): Promise<Row[]>;
  /** Whoever is still connected is cut off. */
  drop(): Promise<void>;
}

export async function ownDatabase(): Promise<OwnDatabase> {
  const name = `own_${randomUUID().replaceAll('-', '')}`;
  await sql(`CREATE DATABASE ${name}`);
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = `/${name}`;
  const dataSource = await new DataSource(dataSourceOptions(url.href, 2)).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  pool.on('error', () => undefined);
  return {
    url: url.href,
    run: async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]) =>
      (await pool.query<Row>(text, values)).rows,
    drop: async () => {
      await pool.end();
      await sql(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
