import { measureCallbacks } from './callbacks.mjs';
import { sendTo } from './calls.mjs';
import { measureFollowed } from './engagement.mjs';
import { measureHandover } from './handover.mjs';
import { measureLogins } from './logins.mjs';
import { atLeast, atMost, table, verdict, whole } from './report.mjs';
import { measureTextLists } from './text-lists.mjs';
import { measureTexts } from './texts.mjs';

/** A list may take this many times as long with a hundred times the messages. */
const GROWTH = 1.5;
/** What contacts and the inbox may leave of the speed of what they follow. */
const KEPT = {
  'a send outside of inboxes': 0.98,
  'a message of a contact': 0.6,
  'a message of the team': 0.6,
  'a new customer': 0.6,
};
/** Its provider is in this process, which production forbids. */
const WITH_GATEWAY = { NODE_ENV: 'development' };

/** Parts about text messages, and about the users who send them. */
export const TEXT_PARTS = {
  texts: async (world, seconds) => {
    const { client, threads } = await world.texter({ numbers: 20, phones: 1_000 });
    const measured = await world.instead({ ROLE: 'web' }, client, () => measureTexts(world, client, threads, seconds));
    return {
      tables: table(
        ['POST /api/messages, 16 connections, from', 'requests/s', 'p99 ms', 'its two statements/s', 'ratio'],
        measured.map(({ name, perSecond, p99, plain, ratio }) => [
          ...[name, whole(perSecond), p99.toFixed(2), whole(plain), ratio.toFixed(2)],
        ]),
      ),
      targets: measured.map(({ name, ratio }) => atLeast(`a text from ${name}, of its two statements`, 0.3, ratio)),
    };
  },

  followed: async (world, seconds) => {
    const { client, threads } = await world.texter({ numbers: 20, phones: 1_000 });
    const send = sendTo(await world.talks());
    const measured = await world.instead({ ROLE: 'web' }, client, () =>
      measureFollowed(world, send, client.clientId, threads, Math.min(1, seconds)),
    );
    return {
      tables: table(
        ['followed by contacts and the inbox', 'statements/s', 'not followed', 'kept'],
        [...measured].map(([name, { whole: all, rest, kept }]) => [name, whole(all), whole(rest), kept.toFixed(3)]),
      ),
      targets: [...measured].map(([name, { kept }]) =>
        atLeast(`${name}, of one that is not followed`, KEPT[name], kept, 3),
      ),
    };
  },

  handover: async (world) => {
    const { client } = await world.texter({ numbers: 20, phones: 8_000 });
    const { perSecond, more, micros } = await world.instead(WITH_GATEWAY, client, () => measureHandover(world, client));
    return {
      lines: [
        `- A text handed over: ${whole(micros.node)} µs of Node’s CPU, ${whole(micros.postgres)} of PostgreSQL’s, ${whole(micros.gateway)} of the provider’s.`,
      ],
      targets: [
        atLeast('texts handed to a provider that takes 50 ms, a second', 500, perSecond, 0),
        atMost('MB over idle meanwhile', 100, more, 0),
      ],
    };
  },

  callbacks: async (world, seconds) => {
    const { client } = await world.texter({ numbers: 20, phones: 12_000 });
    const found = await world.instead(WITH_GATEWAY, client, () => measureCallbacks(world, client, seconds));
    return {
      lines: [
        `- Callbacks from 16 connections: p50 ${found.p50.toFixed(1)} ms, p99 ${found.p99.toFixed(1)} ms; ${whole(found.micros.node)} µs of Node’s CPU and ${whole(found.micros.postgres)} of PostgreSQL’s each.`,
      ],
      targets: [atLeast('signed callbacks that a text was delivered, a second', 1_000, found.perSecond, 0)],
    };
  },

  'text-lists': async (world, seconds) => {
    const { client, threads } = await world.texter({ numbers: 2, phones: 1_000 });
    const perRound = Math.min(100, 40 * seconds);
    const sizes = { few: world.few, many: world.many };
    const [few, many] = await world.instead({ ROLE: 'web' }, client, () =>
      measureTextLists(world, client, threads, { ...sizes, perRound }),
    );
    const rows = [...few].map(([name, before]) => ({
      name,
      before,
      after: many.get(name),
      ratio: many.get(name) / before,
    }));
    return {
      tables: table(
        [
          'GET /api/messages',
          `p50 ms, ${whole(world.few)} texts`,
          `p50 ms, ${whole(world.many)}`,
          'ratio',
          `≤ ${GROWTH}`,
        ],
        rows.map(({ name, before, after, ratio }) => [
          ...[name, before.toFixed(2), after.toFixed(2), ratio.toFixed(2), verdict(ratio <= GROWTH)],
        ]),
      ),
      targets: [
        atMost(
          `the slowest page of texts with ${whole(world.many)}, times as long as with ${whole(world.few)}`,
          GROWTH,
          Math.max(...rows.map(({ ratio }) => ratio)),
        ),
      ],
    };
  },

  logins: async (world) => {
    const found = await measureLogins(world, '/api/v1/channels?limit=10');
    return {
      lines: [
        `- Beside ${found.logins} users who log in, and again where they are sent away, a page of channels: p50 ${found.p50.toFixed(1)} ms, p99 ${found.p99.toFixed(1)} ms (${whole(found.loggedIn)} logins, ${whole(found.sentAway)} sent away).`,
      ],
      targets: [atMost(`a page beside ${found.logins} logins, p99 ms`, 100, found.p99, 0)],
    };
  },
};
