/**
 * Locks that no row holds, until the commit; each is asked for in a statement of its own, so that the next one sees what
 * was waited for. In the order of all locks they surround the channel's row: members' gate, members, channel, keys' gates,
 * customers.
 */

/** Held while members are added to a channel, or a message is deleted for all of them. */
export const membersGate = (channelId: string): string =>
  `pg_advisory_xact_lock(hashtextextended(${channelId}::text, 0))`;

/** Held while a channel's reuse key is set or cleared, so that nobody waits in the unique index. */
export const keyGate = (key: string): string => `hashtextextended($1::uuid::text || encode(${key}, 'hex'), 1)`;
