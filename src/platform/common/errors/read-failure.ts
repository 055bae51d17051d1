import type { Refusal } from './refusal.js';

/** What a failure that is no Refusal means to the caller; null where it is a fault of ours. */
export type ReadFailure = (error: unknown, wasWrite: boolean) => Refusal | null;

/** The port through which errors learn of the database's. */
export const READ_FAILURE = Symbol('READ_FAILURE');
