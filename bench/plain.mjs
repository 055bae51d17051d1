import pg from 'pg';
import { cpuOfThis } from './cpu.mjs';
import { CONNECTIONS, STRIDE, timed } from './measure.mjs';

/**
 * Drives the statement alone for `seconds`, or several `steps` one after the other, from as many connections: nothing between
 * them and PostgreSQL but `pg`, which knows them by name.
 */
export async function drivePlain(database, call, { connections = CONNECTIONS, ...options }) {
  const { steps = [call] } = call;
  const pool = Array.from({ length: connections }, () => new pg.Client({ connectionString: database.url }));
  try {
    await Promise.all(pool.map((client) => client.connect()));
    const cpus = { node: cpuOfThis, postgres: database.cpu };
    const drive = async (client, from, note) => {
      for (let at = from, goOn = true; goOn; at += 1) {
        const began = performance.now();
        for (const { statement, values } of steps) {
          await client.query({ ...statement, values: values(at) });
        }
        goOn = note(began);
      }
    };
    return await timed({ cpus, ...options }, (note) =>
      Promise.all(pool.map((client, at) => drive(client, STRIDE * at, note))),
    );
  } finally {
    await Promise.all(pool.map((client) => client.end()));
  }
}

/** A statement that finds nothing is fast. */
export async function checkPlain(session, name, { statement, values }) {
  const { rows } = await session.query(statement.text, values(0));
  if (rows.length === 0 || rows[0].id === null) {
    throw new Error(`${name}: ${statement.name} yields nothing.`);
  }
}
