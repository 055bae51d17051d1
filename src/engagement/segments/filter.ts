/** A condition on one field of a contact. What each field may be compared with: see read-filter.ts. */
export interface Condition {
  readonly field: string;
  readonly op: string;
  readonly value?: FilterValue;
}
export type Scalar = string | number | boolean;
export type FilterValue = Scalar | readonly Scalar[];

/** As it is stored and shown. */
export type Filter =
  Condition | { readonly all: readonly Filter[] } | { readonly any: readonly Filter[] } | { readonly not: Filter };
