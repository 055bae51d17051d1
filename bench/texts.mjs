import { uuidv7 } from 'uuidv7';
import { SEND } from '../dist/src/messages/messages.sql.js';
import { FIND_THREAD } from '../dist/src/delivery/texts/texts.sql.js';
import { driveHttp } from './load.mjs';
import { median } from './measure.mjs';
import { drivePlain } from './plain.mjs';
import { takeTurns, turnsOf, warmUp } from './throughput.mjs';

const BODY = 'Shall we meet at the usual place tomorrow?';
const CONNECTIONS = 16;

/**
 * Text messages to phones that are known, from the default number, from all numbers in turn, and the latter with an
 * `Idempotency-Key` each: over HTTP, by a process that does not deliver them, against the two statements behind it from plain pg.
 */
export async function measureTexts(world, { clientId }, threads, seconds) {
  const [{ from: first }] = threads;
  const calls = {
    'one number': callOf(
      clientId,
      threads.filter(({ from }) => from === first),
    ),
    'all numbers': callOf(clientId, threads),
    'all numbers, with a key': callOf(clientId, threads, true),
  };
  const options = { connections: CONNECTIONS, seconds };
  const measured = [];
  for (const [name, call] of Object.entries(calls)) {
    await warmUp(world.server, name, call.requests);
    await world.session.query('DELETE FROM delivery_jobs');
    await world.seed.settle();
    const drives = {
      plain: () => drivePlain(world.database, call, options),
      parlance: () => driveHttp(world.server, call.requests, options),
    };
    const turns = await takeTurns(drives, turnsOf(seconds));
    const middle = (read) => median(turns.map(read));
    measured.push({
      name,
      perSecond: middle(({ parlance }) => parlance.perSecond),
      p99: middle(({ parlance }) => parlance.p99),
      plain: middle(({ plain }) => plain.perSecond),
      ratio: middle(({ parlance, plain }) => parlance.perSecond / plain.perSecond),
    });
  }
  return measured;
}

function callOf(clientId, threads, keyed = false) {
  const thread = (at) => threads[at % threads.length];
  return {
    requests: threads.map(({ from, to }) => ({
      ...{ method: 'POST', path: '/api/messages', keyed },
      body: JSON.stringify({ to, from, body: BODY }),
    })),
    steps: [
      { statement: FIND_THREAD, values: (at) => [clientId, thread(at).addressId, thread(at).to] },
      {
        statement: SEND,
        values: (at) => [clientId, uuidv7(), 'text', BODY, null, null, thread(at).channelId, thread(at).addressId],
      },
    ],
  };
}
