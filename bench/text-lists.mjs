import { URLSearchParams } from 'node:url';
import { mediansOf } from './lists.mjs';
import { growTexts } from './phones.mjs';

const LIMIT = 50;
const PER_DAY = 5_000;

/**
 * The median of the first and of a middle page of `GET /api/messages`, by filter, one request at a time, with few deliveries and
 * with many, of as many a day: name → milliseconds, twice.
 */
export async function measureTextLists(world, client, [{ from: number }], { few, many, perRound }) {
  let there = 0;
  const measured = [];
  for (const size of [few, many]) {
    await growTexts(world.session, client.clientId, { from: there + 1, to: size, perDay: PER_DAY });
    there = size;
    await world.seed.settle();
    const pages = await pagesOf(world.server, {
      all: {},
      outbound: { direction: 'outbound' },
      undelivered: { status: 'undelivered' },
      'of a number': { number },
      'of a number, undelivered': { number, status: 'undelivered' },
      'of some days': { createdAfter: daysAgo(1.7), createdBefore: daysAgo(0.4) },
    });
    const medians = await mediansOf(world.server, pages, perRound);
    measured.push(new Map(pages.map(({ name }, at) => [name, medians[at]])));
  }
  return measured;
}

async function pagesOf(server, filters) {
  const pages = [];
  for (const [name, filter] of Object.entries(filters)) {
    const path = (page) => `/api/messages?${new URLSearchParams({ ...filter, limit: LIMIT, page }).toString()}`;
    const response = await fetch(server.base + path(1), { headers: server.headers });
    const { totalPages } = (await response.json()).pagination;
    pages.push({ name: `${name}, first page`, paths: [path(1)] });
    pages.push({ name: `${name}, middle page`, paths: [path(Math.ceil(totalPages / 2))] });
  }
  return pages;
}

const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
