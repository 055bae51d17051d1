import { uuidv7 } from 'uuidv7';
import { CREATE } from '../dist/src/customers/customers.sql.js';
import { SEND } from '../dist/src/messages/messages.sql.js';
import { median } from './measure.mjs';
import { drivePlain } from './plain.mjs';

/** Short ones, side by side, as for unheard events: what drifts on the machine then hits both of a pair. */
const PAIRS = 8;
const WARM_UP = 0.25;
/** Where what the core writes is followed. */
const FOLLOWED = [
  'customers',
  'channels',
  'channel_members',
  'messages',
  'message_authors',
  'conversations',
  'deliveries',
];
const FOLLOW = `SELECT pg_get_functiondef('follow_conversation'::regproc) AS text`;
/** All that a conversation was moved by before it had states. */
const ONLY_MOVE = `
  CREATE OR REPLACE FUNCTION follow_conversation(tenant uuid, sent uuid[]) RETURNS void LANGUAGE plpgsql AS $function$
  BEGIN
    UPDATE conversations SET last_message_at = greatest(last_message_at, said.at)
    FROM (
      SELECT channel_id, max(created_at) AS at FROM messages WHERE client_id = tenant AND id = ANY(sent) GROUP BY channel_id
    ) said
    WHERE client_id = tenant AND conversations.channel_id = said.channel_id;
  END
  $function$`;
const BODY = 'Shall we meet at the usual place tomorrow?';

/**
 * What it costs the core's statements that contacts and the inbox follow them: from plain pg, in pairs, the second of which has
 * neither their triggers nor their states of conversations. Of each: name → `{ whole, rest, kept }`.
 */
export async function measureFollowed(world, talks, clientId, threads, seconds) {
  let made = 0;
  const calls = {
    'a send outside of inboxes': talks,
    'a message of a contact': sendOf(clientId, threads, ({ personId }) => personId),
    'a message of the team': sendOf(clientId, threads, ({ addressId }) => addressId),
    'a new customer': {
      statement: CREATE,
      values: () => {
        made += 1;
        return [clientId, uuidv7(), `Jane Doe ${made}`, `jane.doe${made}@example.com`, null, null, null, 'person'];
      },
    },
  };
  const measured = new Map();
  for (const [name, call] of Object.entries(calls)) {
    measured.set(name, await compare(world, call, seconds));
  }
  return measured;
}

async function compare({ database, session, seed }, call, seconds) {
  const drive = async () => (await drivePlain(database, call, { seconds, warmUp: WARM_UP })).perSecond;
  const unfollowed = async () => {
    const { rows } = await session.query(FOLLOW);
    await switchTriggers(session, 'DISABLE');
    await session.query(ONLY_MOVE);
    try {
      return await drive();
    } finally {
      await session.query(rows[0].text);
      await switchTriggers(session, 'ENABLE');
    }
  };
  await session.query('DELETE FROM delivery_jobs');
  await session.query('DELETE FROM search_jobs');
  await seed.settle();
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const [first, second] = pair % 2 === 0 ? [drive, unfollowed] : [unfollowed, drive];
    const rates = [await first(), await second()];
    const [whole, rest] = pair % 2 === 0 ? rates : rates.reverse();
    pairs.push({ whole, rest, kept: whole / rest });
  }
  const middle = (figure) => median(pairs.map((pair) => pair[figure]));
  return { whole: middle('whole'), rest: middle('rest'), kept: middle('kept') };
}

async function switchTriggers(session, how) {
  for (const table of FOLLOWED) {
    await session.query(`ALTER TABLE ${table} ${how} TRIGGER USER`);
  }
}

function sendOf(clientId, threads, speakerOf) {
  return {
    statement: SEND,
    values: (at) => {
      const thread = threads[at % threads.length];
      return [clientId, uuidv7(), 'text', BODY, null, null, thread.channelId, speakerOf(thread)];
    },
  };
}
