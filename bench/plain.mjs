import pg from 'pg';
import { CONNECTIONS, STRIDE, WARM_UP } from './measure.mjs';

/** Drives the statement alone for `seconds`: nothing between it and PostgreSQL but `pg`. Returns how many per second. */
export async function drivePlain(databaseUrl, { statement, values }, seconds, warmUp = WARM_UP) {
  const { name, text } = statement;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  const from = performance.now() + warmUp * 1000;
  const end = from + seconds * 1000;
  let count = 0;
  const loop = async (start) => {
    for (let at = start; ; at += 1) {
      await pool.query({ name, text, values: values(at) });
      const now = performance.now();
      if (now >= end) {
        return;
      }
      if (now >= from) {
        count += 1;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => loop(STRIDE * connection)));
  } finally {
    await pool.end();
  }
  return count / seconds;
}

/** A statement that finds nothing is fast. */
export async function checkPlain(session, { name, statement, values }) {
  const { rows } = await session.query(statement.text, values(0));
  if (rows.length === 0 || rows[0].id === null) {
    throw new Error(`${name}: ${statement.name} yields nothing.`);
  }
}
