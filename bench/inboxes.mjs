import { createHash, randomUUID } from 'node:crypto';
import { Binding } from '../dist/src/engagement/binding.js';
import { pageOfContacts } from '../dist/src/engagement/contacts/contact-list.sql.js';
import { FIND_LISTED as FIND_CONTACTS } from '../dist/src/engagement/contacts/contacts.sql.js';
import {
  FIND_LISTED as FIND_CONVERSATIONS,
  pageOfConversations,
} from '../dist/src/engagement/conversations/inbox-list.sql.js';
import { mediansOf } from './lists.mjs';
import { driveHttp } from './load.mjs';
import { makeThreads } from './phones.mjs';
import { drivePlain } from './plain.mjs';
import { withoutIndexes } from './seed.mjs';

/** Rows that one statement makes. */
const STEP = 100_000;
const PER_PAGE = 25;
/** Requests of each page that are not counted; all of them run by the same code. */
const WARM_UP = 100;
/** Messages of each conversation. */
const SAID = 2;

const idOf = (kind, n) => `md5($1::uuid || ' ${kind} ' || ${n})::uuid`;
/** A number below `most` of the `n`th, another one for each `of`. */
const chance = (of, most) => `(('x' || substr(md5(n || '${of}'), 1, 7))::bit(28)::int % ${most})`;
const numbers = `(SELECT n, substr(md5(n::text), 1, 12) AS named FROM generate_series($2::int, $3::int) n) person`;

/** People `$2` to `$3` of client `$1`, each a contact with a conversation. */
const FILL = [
  `INSERT INTO customers (client_id, id, name, email, message_count)
   SELECT $1::uuid, ${idOf('person', 'n')}, 'First' || n, named || '@example.com', ${SAID} FROM ${numbers}`,
  `INSERT INTO contacts (client_id, customer_id, number, first_name, last_name, email, company, country, lead_score, status,
                         search_text, created_at)
   SELECT $1::uuid, ${idOf('person', 'n')}, n, 'First' || ${chance('f', 5_000)}, 'Last' || ${chance('l', 900)}, named || '@example.com',
          'Company' || ${chance('c', 700)}, CASE ${chance('country', 1_000)} WHEN 0 THEN 'LI' ELSE 'DE' END,
          ${chance('score', 101)}, CASE ${chance('status', 200)} WHEN 0 THEN 'unsubscribed' ELSE 'active' END,
          ' first' || ${chance('f', 5_000)} || ' last' || ${chance('l', 900)} || ' ' || named || '@example.com',
          now() - ${chance('at', 1_000_000)} * interval '1 minute'
   FROM ${numbers}`,
  `INSERT INTO contact_touches (client_id, customer_id, number, last_contacted_at)
   SELECT $1::uuid, ${idOf('person', 'n')}, n, now() - ${chance('touched', 1_000_000)} * interval '1 minute' FROM ${numbers}`,
  `INSERT INTO channels (client_id, id, type, name, reuse_key, address_id, last_position, message_count)
   SELECT $1::uuid, ${idOf('channel', 'n')}, 'general', 'general', sha256(n::text::bytea), $4::uuid, ${SAID}, ${SAID} FROM ${numbers}`,
  `INSERT INTO channel_members (client_id, channel_id, customer_id, message_count)
   SELECT $1::uuid, ${idOf('channel', 'n')}, member, 1 FROM ${numbers}, unnest(ARRAY[${idOf('person', 'n')}, $4::uuid]) member`,
  `INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at)
   SELECT $1::uuid, ${idOf('channel', 'n')}, place, ${idOf('message', "n || '.' || place")},
          CASE place % 2 WHEN 1 THEN ${idOf('person', 'n')} ELSE $4::uuid END, 'text', 'Where is my order ' || named || '? It was for Anna.', now()
   FROM ${numbers}, generate_series(1, ${SAID}) place`,
  `INSERT INTO message_words (client_id, channel_id, position, words)
   SELECT $1::uuid, ${idOf('channel', 'n')}, place, ' where is my order ' || named || '? it was for anna'
   FROM ${numbers}, generate_series(1, ${SAID}) place`,
  `INSERT INTO conversations (client_id, channel_id, address_id, person_id, contact_id, number, medium, status, priority,
                              assignee_id, is_read, last_message_at, last_position, search_text)
   SELECT $1::uuid, ${idOf('channel', 'n')}, $4::uuid, ${idOf('person', 'n')}, ${idOf('person', 'n')}, n, 'sms',
          CASE WHEN ${chance('s', 10_000)} < 50 THEN 'snoozed' WHEN ${chance('s', 10_000)} < 200 THEN 'pending'
               WHEN ${chance('s', 10_000)} < 1000 THEN 'open' ELSE 'closed' END,
          CASE WHEN ${chance('p', 5_000)} < 25 THEN 'high' WHEN ${chance('p', 5_000)} < 250 THEN 'low' ELSE 'normal' END,
          CASE WHEN ${chance('a', 200)} = 0 THEN $5::uuid END, ${chance('r', 3)} <> 0,
          now() - ${chance('at', 1_000_000)} * interval '1 minute', ${SAID},
          ' subject' || ${chance('w', 3_000)} || ' ' || named || '@example.com'
   FROM ${numbers}`,
];

/** Whose indexes take longer to be kept up than to be made. */
const LARGE = ['messages', 'message_words', 'contacts', 'conversations'];

/** As triggers would have counted. */
const COUNT = `
  INSERT INTO counters (client_id, name, value)
  SELECT $1::uuid, 'contacts.' || status, count(*) FROM contacts WHERE client_id = $1 GROUP BY status
  UNION ALL
  SELECT $1::uuid, 'conversations.' || status, count(*) FROM conversations WHERE client_id = $1 GROUP BY status
  ON CONFLICT (client_id, name) DO UPDATE SET value = excluded.value`;

