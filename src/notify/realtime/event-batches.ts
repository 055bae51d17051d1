import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';

const MAX_TRIES = 10;
const RETRY_MS = 500;

/** Calls `route` with the events of each client, in their order. The clients go side by side: none waits for another. */
export async function routeByClient<E extends { readonly clientId: string }>(
  events: readonly E[],
  route: (clientId: string, events: readonly E[]) => Promise<void>,
): Promise<void> {
  const byClient = new Map<string, E[]>();
  for (const event of events) {
    const own = byClient.get(event.clientId) ?? [];
    byClient.set(event.clientId, own);
    own.push(event);
  }
  await Promise.all([...byClient].map(([clientId, own]) => route(clientId, own)));
}

/** What `load` finds in the database, asked again for some seconds while that is away. @throws what the last try threw */
export async function loadPatiently<T>(load: () => Promise<T>, logger: Logger): Promise<T> {
  for (let tries = 1; tries < MAX_TRIES; tries += 1) {
    try {
      return await load();
    } catch (error) {
      logger.warn(`Events wait for the database: ${(error as Error).message}`);
      await sleep(RETRY_MS);
    }
  }
  return load();
}
