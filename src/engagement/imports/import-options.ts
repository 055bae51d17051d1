import type { BulkSet } from '../contacts/contacts-bulk.repository.js';
import type { ContactFilters } from '../contacts/contact-list.sql.js';

/** What becomes of the rows of a file. */
export interface FileOptions {
  readonly kind: 'file';
  /** Ids of tags that all of them get. */
  readonly tagIds: readonly string[];
  readonly onConflict: 'update' | 'skip';
  readonly unknownColumns: 'refuse' | 'custom';
  /** Whether nothing is to be written. */
  readonly dryRun: boolean;
}

/** What becomes of contacts. */
export interface BulkOptions {
  readonly kind: 'bulk';
  readonly filters: ContactFilters;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly set: BulkSet;
  /** Whether who asked may make one active that is unsubscribed. */
  readonly mayResubscribe: boolean;
}

/** As it is stored. */
export type ImportOptions = FileOptions | BulkOptions;
