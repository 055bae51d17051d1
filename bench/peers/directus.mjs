import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { start } from '../server.mjs';

const APP = fileURLToPath(new URL('directus-app.mjs', import.meta.url));
const TOKEN = 't'.repeat(32);
const PATH = '/items/messages';

/** As it comes, but for what would keep it from answering as fast as it can, or ask the network. */
const settingsOf = ({ url }) => ({
  ...{ DB_CLIENT: 'pg', DB_CONNECTION_STRING: url, DB_POOL__MIN: '0', DB_POOL__MAX: '16' },
  ...{ HOST: '127.0.0.1', LOG_LEVEL: 'error', TELEMETRY: 'false', PRESSURE_LIMITER_ENABLED: 'false' },
  ...{ SECRET: 's'.repeat(32), ADMIN_EMAIL: 'bench@example.com', ADMIN_PASSWORD: 'bench-password', ADMIN_TOKEN: TOKEN },
});

const field = (name, type, rest = {}) => ({ field: name, type, ...rest });

/** With an administrator's static token, who has every permission; without the log of activities and revisions. */
export const directus = {
  name: 'directus',
  database: 'directus',

  prepare: async (database) => {
    const env = { PATH: process.env.PATH, ...settingsOf(database) };
    await promisify(execFile)(process.execPath, [APP, 'bootstrap'], { cwd: database.dataDir, env });
  },

  start: (database) => start(database, [APP, 'start'], settingsOf(database), { authorization: `Bearer ${TOKEN}` }),

  schema: {
    path: '/collections',
    body: {
      ...{ collection: 'messages', meta: { accountability: null }, schema: {} },
      fields: [
        field('id', 'uuid', { schema: { is_primary_key: true }, meta: { special: ['uuid'] } }),
        ...[field('channel', 'string'), field('sender', 'string'), field('type', 'string'), field('content', 'text')],
        field('created_at', 'timestamp', { schema: {}, meta: { special: ['date-created'] } }),
      ],
    },
  },

  /** `$1` messages, in the channels `$2` in turn. */
  fill: `INSERT INTO messages (id, channel, sender, type, content, created_at)
     SELECT gen_random_uuid(), ($2::text[])[1 + n % cardinality($2)], 'sender', 'text', 'Message ' || n || ': shall we meet?',
            now() - interval '30 days' + n * interval '1 s'
     FROM generate_series(1, $1::int) n`,
  index: 'CREATE INDEX ON messages (channel, created_at)',

  send: (place) => ({ method: 'POST', path: PATH, body: JSON.stringify(place) }),
  page: ({ channel }, counted) => {
    const filter = `filter%5Bchannel%5D%5B_eq%5D=${channel}`;
    return { path: `${PATH}?${filter}&sort=created_at&limit=10${counted ? '&meta=filter_count' : ''}` };
  },
  itemsOf: ({ data }) => data,
};
