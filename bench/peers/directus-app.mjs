/** Directus' own command line (`bootstrap`, `start`), without its look for updates, on a port that is free. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const finder = createServer().listen(0, '127.0.0.1');
await once(finder, 'listening');
const { port } = finder.address();
finder.close();
process.env.PORT = String(port);

await import('@directus/api/cli/run.js');

if (process.argv.at(-1) === 'start') {
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/server/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    await sleep(20);
  }
  console.log(`ready: http://localhost:${port}`);
}
