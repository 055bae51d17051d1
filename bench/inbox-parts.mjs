import { comparePages, measureInboxes } from './inboxes.mjs';
import { atLeast, atMost, table, verdict, whole as rounded } from './report.mjs';

/** A list may take this many times as long with a hundred times the contacts. */
const GROWTH = 1.5;
const MANY = Number(process.env.BENCH_CONTACTS || 1_000_000);

export const INBOX_PARTS = {
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
