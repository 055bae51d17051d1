import type { CustomerProfile } from '../../customers/customer.entity.js';

export interface Names {
  /** One of the two is there. */
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** What a customer of these names is called, and what its profile then says. */
export function written(
  { firstName, lastName }: Names,
  profile: CustomerProfile | null,
): { readonly name: string; readonly profile: CustomerProfile } {
  const { first_name: _first, last_name: _last, ...others } = profile ?? {};
  return {
    name: [firstName, lastName].filter((name) => name !== null).join(' '),
    profile: {
      ...others,
      ...(firstName === null ? {} : { first_name: firstName }),
      ...(lastName === null ? {} : { last_name: lastName }),
    },
  };
}
