import { uuidv7 } from 'uuidv7';
import { formatId } from '../dist/src/platform/common/ids/type-id.js';
import { LIST_ACTIVE, LIST_ACTIVE_FOR_SENDER } from '../dist/src/customers/customers.sql.js';
import { LIST_CONVERSATIONS } from '../dist/src/messages/conversations/conversations.sql.js';
import { LIST_BETWEEN, LIST_IN_CHANNEL, SEND } from '../dist/src/messages/messages.sql.js';

const LIMIT = 10;
/** A page asks for one row more than it shows. */
const ROWS = LIMIT + 1;
const CONTENT = 'Shall we meet at the usual place tomorrow?';

/** One channel each with one of its members, and with two of them, in an order that means nothing. */
const TALKS = `
  SELECT member.channel_id AS "channelId", (array_agg(customer.id ORDER BY md5(customer.id::text)))[1] AS "senderId",
         array_agg(customer.email ORDER BY md5(customer.id::text)) AS emails
  FROM channel_members member
  JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
  WHERE member.client_id = $1
  GROUP BY member.channel_id ORDER BY md5(member.channel_id::text)`;

/**
 * What is measured. `requests` and `values` ask for the same: over HTTP, and as the parameters of the statement that answers
 * it; both step through the same channels and people.
 */
export async function callsOf(session, clientId) {
  const { rows: talks } = await session.query(TALKS, [clientId]);
  const talk = (at) => talks[at % talks.length];
  const list = (path, query = '') => ({ path: `/api/v1/${path}?limit=${LIMIT}${query}` });
  const inEvery = (request) => talks.map((_, at) => request(talk(at)));
  return [
    {
      name: 'send',
      target: 0.38,
      requests: inEvery(({ channelId, senderId }) => ({
        method: 'POST',
        path: '/api/v1/messages',
        body: JSON.stringify({
          channel_uuid: formatId('channel', channelId),
          sender_uuid: formatId('customer', senderId),
          type: 'text',
          content: CONTENT,
        }),
      })),
      statement: SEND,
      values: (at) => [clientId, uuidv7(), 'text', CONTENT, null, null, talk(at).channelId, talk(at).senderId],
    },
    {
      name: 'page of a channel',
      target: 0.22,
      requests: inEvery(({ channelId }) => list(`messages/channel/${formatId('channel', channelId)}`)),
      statement: LIST_IN_CHANNEL,
      values: (at) => [clientId, ROWS, null, talk(at).channelId, null],
    },
    {
      name: 'customers/active',
      requests: [list('customers/active')],
      statement: LIST_ACTIVE,
      values: () => [clientId, ROWS, null],
    },
    {
      name: 'active-for-sender',
      requests: inEvery(({ emails: [email] }) => list('customers/active-for-sender', `&email=${email}`)),
      statement: LIST_ACTIVE_FOR_SENDER,
      values: (at) => [clientId, ROWS, null, talk(at).emails[0]],
    },
    {
      name: 'by-email',
      requests: inEvery(({ emails: [email] }) => list('channels/by-email', `&email=${email}`)),
      statement: LIST_CONVERSATIONS,
      values: (at) => [clientId, ROWS, null, talk(at).emails[0], null],
    },
    {
      name: 'between',
      requests: inEvery(({ emails: [one, two] }) => list('messages/between', `&email1=${one}&email2=${two}`)),
      statement: LIST_BETWEEN,
      values: (at) => [clientId, ROWS, null, ...talk(at).emails.slice(0, 2)],
    },
  ];
}
