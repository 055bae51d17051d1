import { createHash } from 'node:crypto';
import type { Channel, ChannelType } from './channel.entity.js';

/**
 * What makes two channels the same: type, name and the set of members, in any order. `messages.send_to_customer` makes the
 * same hash in SQL, for the general channel of two.
 */
export function reuseKeyOf(type: ChannelType, name: string, customerIds: readonly string[]): Buffer {
  const members = [...customerIds].sort().join(',');
  return sha256(type === 'general' ? `general:${members}` : `custom:${members}:${name}`);
}

/** Of an open channel: one of each name, whoever its members are. */
function openKeyOf(name: string): Buffer {
  return sha256(`open:${name}`);
}

/** Of a channel that has, or is to have, these customers. */
export function keyOf(
  { isOpen, type, name }: Pick<Channel, 'isOpen' | 'type' | 'name'>,
  customerIds: readonly string[],
): Buffer {
  return isOpen ? openKeyOf(name) : reuseKeyOf(type, name, customerIds);
}

/** For a channel that has become the same as another: a key that no request can produce. `channels.sql.ts` makes it too. */
export function ownKeyOf(channelId: string): Buffer {
  return sha256(`channel:${channelId}`);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