const MAKE_AGENT = `
  WITH made AS (
    INSERT INTO users (id, email, name) VALUES ($2::uuid, $2::uuid || '@example.com', 'Agent') RETURNING id, number
  ), joined AS (
    INSERT INTO memberships (client_id, user_id, role) SELECT $1::uuid, id, 'admin' FROM made
  )
  SELECT number::int FROM made`;

/** An inbox that grows. */
class Inbox {
  /** There is one of its own already, by which it has its number. */
  #size = 1;

  static async open(session, clientId) {
    const inbox = new Inbox();
    const agentId = randomUUID();
    const { rows } = await session.query(MAKE_AGENT, [clientId, agentId]);
    const [{ addressId }] = await makeThreads(session, clientId, { numbers: 1, phones: 1 });
    return Object.assign(inbox, { session, clientId, addressId, agentId, agent: rows[0].number });
  }

  async growTo(size) {
    await this.session.query('SET session_replication_role = replica');
    await withoutIndexes(this.session, size - this.#size > STEP ? LARGE : [], async () => {
      for (let first = this.#size + 1; first <= size; first += STEP) {
        const values = [this.clientId, first, Math.min(size, first + STEP - 1), this.addressId, this.agentId];
        for (const text of FILL) {
          const used = Math.max(...[...text.matchAll(/\$(\d)/g)].map(([, at]) => Number(at)));
          await this.session.query(text, values.slice(0, used));
        }
      }
    });
    await this.session.query(COUNT, [this.clientId]);
    this.#size = size;
  }
}

const contacts = (query) => `/api/v1/contacts?per_page=${PER_PAGE}&${query}`;
const conversations = (query) => `/api/v1/conversations?per_page=${PER_PAGE}&${query}`;
const SORTS = ['created_at', 'first_name', 'last_name', 'email', 'company', 'lead_score', 'last_contacted_at'];
const STATES = ['open', 'pending', 'closed'];

/** What is to take as long, however many there are: name → path. */
const lists = (agent, one) => ({
  ...Object.fromEntries(SORTS.map((sort) => [`contacts by ${sort}`, contacts(`sort_by=${sort}`)])),
  'contacts after one': contacts(`after=${one}`),
  conversations: conversations(''),
  ...Object.fromEntries(STATES.map((status) => [`conversations, ${status}`, conversations(`status=${status}`)])),
  'conversations of an agent': conversations(`assigned_to=${agent}`),
  'conversations of a contact': conversations(`contact_id=${one}`),
  'conversations after one': conversations(`after=${one}`),
  'one conversation with its timeline': `/api/v1/conversations/${one}?mark_read=0`,
});

/** By a word that one of them has. */
const searches = (word) => ({
  'contacts by a word': contacts(`search=${word}`),
  'conversations by a word': conversations(`search=${word}`),
  'conversations by what was said': conversations(`search=${word}&in=messages`),
});

/**
 * Medians in milliseconds of every list, and of every search, with few and with many: name → `[few, many]`; then of pages that
 * start at a row.
 */
export async function measureInboxes(world, client, { few, many, perRound }) {
  const inbox = await Inbox.open(world.session, client.clientId);
  const [listed, searched] = [new Map(), new Map()];
  const measure = async (pages, into) => {
    const all = Object.entries(pages).map(([name, path]) => ({ name, paths: [path] }));
    const medians = await mediansOf(world.server, all, perRound, WARM_UP);
    all.forEach(({ name }, at) => into.set(name, [...(into.get(name) ?? []), medians[at]]));
  };
  const one = few / 2;
  const word = createHash('md5').update(String(one)).digest('hex').slice(0, 12);
  for (const size of [few, many]) {
    await inbox.growTo(size);
    await world.seed.settle();
    await measure(lists(inbox.agent, one), listed);
    await measure(searches(word), searched);
  }
  const rows = [many / 10, (many / 10) * 9];
  const deep = rows.flatMap((row) =>
    [contacts, conversations].map((list) => ({ row, paths: [list(`page=${row / PER_PAGE + 1}`)] })),
  );
  const medians = await mediansOf(world.server, deep, Math.ceil(perRound / 10), perRound);
  return {
    listed,
    searched,
    deep: rows.map((row, at) => ({ row, millis: Math.max(...medians.slice(2 * at, 2 * at + 2)) })),
  };
}

/** First pages over HTTP from many connections, against their two statements from plain `pg`. */
export async function comparePages(world, client, seconds) {
  const page = { direction: 'desc', limit: PER_PAGE + 1, offset: 0, after: null, areFew: false };
  const lists = {
    contacts: [(binding) => pageOfContacts({}, { ...page, sort: 'created_at' }, binding, new Date()), FIND_CONTACTS],
    conversations: [
      (binding) => pageOfConversations({}, { ...page, sort: 'last_message_at' }, binding),
      FIND_CONVERSATIONS,
    ],
  };
  const found = [];
  for (const [name, [textIn, listed]] of Object.entries(lists)) {
    const binding = new Binding();
    const finding = { text: textIn(binding) };
    const given = [client.clientId, ...binding.values];
    const { rows } = await world.session.query(finding.text, given);
    const numbers = rows.slice(0, PER_PAGE).map(({ number }) => number);
    const steps = [
      { statement: finding, values: () => given },
      { statement: listed, values: () => [client.clientId, numbers] },
    ];
    const plain = await drivePlain(world.database, { steps }, { seconds });
    const http = await driveHttp(world.server, [{ method: 'GET', path: `/api/v1/${name}?per_page=${PER_PAGE}` }], {
      seconds,
    });
    found.push({ name, plain: plain.perSecond, http: http.perSecond });
  }
  return found;
}
