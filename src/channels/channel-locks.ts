/**
 * Locks that no row holds, until the commit; each is asked for in a statement of its own, so that the next one sees what
 * was waited for. In the order of all locks they surround the channel's row: members' gate, members, channel, keys' gates,
 * customers.
 */

/** Whoever adds members to a channel, or takes a message from each of them, keeps others from both. */
export const membersGate = (channelId: string): string =>
  `pg_advisory_xact_lock(hashtextextended(${channelId}::text, 0))`;

/** Whoever gives a channel a reuse key, or takes it away, holds that key: so none waits in the unique index for another. */
export const keyGate = (key: string): string => `hashtextextended($1::uuid::text || encode(${key}, 'hex'), 1)`;
