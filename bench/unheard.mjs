import { median } from './measure.mjs';
import { drivePlain } from './plain.mjs';

/** Many short ones, side by side: what drifts on the machine from minute to minute then hits both of a pair. */
const PAIRS = 12;
const SECONDS = 1;
const WARM_UP = 0.25;

/** What it costs a send that its event would be written down if anybody listened. */
export const measureUnheard = (database, send) => compare(database, send, 'events', withoutEvents);

/** What it costs one whose channel has no number that it would go out to a phone if it had. */
export const measureNumberless = (database, send) => compare(database, send, 'numbers', withoutNumbers);

/**
 * The statement with and without some parts, from plain pg, in pairs whose order changes; `kept` is the share of the speed that
 * is left, in the middle one.
 */
async function compare(database, send, parts, strip) {
  const without = { ...send, statement: { name: `messages.send_without_${parts}`, text: strip(send.statement) } };
  const drive = async (call) => (await drivePlain(database, call, { seconds: SECONDS, warmUp: WARM_UP })).perSecond;
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const [first, second] = pair % 2 === 0 ? [send, without] : [without, send];
    const rates = [await drive(first), await drive(second)];
    const [whole, rest] = pair % 2 === 0 ? rates : rates.reverse();
    pairs.push({ whole, rest, kept: whole / rest });
  }
  const middle = (figure) => median(pairs.map((pair) => pair[figure]));
  return { whole: middle('whole'), rest: middle('rest'), kept: middle('kept') };
}

/** @throws Error where the statement is not built as this expects: a figure must not come from the same text twice */
function withoutEvents({ text }) {
  const without = text.replace(/greatest\(CASE WHEN EXISTS[^]*?END, (CASE[^]*END)\) AS raised/, '$1 AS raised');
  if (without === text) {
    throw new Error('The send raises no event.');
  }
  return without;
}

/** @throws Error as above */
function withoutNumbers({ text }) {
  const without = text
    .replace(/ AS at, address_id$/m, ' AS at')
    .replace(' OR channel.address_id IS NOT NULL AS is_followed', ' AS is_followed');
  if (without.includes('address_id')) {
    throw new Error('The send goes out to phones in another way.');
  }
  return without;
}
