import type { LookupFunction } from 'node:net';
import type { Resolve } from './names.js';
import { admits, type DestinationRules } from './outbound-policy.js';

/** The name leads where requests may not go. */
export class NotPublicError extends Error {
  constructor() {
    super('The name does not lead to a public address');
  }
}

/**
 * Refuses a name where any of its addresses is not public; the connection is made to one of these, not looked up
 * again.
 */
export function guardedLookup(resolve: Resolve, rules: DestinationRules): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => admits(rules, address))) {
          callback(new NotPublicError(), '');
        } else if (options.all) {
          callback(null, [...addresses]);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}
