import { formatId, parseId } from '../../platform/common/ids/type-id.js';

/** What a socket may subscribe to: `id` is the channel's, the customer's or the client's. */
export type ChannelName =
  | { readonly kind: 'channel' | 'presence' | 'customer' | 'workspace'; readonly text: string; readonly id: string }
  | { readonly kind: 'client' | 'inbox'; readonly text: string; readonly id: null };

const CLIENT = 'private-client';
const INBOX = 'private-inbox';
const CHANNEL = 'private-channel.';
/** Two names for one channel: Laravel Echo puts `presence-` before whatever its page calls the channel. */
const PRESENCE = ['presence-channel.', 'presence-presence.channel.'] as const;
const CUSTOMER = 'private-customer.';
const WORKSPACE = 'private-workspace.';

const PREFIXES = [
  [CHANNEL, 'channel', 'channel'],
  [PRESENCE[0], 'presence', 'channel'],
  [PRESENCE[1], 'presence', 'channel'],
  [CUSTOMER, 'customer', 'customer'],
  [WORKSPACE, 'workspace', 'client'],
] as const;

/** Null where it is not a name. Ids are accepted in one spelling only, or a channel would have several names. */
export function parseChannelName(text: string): ChannelName | null {
  if (text === CLIENT) {
    return { kind: 'client', text, id: null };
  }
  if (text === INBOX) {
    return { kind: 'inbox', text, id: null };
  }
  const [prefix, kind, names] = PREFIXES.find(([start]) => text.startsWith(start)) ?? [];
  if (prefix === undefined) {
    return null;
  }
  const id = parseId(names, text.slice(prefix.length));
  return id !== null && prefix + formatId(names, id) === text ? { kind, text, id } : null;
}

export const channelRoom = (channelId: string): string => CHANNEL + formatId('channel', channelId);
export const customerRoom = (customerId: string): string => CUSTOMER + formatId('customer', customerId);
export const workspaceRoom = (clientId: string): string => WORKSPACE + formatId('client', clientId);
export const clientRoom = CLIENT;
export const inboxRoom = INBOX;
export const presenceRooms = (channelId: string): string[] =>
  PRESENCE.map((prefix) => prefix + formatId('channel', channelId));
