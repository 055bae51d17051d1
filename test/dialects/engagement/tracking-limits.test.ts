import { expect, it } from '@jest/globals';
import { startServer, useServer } from '../../support/server.js';

// Its own: the limits of the others are off.
const server = useServer(() => startServer({ RATE_LIMIT: '100', LIMIT_TRACKING: '1', LIMIT_UNSUBSCRIBE: '1' }));

const statusesOf = async (path: string, method = 'GET'): Promise<Set<number>> => {
  const many = Array.from({ length: 60 }, () => fetch(server.url + path, { method }));
  return new Set((await Promise.all(many)).map(({ status }) => status));
};

it('counts by its address who follows links and unsubscribes, and shows it the pixel all the same', async () => {
  expect(await statusesOf('/t/c/wrong')).toEqual(new Set([404, 429]));
  expect(await statusesOf('/u/wrong', 'POST')).toEqual(new Set([404, 429]));
  expect(await statusesOf('/t/o/wrong.gif')).toEqual(new Set([200]));
});
