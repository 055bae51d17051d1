import { fileURLToPath } from 'node:url';
import { start } from '../server.mjs';

const APP = fileURLToPath(new URL('parse-server-app.mjs', import.meta.url));
const APP_ID = 'bench';
const MASTER_KEY = 'm'.repeat(32);
const HEADERS = { 'x-parse-application-id': APP_ID, 'x-parse-master-key': MASTER_KEY };
const PATH = '/parse/classes/Message';
const TEXT = { type: 'String' };

/** With the master key, which asks for no permissions: nobody is signed in at ours either. */
export const parseServer = {
  name: 'parse-server',
  database: 'parse_server',

  start: (database) => start(database, [APP], { APP_ID, MASTER_KEY }, HEADERS),

  schema: {
    path: '/parse/schemas/Message',
    body: { className: 'Message', fields: { channel: TEXT, sender: TEXT, type: TEXT, content: TEXT } },
  },

  /** `$1` messages, in the channels `$2` in turn. */
  fill: `INSERT INTO "Message" ("objectId", "createdAt", "updatedAt", channel, sender, type, content)
     SELECT lpad(n::text, 10, '0'), at, at, ($2::text[])[1 + n % cardinality($2)], 'sender', 'text', 'Message ' || n || ': shall we meet?'
     FROM (SELECT n, now() - interval '30 days' + n * interval '1 s' AS at FROM generate_series(1, $1::int) n)`,
  index: 'CREATE INDEX ON "Message" (channel, "createdAt")',

  send: (place) => ({ method: 'POST', path: PATH, body: JSON.stringify(place) }),
  page: ({ channel }, counted) => {
    const where = encodeURIComponent(JSON.stringify({ channel }));
    return { path: `${PATH}?where=${where}&order=createdAt&limit=10${counted ? '&count=1' : ''}` };
  },
  itemsOf: ({ results }) => results,
};
