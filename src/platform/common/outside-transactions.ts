import { AsyncLocalStorage } from 'node:async_hooks';

const underway = new AsyncLocalStorage<true>();

/** Runs `work`, which holds a connection that others may be waiting for. */
export function markAsTransaction<T>(work: () => Promise<T>): Promise<T> {
  return underway.run(true, work);
}

/** @throws Error in a transaction: however long the network takes, no connection is held for it. */
export function mustBeOutsideTransactions(): void {
  if (underway.getStore()) {
    throw new Error('The network was to be waited for in a transaction.');
  }
}
