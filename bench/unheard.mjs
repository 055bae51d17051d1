import { mean } from './measure.mjs';
import { drivePlain } from './plain.mjs';

const TURNS = 4;

/**
 * What it costs a send that its event would be written down if anybody listened: the statement with and without those
 * parts, from plain pg, in turns.
 */
export async function measureUnheard(databaseUrl, send, seconds) {
  const without = { ...send, statement: { name: 'messages.send_without_events', text: withoutEvents(send.statement) } };
  const rates = { heard: [], unheard: [] };
  for (let turn = 0; turn < TURNS; turn += 1) {
    rates.unheard.push(await drivePlain(databaseUrl, without, seconds));
    rates.heard.push(await drivePlain(databaseUrl, send, seconds));
  }
  return { withEvents: mean(rates.heard), withoutEvents: mean(rates.unheard) };
}

/** @throws Error where the statement is not built as this expects: a figure must not come from the same text twice */
function withoutEvents({ text }) {
  const [change, events] = text.split(/,\s*happened AS \(/);
  if (events === undefined) {
    throw new Error('The send raises no event.');
  }
  return `${change} SELECT message.* FROM message`;
}
