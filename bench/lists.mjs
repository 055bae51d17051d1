import { formatId } from '../dist/src/platform/common/ids/type-id.js';
import { get } from './get.mjs';
import { percentile } from './measure.mjs';

const LIMIT = 10;
/** How many channels and customers each list is asked of. */
const SUBJECTS = 16;
/** The lists take turns this often, so that a disturbance hits all of them alike. */
const ROUNDS = 5;
/** Requests of each page that are not counted: the first ten thousand of a process are slow, whatever the data. */
const WARM_UP = 500;
/** The largest page, to walk to the middle of a list. */
const STEP = 100;

/** The busiest have a full page and a deep one with ten thousand messages already. */
const CHANNELS = `
  SELECT channel.id, array_agg(customer.email ORDER BY member.message_count DESC) AS emails
  FROM (SELECT id FROM channels WHERE client_id = $1 ORDER BY message_count DESC, id LIMIT ${SUBJECTS}) channel
  JOIN channel_members member ON member.client_id = $1 AND member.channel_id = channel.id
  JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
  GROUP BY channel.id`;
const CUSTOMERS = `
  SELECT id, email FROM customers WHERE client_id = $1 ORDER BY message_count DESC, id LIMIT ${SUBJECTS}`;

/** Every list of the core, as paths without a page; `other` is the order that is not its own. */
export async function listsOf(session, clientId) {
  const { rows: channels } = await session.query(CHANNELS, [clientId]);
  const { rows: customers } = await session.query(CUSTOMERS, [clientId]);
  const ofChannels = (path) => channels.map((channel) => `/api/v1/${path(channel)}limit=${LIMIT}`);
  const ofCustomers = (path) => customers.map((customer) => `/api/v1/${path(customer)}limit=${LIMIT}`);
  return [
    { name: 'customers', paths: [`/api/v1/customers?limit=${LIMIT}`] },
    { name: 'customers/active', paths: [`/api/v1/customers/active?limit=${LIMIT}`] },
    {
      name: 'customers/active-for-sender',
      paths: ofCustomers(({ email }) => `customers/active-for-sender?email=${email}&`),
    },
    { name: 'channels', paths: [`/api/v1/channels?limit=${LIMIT}`] },
    { name: 'channels/by-email', paths: ofCustomers(({ email }) => `channels/by-email?email=${email}&`) },
    { name: 'channels/customer/:id', paths: ofCustomers(({ id }) => `channels/customer/${formatId('customer', id)}?`) },
    {
      name: 'messages/channel/:id',
      paths: ofChannels(({ id }) => `messages/channel/${formatId('channel', id)}?`),
      other: 'desc',
    },
    { name: 'messages/customer/:id', paths: ofCustomers(({ id }) => `messages/customer/${formatId('customer', id)}?`) },
    {
      name: 'messages/between',
      paths: ofChannels(({ emails: [one, two] }) => `messages/between?email1=${one}&email2=${two}&`),
    },
  ];
}

/** The median of the first and of a middle page of each list, one request at a time: name → milliseconds. */
export async function measureLists(server, lists, perRound) {
  const pages = [];
  for (const { name, paths } of lists) {
    const middles = await middlesOf(server, paths);
    pages.push({ name: `${name}, first page`, paths });
    pages.push({ name: `${name}, deep page`, paths: paths.map((path, at) => `${path}&starting_after=${middles[at]}`) });
  }
  const medians = await mediansOf(server, pages, perRound);
  return new Map(pages.map(({ name }, at) => [name, medians[at]]));
}

/**
 * How many times as long as from the front each list takes from its other end, and how many times as long as after its
 * middle before it.
 */
export async function measureBackwards(server, lists, perRound) {
  const pages = [];
  for (const { paths, other = 'asc' } of lists) {
    const middles = await middlesOf(server, paths);
    const beside = (cursor) => paths.map((path, at) => `${path}&${cursor}=${middles[at]}`);
    pages.push({ paths }, { paths: paths.map((path) => `${path}&order=${other}`) });
    pages.push({ paths: beside('starting_after') }, { paths: beside('ending_before') });
  }
  const medians = await mediansOf(server, pages, perRound);
  return lists.map(({ name }, at) => {
    const [first, last, after, before] = medians.slice(4 * at, 4 * at + 4);
    return { name, fromTheEnd: last / first, endingBefore: before / after };
  });
}

/** The pages take turns; each is warmed up before. */
export async function mediansOf(server, pages, perRound, warmUp = WARM_UP) {
  for (const { paths } of pages) {
    await ask(server, paths, warmUp, checked);
  }
  const times = pages.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, { paths }] of pages.entries()) {
      await ask(server, paths, perRound, ({ millis }) => times[at].push(millis));
    }
  }
  return times.map((one) => percentile(one, 0.5));
}

async function ask(server, paths, times, note) {
  for (let at = 0; at < times; at += 1) {
    const path = paths[at % paths.length];
    note(await get(server, path), path);
  }
}

/** A fast answer with nothing in it would be worth nothing. */
function checked({ items }, path) {
  if (items.length === 0) {
    throw new Error(`${path} is empty.`);
  }
}

async function middlesOf(server, paths) {
  const middles = [];
  for (const path of paths) {
    middles.push(await middleOf(server, path));
  }
  return middles;
}

/** The id after which the second half of a list begins. */
async function middleOf(server, path) {
  const page = path.replace(`limit=${LIMIT}`, `limit=${STEP}`);
  let seen = 0;
  let after = '';
  for (;;) {
    const { items, total } = await get(server, `${page}${after}`);
    const wanted = Math.floor(total / 2) - seen;
    if (wanted <= items.length) {
      return idOf(items[wanted - 1]);
    }
    seen += items.length;
    after = `&starting_after=${idOf(items.at(-1))}`;
  }
}

const idOf = (item) => (item.recipient ?? item).id;
