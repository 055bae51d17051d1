import type { Metadata } from '../conversations/conversation-row.js';
import type { IdentityRow } from '../identity.presenter.js';

/** Who is in a channel. */
export interface MembershipRow extends IdentityRow {
  readonly isOwner: boolean;
}

/** An open channel as one customer sees it. */
export interface LayerChannelRow {
  readonly id: string;
  readonly name: string;
  readonly metadata: Metadata | null;
  readonly createdAt: Date;
  /** Its own; null: it is not in it. */
  readonly membership: MembershipRow | null;
}

export interface ChannelPageQuery {
  readonly pageSize: number;
  /** The id (a UUID) of the last row of the page before. */
  readonly fromId?: string | null;
}
