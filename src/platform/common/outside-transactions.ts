import { Underway } from './underway.js';

const transactions = new Underway<true>();

/** Runs `work`, which holds a connection that others may be waiting for. */
export function markAsTransaction<T>(work: () => Promise<T>): Promise<T> {
  return transactions.during(true, work);
}

/** @throws Error in a transaction: however long the network takes, no connection is held for it. */
export function mustBeOutsideTransactions(): void {
  if (transactions.current) {
    throw new Error('The network was to be waited for in a transaction.');
  }
}
