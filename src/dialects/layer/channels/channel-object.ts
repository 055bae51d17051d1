import type { Metadata } from '../conversations/conversation-row.js';
import { presentBasicIdentity, userIdOf, type BasicIdentity } from '../identity.presenter.js';
import { escapeUserId, layerUri, memberUri } from '../layer-id.js';
import type { LayerChannelRow, MembershipRow } from './channel-row.js';

export const ROLES = ['owner', 'user'] as const;

export interface MembershipObject {
  readonly id: string;
  readonly url: string;
  readonly channel: { readonly id: string; readonly url: string };
  readonly identity: BasicIdentity;
  readonly role: (typeof ROLES)[number];
}

export interface ChannelObject {
  readonly id: string;
  readonly url: string;
  readonly messages_url: string;
  readonly members_url: string;
  readonly created_at: string;
  readonly name: string;
  readonly metadata: Metadata;
  readonly membership: MembershipObject | null;
}

/** @param base where this dialect is mounted, as the caller sees it: `https://host/layer` */
export function channelObject(
  { id, name, metadata, createdAt, membership }: LayerChannelRow,
  base: string,
): ChannelObject {
  const url = `${base}/channels/${id}`;
  return {
    id: layerUri('channels', id),
    url,
    messages_url: `${url}/messages`,
    members_url: `${url}/members`,
    created_at: createdAt.toISOString(),
    name,
    metadata: metadata ?? {},
    membership: membership && membershipObject(id, membership, base),
  };
}

export function membershipObject(channelId: string, member: MembershipRow, base: string): MembershipObject {
  const url = `${base}/channels/${channelId}`;
  const userId = userIdOf(member);
  return {
    id: memberUri(channelId, userId),
    url: `${url}/members/${escapeUserId(userId)}`,
    channel: { id: layerUri('channels', channelId), url },
    identity: presentBasicIdentity(base, member),
    role: member.isOwner ? 'owner' : 'user',
  };
}
