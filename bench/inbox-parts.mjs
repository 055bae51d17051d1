import { measureAnalytics } from './analytics.mjs';
import { comparePages, measureInboxes } from './inboxes.mjs';
import { measureInbound, measureReplies } from './replies.mjs';
import { atLeast, atMost, table, verdict, whole as rounded } from './report.mjs';

/** A list may take this many times as long with a hundred times the contacts. */
const GROWTH = 1.5;
const MANY = Number(process.env.BENCH_CONTACTS || 1_000_000);

/** Seconds of mails that come in. */
const INBOUND_SECONDS = 15;

export const INBOX_PARTS = {
  analytics: async (world, seconds) => {
    const client = await world.createClient();
    const measured = await world.instead({ ROLE: 'web' }, client, () => measureAnalytics(world, client, 16 * seconds));
    return { targets: measured.map(({ name, millis }) => atMost(`${name}, p50 ms`, 20, millis, 1)) };
  },

  replies: async (world, seconds) => {
    const client = await world.createClient();
    const settings = { NODE_ENV: 'development', LIMIT_LIVE_CHAT: 'off', INBOUND_MAIL_DOMAIN: 'in.bench.example' };
    return world.instead(settings, client, async () => {
      const { reply, send, ratio } = await measureReplies(world, seconds);
      const { p50, p99 } = await measureInbound(world.server, INBOUND_SECONDS);
      return {
        lines: [
          `Replies to chats: ${rounded(reply)} a second; sends of the core there: ${rounded(send)}. A mail of 20 KB, 20 a second, to its webhook: p50 ${p50.toFixed(0)} ms.`,
        ],
        targets: [
          atLeast('a reply to a chat, of a send', 0.5, ratio),
          atMost('a mail of 20 KB, 20 a second, to its webhook, p99 ms', 2_000, p99, 0),
        ],
      };
    });
  },

  inboxes: async (world, seconds) => {
    const client = await world.createClient();
    const settings = { ROLE: 'web', NODE_ENV: 'development' };
    return world.instead(settings, client, async () => {
      const perRound = Math.min(100, 32 * seconds);
      const { listed, searched, deep } = await measureInboxes(world, client, { few: world.few, many: MANY, perRound });
      const compared = await comparePages(world, client, seconds);
      const rows = (measured) => [...measured].map(([name, [few, many]]) => ({ name, few, many, ratio: many / few }));
      const slowest = rows(listed).reduce((most, one) => (one.ratio > most.ratio ? one : most));
      const figures = ({ few, many, ratio }) => [few, many, ratio].map((figure) => figure.toFixed(2));
      return {
        tables: table(
          ['page of 25', `p50 ms, ${rounded(world.few)} contacts`, `${rounded(MANY)}`, 'ratio', `≤ ${GROWTH}`],
          [
            ...rows(listed).map((row) => [row.name, ...figures(row), verdict(row.ratio <= GROWTH)]),
            ...rows(searched).map((row) => [row.name, ...figures(row), '']),
          ],
        ),
        targets: [
          atMost(`the slowest list of an inbox (${slowest.name}), times as long`, GROWTH, slowest.ratio),
          ...deep.map(({ row, millis }, at) =>
            atMost(`a page that starts at row ${rounded(row)}, ms`, [25, 150][at], millis, 0),
          ),
          ...compared.map(({ name, http, plain }) =>
            atLeast(`first page of ${name}, of its statement`, 0.22, http / plain),
          ),
        ],
      };
    });
  },
};
