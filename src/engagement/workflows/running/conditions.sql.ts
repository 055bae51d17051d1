import type { Binding } from '../../binding.js';
import { compileFilter } from '../../segments/compile-filter.sql.js';
import type { FilterIds } from '../../segments/filter-ids.js';
import type { Condition } from '../../segments/filter.js';

/** Which of these conditions hold of each of contacts `contactIds` that is there. @returns the text of a statement without a name */
export function heldBy(
  leaves: readonly Condition[],
  contactIds: readonly string[],
  { now, ids }: { readonly now: Date; readonly ids: FilterIds | undefined },
  binding: Binding,
): string {
  const held = leaves.map((leaf) => `(${compileFilter(leaf, binding, now, ids)}) IS TRUE`);
  return `
    SELECT contact.customer_id AS id, ARRAY[${held.join(', ')}]::boolean[] AS held FROM contacts contact
    WHERE contact.client_id = $1 AND contact.customer_id = ANY(${binding.bind(contactIds, 'uuid[]')})`;
}
