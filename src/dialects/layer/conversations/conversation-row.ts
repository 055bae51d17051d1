import type { MemberRow, MessageRow, Standing } from '../messages/message-row.js';

export type Metadata = Readonly<Record<string, unknown>>;

/** A channel as one customer sees it. The counts are null of one that it is not in any more. */
export interface ConversationRow {
  readonly id: string;
  readonly standing: Standing;
  readonly isDistinct: boolean;
  readonly metadata: Metadata | null;
  readonly createdAt: Date;
  readonly totalCount: number | null;
  readonly unreadCount: number | null;
  readonly members: readonly MemberRow[];
  readonly lastMessage: MessageRow | null;
}

export interface Place {
  readonly standing: Standing;
  readonly messageId: string | null;
}

export const SORTS = ['created_at', 'last_message'] as const;

export interface ConversationsQuery {
  readonly pageSize: number;
  readonly sortBy: (typeof SORTS)[number];
  /** The id (a UUID) of the last row of the page before. */
  readonly fromId?: string | null;
}
