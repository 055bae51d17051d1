import type { MemberRow } from '../customers/member-row.js';
import type { Channel } from './channel.entity.js';

/** What is read of a channel, its members included. */
export type ChannelRow = Pick<Channel, 'id' | 'type' | 'name' | 'metadata' | 'addressId' | 'createdAt'> & {
  readonly customers: readonly MemberRow[];
};

/** The columns of a ChannelRow, of a table that goes by `channel`; its members are the oldest customer first, never null. */
export const CHANNEL_COLUMNS = `channel.id, channel.type, channel.name, channel.metadata,
  channel.address_id AS "addressId", channel.created_at AS "createdAt",
  (SELECT coalesce(json_agg(json_build_object('id', customer.id, 'name', customer.name, 'email', customer.email,
                                              'avatarUrl', customer.profile ->> 'avatar_url')
                            ORDER BY customer.id), '[]')
   FROM channel_members member
   JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
   WHERE member.client_id = $1 AND member.channel_id = channel.id) AS customers`;
