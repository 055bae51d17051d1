import { mediansOf } from './lists.mjs';

const USERS = 50;
/** Days of history. */
const DAYS = 3 * 366;
const METRICS = ['conversations', 'closed', 'first_responses', 'replies', 'responses', 'contacts', 'ratings'];
const WARM_UP = 50;

const FILL = [
  `INSERT INTO users (id, email, name)
   SELECT md5($1::uuid || ' user ' || u)::uuid, 'user' || u || '@' || $1::uuid || '.example', 'User ' || u
   FROM generate_series(1, ${USERS}) u`,
  `INSERT INTO memberships (client_id, user_id, role)
   SELECT $1, md5($1::uuid || ' user ' || u)::uuid, 'agent' FROM generate_series(1, ${USERS}) u`,
  `INSERT INTO daily_stats (client_id, metric, day, user_id, n, total)
   SELECT $1, metric, current_date - d, md5($1::uuid || ' user ' || u)::uuid, 10, 600000
   FROM unnest('{${METRICS.join(',')}}'::text[]) metric, generate_series(0, ${DAYS - 1}) d, generate_series(1, ${USERS}) u`,
];

const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const YEAR = `from=${day(365)}&to=${day(0)}`;

/** Medians in milliseconds, of a team that has worked for three years: name → milliseconds. */
export async function measureAnalytics({ server, session, seed }, { clientId }, perRound) {
  for (const statement of FILL) {
    await session.query(statement, [clientId]);
  }
  await seed.settle();
  const pages = Object.entries({
    'the overview of 30 days': 'overview?period=30d',
    'the overview of 366 days': `overview?${YEAR}`,
    'a team of 50 in 30 days': 'team?period=30d',
    'a team of 50 in 366 days': `team?${YEAR}`,
  }).map(([name, path]) => ({ name, paths: [`/api/v1/analytics/${path}`] }));
  const medians = await mediansOf(server, pages, perRound, WARM_UP);
  return pages.map(({ name }, at) => ({ name, millis: medians[at] }));
}
