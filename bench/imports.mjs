import { randomUUID } from 'node:crypto';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { post } from './post.mjs';

const BATCH = 500;
const LOOK_MILLIS = 100;
/** A page that stops reading for so long has the export wait for it. */
const STALL_MILLIS = 3_000;
const HEAD = 'email,first_name,last_name,company,city,lead_score';

/** The same in plain SQL, in as many rows at once: people, what their contacts have besides, how many there are. */
const INSERT = `
  INSERT INTO customers (client_id, id, name, email, profile)
  SELECT $1, one.id, one.name, one.email, one.profile
  FROM jsonb_to_recordset($2::jsonb) AS one (id uuid, name text, email text, profile jsonb)
  ON CONFLICT (client_id, email) DO UPDATE SET name = excluded.name, profile = excluded.profile`;
const UPDATE = `
  UPDATE contacts SET company = one.company, city = one.city, lead_score = one.lead_score
  FROM jsonb_to_recordset($2::jsonb) AS one (id uuid, company text, city text, lead_score smallint)
  WHERE contacts.client_id = $1 AND contacts.customer_id = one.id`;
const COUNT = `UPDATE counters SET value = value + $2 WHERE client_id = $1 AND name = 'customers'`;

/** Rows of a file, so many of which are imported, by a worker of the server and in plain SQL, and then exported. */
export async function measureImports(world, rows) {
  const { server } = world;
  const idle = await server.memory();
  const people = Array.from({ length: rows }, (_, at) => personOf(at));
  const other = await world.createClient();
  const csv = Buffer.from(`${HEAD}\n${people.map(lineOf).join('\n')}\n`);
  const imported = await peakOf(server, () => millisOf(() => importFile(server, csv, rows)));
  // The import began with tables of which nothing was known; this one need not.
  await world.session.query('ANALYZE');
  const plain = await millisOf(() => writePlain(world.session, other.clientId, people));
  const read = await peakOf(server, () => exportAll(server, rows, 0));
  const stalled = await peakOf(server, () => exportAll(server, rows, STALL_MILLIS));
  return {
    ...{ rows, plain, imported: imported.end, importMegabytes: imported.peak - idle },
    ...{ firstByte: read.end.firstByte, exported: read.end.all, exportMegabytes: read.peak - read.before },
    stalledMegabytes: stalled.peak - stalled.before,
  };
}

function personOf(at) {
  const [first_name, last_name] = [`First${at % 997}`, `Last${at}`];
  const own = { company: `Company ${at % 5_000}`, city: `City ${at % 300}`, lead_score: at % 101 };
  return { first_name, last_name, email: `person${at}@example.com`, ...own };
}

const lineOf = ({ email, first_name, last_name, company, city, lead_score }) =>
  [email, first_name, last_name, company, city, lead_score].join(',');

async function writePlain(session, clientId, people) {
  // With the triggers that make contacts, which the seed goes without.
  await session.query('SET session_replication_role = origin');
  for (let at = 0; at < people.length; at += BATCH) {
    const batch = people.slice(at, at + BATCH).map(({ first_name, last_name, ...one }) => ({
      ...{ ...one, id: randomUUID(), name: `${first_name} ${last_name}`, profile: { first_name, last_name } },
    }));
    const written = JSON.stringify(batch);
    await session.query('BEGIN');
    await session.query({ name: 'bench.insert', text: INSERT, values: [clientId, written] });
    await session.query({ name: 'bench.update', text: UPDATE, values: [clientId, written] });
    await session.query({ name: 'bench.count', text: COUNT, values: [clientId, batch.length] });
    await session.query('COMMIT');
  }
  await session.query('SET session_replication_role = replica');
}

/** From its start to its end, as its caller sees it. */
async function importFile(server, csv, rows) {
  const { data } = await post(server, '/api/v1/contacts/imports', { name: 'people.csv', size: csv.length });
  const put = await fetch(data.upload_url, { method: 'PUT', body: csv });
  if (!put.ok) {
    throw new Error(`The upload was answered ${put.status}.`);
  }
  await post(server, `/api/v1/contacts/imports/${data.id}/start`, {});
  for (;;) {
    const response = await fetch(`${server.base}/api/v1/contacts/imports/${data.id}`, { headers: server.headers });
    const { data: shown } = await response.json();
    if (shown.status !== 'processing') {
      if (shown.status !== 'completed' || shown.created !== rows) {
        throw new Error(`The import ended as ${JSON.stringify(shown)}.`);
      }
      return;
    }
    await sleep(LOOK_MILLIS);
  }
}

/** Milliseconds to the first byte and to the last; between them its reader may stop for a while. */
async function exportAll(server, rows, stallMillis) {
  const begun = performance.now();
  const response = await fetch(`${server.base}/api/v1/contacts/export`, { headers: server.headers });
  let firstByte = 0;
  let lines = 0;
  for await (const chunk of response.body) {
    if (firstByte === 0) {
      firstByte = performance.now() - begun;
      await sleep(stallMillis);
    }
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) {
      lines += 1;
    }
  }
  if (lines !== rows + 1) {
    throw new Error(`The export has ${lines} lines.`);
  }
  return { firstByte, all: performance.now() - begun };
}

async function millisOf(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** What `work` comes to, and the most memory the server had meanwhile, in MB. */
async function peakOf(server, work) {
  const before = await server.memory();
  let peak = before;
  const looking = setInterval(() => {
    server.memory().then(
      (now) => (peak = Math.max(peak, now)),
      () => undefined,
    );
  }, LOOK_MILLIS);
  try {
    return { end: await work(), before, peak: Math.max(peak, await server.memory()) };
  } finally {
    clearInterval(looking);
  }
}
