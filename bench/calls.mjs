import { uuidv7 } from 'uuidv7';
import { formatId } from '../dist/src/platform/common/ids/type-id.js';
import { LIST_ACTIVE, LIST_ACTIVE_FOR_SENDER } from '../dist/src/customers/customers.sql.js';
import { LIST_CONVERSATIONS } from '../dist/src/messages/conversations/conversations.sql.js';
import { LIST_BETWEEN, LIST_IN_CHANNEL, SEND } from '../dist/src/messages/messages.sql.js';
import { REFERENCE_PAGE, REFERENCE_SEND } from './reference/statements.mjs';

const LIMIT = 10;
/** A page asks for one row more than it shows. */
const ROWS = LIMIT + 1;
const CONTENT = 'Shall we meet at the usual place tomorrow?';

/** One channel each with one of its members, and with two of them, in an order that means nothing. */
const TALKS = `
  SELECT member.client_id AS "clientId", member.channel_id AS "channelId",
         (array_agg(customer.id ORDER BY md5(customer.id::text)))[1] AS "senderId",
         array_agg(customer.email ORDER BY md5(customer.id::text)) AS emails
  FROM channel_members member
  JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
  WHERE member.client_id = $1
  GROUP BY member.client_id, member.channel_id ORDER BY md5(member.channel_id::text)`;

export const talksOf = async (session, clientId) => (await session.query(TALKS, [clientId])).rows;

/**
 * What is measured. `requests` and `values` ask for the same: over HTTP, and as the parameters of the statement that answers
 * it; `reference` and `bare` for what comes nearest to it there. All step through the same channels and people. A talk has
 * `headers` where it is not of the tenant whose server's they are.
 */
export function sendTo(talks) {
  const post = (path, { headers }, place) => {
    const body = JSON.stringify({ ...place, type: 'text', content: CONTENT });
    return { method: 'POST', path, headers, body };
  };
  /** The parameters of a statement, of which some stand between the message and its place. */
  const values =
    (...between) =>
    (at) => {
      const { clientId, channelId, senderId } = talks[at % talks.length];
      return [clientId, uuidv7(), 'text', CONTENT, ...between, channelId, senderId];
    };
  return {
    requests: talks.map((talk) =>
      post('/api/v1/messages', talk, {
        channel_uuid: formatId('channel', talk.channelId),
        sender_uuid: formatId('customer', talk.senderId),
      }),
    ),
    statement: SEND,
    values: values(null, null),
    reference: { statement: REFERENCE_SEND, values: values() },
    bare: talks.map((talk) => post('/messages', talk, { channel_id: talk.channelId, sender_id: talk.senderId })),
  };
}

/** The same, with an `Idempotency-Key` each. */
export function keyed(send) {
  return { ...send, requests: send.requests.map((request) => ({ ...request, keyed: true })) };
}

const inOwnOrder = (list) => list.first[list.own];

/** Pages of ten. */
export function readsOf(talks) {
  const [{ clientId }] = talks;
  const talk = (at) => talks[at % talks.length];
  const list = (path, query = '') => ({ path: `/api/v1/${path}?limit=${LIMIT}${query}` });
  const inEvery = (request) => talks.map((_, at) => request(talk(at)));
  const yardsticks = {
    reference: { statement: REFERENCE_PAGE, values: (at) => [clientId, ROWS, 0, talk(at).channelId] },
    bare: inEvery(({ channelId }) => ({ path: `/messages/channel/${channelId}` })),
  };
  const page = {
    name: 'page of a channel',
    requests: inEvery(({ channelId }) => list(`messages/channel/${formatId('channel', channelId)}`)),
    statement: inOwnOrder(LIST_IN_CHANNEL),
    values: (at) => [clientId, ROWS, null, talk(at).channelId],
  };
  const others = [
    {
      name: 'customers/active',
      requests: [list('customers/active')],
      statement: inOwnOrder(LIST_ACTIVE),
      values: () => [clientId, ROWS, null],
    },
    {
      name: 'active-for-sender',
      requests: inEvery(({ emails: [email] }) => list('customers/active-for-sender', `&email=${email}`)),
      statement: inOwnOrder(LIST_ACTIVE_FOR_SENDER),
      values: (at) => [clientId, ROWS, null, talk(at).emails[0]],
    },
    {
      name: 'by-email',
      requests: inEvery(({ emails: [email] }) => list('channels/by-email', `&email=${email}`)),
      statement: inOwnOrder(LIST_CONVERSATIONS),
      values: (at) => [clientId, ROWS, null, talk(at).emails[0], null],
    },
    {
      name: 'between',
      requests: inEvery(({ emails: [one, two] }) => list('messages/between', `&email1=${one}&email2=${two}`)),
      statement: inOwnOrder(LIST_BETWEEN),
      values: (at) => [clientId, ROWS, null, ...talk(at).emails.slice(0, 2)],
    },
  ];
  const withYardsticks = (call) => ({ ...call, ...yardsticks });
  return { page: withYardsticks(page), others: others.map(withYardsticks) };
}
