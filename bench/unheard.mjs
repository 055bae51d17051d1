import { median } from './measure.mjs';
import { drivePlain } from './plain.mjs';

/** Many short ones, side by side: what drifts on the machine from minute to minute then hits both of a pair. */
const PAIRS = 12;
const SECONDS = 1;
const WARM_UP = 0.25;

/**
 * What it costs a send that its event would be written down if anybody listened, and that it would go out to a phone if its
 * channel had a number: the statement with and without those parts, from plain pg, in pairs whose order changes; the share of
 * the speed that is left, in the middle one.
 */
export async function measureUnheard(database, send) {
  const without = { ...send, statement: { name: 'messages.send_without_events', text: withoutEvents(send.statement) } };
  const drive = async (call) => (await drivePlain(database, call, { seconds: SECONDS, warmUp: WARM_UP })).perSecond;
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const [first, second] = pair % 2 === 0 ? [send, without] : [without, send];
    const rates = [await drive(first), await drive(second)];
    const [withEvents, withoutEvents] = pair % 2 === 0 ? rates : rates.reverse();
    pairs.push({ withEvents, withoutEvents, kept: withEvents / withoutEvents });
  }
  const middle = (figure) => median(pairs.map((pair) => pair[figure]));
  return { withEvents: middle('withEvents'), withoutEvents: middle('withoutEvents'), kept: middle('kept') };
}

/** @throws Error where the statement is not built as this expects: a figure must not come from the same text twice */
function withoutEvents({ text }) {
  const without = text.replace(/, greatest\(CASE WHEN EXISTS[^]* AS raised/, '');
  if (without === text) {
    throw new Error('The send raises no event.');
  }
  return without;
}
