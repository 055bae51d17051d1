import {
  CONVERSATION_PRIORITIES,
  CONVERSATION_STATUSES,
  type ConversationPriority,
  type ConversationStatus,
} from '../../delivery/conversations/conversation.entity.js';
import type { Statement } from '../../platform/database/statement.js';
import type { Binding } from '../binding.js';
import { allOf } from '../few.js';
import { findsWords } from '../contacts/searchable.js';

/** Of conversation `one`: what its list shows, in the columns of a ConversationRow. */
const COLUMNS = `
  one.channel_id AS id, one.number::float8 AS number, one.subject, one.status, one.medium, one.priority,
  one.address_id AS "addressId", one.contact_id AS "contactId", contact.number::float8 AS "contactNumber",
  person.name AS "contactName", person.email AS "contactEmail", one.assignee_id AS "assigneeId",
  assignee.number::float8 AS "assigneeNumber", assignee.name AS "assigneeName", one.is_starred AS "isStarred",
  one.is_pinned AS "isPinned", one.is_read AS "isRead", one.is_ai_handled AS "isAiHandled",
  greatest(coalesce(channel.message_count - speaker.message_count - speaker.seen_count, 0), 0) AS "unreadCount",
  channel.message_count AS "messageCount", one.entries_count AS "entryCount", one.last_position AS "lastPosition",
  one.preview, one.waiting_since AS "waitingSince", one.snoozed_until AS "snoozedUntil",
  one.last_message_at AS "lastMessageAt", one.resolved_at AS "resolvedAt", one.created_at AS "createdAt"`;

const JOINS = `
  JOIN channels channel ON channel.client_id = $1 AND channel.id = one.channel_id
  LEFT JOIN channel_members speaker ON speaker.client_id = $1 AND speaker.channel_id = one.channel_id
    AND speaker.customer_id = one.address_id
  LEFT JOIN customers person ON person.client_id = $1 AND person.id = one.contact_id
  LEFT JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = one.contact_id
  LEFT JOIN users assignee ON assignee.id = one.assignee_id`;

/** The one with number `$2`, or with channel `$3`. */
export const FIND: Statement = {
  name: 'inbox.find',
  text: `
    SELECT ${COLUMNS}
    FROM (
      SELECT * FROM conversations WHERE client_id = $1 AND number = $2::bigint
      UNION ALL
      SELECT * FROM conversations WHERE client_id = $1 AND channel_id = $3::uuid
    ) one ${JOINS}`,
};

/** Those of channels `$2`. */
export const FIND_MANY: Statement = {
  name: 'inbox.find_many',
  text: `SELECT ${COLUMNS} FROM conversations one ${JOINS} WHERE one.client_id = $1 AND one.channel_id = ANY($2::uuid[])`,
};

/** Those of numbers `$2`, in that order. */
export const FIND_LISTED: Statement = {
  name: 'inbox.find_listed',
  text: `
    SELECT ${COLUMNS}
    FROM unnest($2::bigint[]) WITH ORDINALITY AS page (number, place)
    JOIN conversations one ON one.client_id = $1 AND one.number = page.number ${JOINS}
    ORDER BY page.place`,
};

/** How many there are of each status. */
export const COUNT_BY_STATUS: Statement = {
  name: 'inbox.count_by_status',
  text: `
    SELECT substr(name, 15) AS status, value FROM counters
    WHERE client_id = $1 AND name = ANY('{conversations.open,conversations.pending,conversations.snoozed,conversations.closed,conversations.spam}')`,
};

/** What conversations a list is of; nothing given: all. */
export interface ConversationFilters {
  readonly status?: ConversationStatus | null;
  readonly medium?: string | null;
  readonly priority?: ConversationPriority | null;
  /** The id of a user; `nobody`: of none. */
  readonly assignee?: string | null;
  /** The id of a customer. */
  readonly contact?: string | null;
  readonly isStarred?: boolean | null;
  readonly isRead?: boolean | null;
  readonly isAiHandled?: boolean | null;
  readonly search?: string | null;
  /** Words that all occur in one of its messages. */
  readonly said?: string | null;
}

/** What has few values, in their order. */
const RANKS = { priority: CONVERSATION_PRIORITIES, status: [...CONVERSATION_STATUSES].sort() } as const;
const rankOf = (sort: keyof typeof RANKS): string => `array_position('{${RANKS[sort].join(',')}}', one.${sort})`;
const SORTS = {
  last_message_at: 'one.last_message_at',
  // Numbers are drawn as conversations are made.
  created_at: 'one.number',
  priority: rankOf('priority'),
  status: rankOf('status'),
} as const;
export type ConversationSort = keyof typeof SORTS;

function conditionsOf(filters: ConversationFilters, binding: Binding): string[] {
  const { status, medium, priority, assignee, contact, isStarred, isRead, isAiHandled, search, said } = filters;
  const given: readonly (string | false)[] = [
    'one.client_id = $1',
    status != null && `one.status = ${binding.bind(status, 'text')}`,
    medium != null && `one.medium = ${binding.bind(medium, 'text')}`,
    priority != null && `one.priority = ${binding.bind(priority, 'text')}`,
    assignee === 'nobody' && 'one.assignee_id IS NULL',
    assignee != null && assignee !== 'nobody' && `one.assignee_id = ${binding.bind(assignee, 'uuid')}`,
    contact != null && `one.contact_id = ${binding.bind(contact, 'uuid')}`,
    isStarred != null && `one.is_starred = ${binding.bind(isStarred, 'boolean')}`,
    isRead != null && `one.is_read = ${binding.bind(isRead, 'boolean')}`,
    isAiHandled != null && `one.is_ai_handled = ${binding.bind(isAiHandled, 'boolean')}`,
    ...findsWords('one.search_text', search ?? '', binding),
    said != null &&
      `one.channel_id IN (
        SELECT message.channel_id FROM message_words message
        WHERE ${['message.client_id = $1', ...findsWords('message.words', said, binding)].join(' AND ')})`,
  ];
  return given.filter((one) => typeof one === 'string');
}

export interface ConversationPageOf {
  readonly sort: ConversationSort;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** The id of one: what comes after it, in the default order. */
  readonly after: string | null;
  /** Whether they are so few in all that they are found first, and then put in order: see few.ts. */
  readonly areFew: boolean;
}

/**
 * The numbers of a page, in its order: found on an index alone, however deep it is. What they show is read by FIND_LISTED, whose
 * plan is made once: to plan this with all that stands beside a conversation takes longer than to run it. Run without a name.
 */
export function pageOfConversations(filters: ConversationFilters, page: ConversationPageOf, binding: Binding): string {
  const { sort, direction, limit, offset, after, areFew } = page;
  const conditions = conditionsOf(filters, binding);
  if (after !== null) {
    conditions.push(`(one.last_message_at, one.number) < (
      SELECT cursor.last_message_at, cursor.number FROM conversations cursor
      WHERE cursor.client_id = $1 AND cursor.channel_id = ${binding.bind(after, 'uuid')})`);
  }
  const rows = (key: string, ...more: readonly string[]): string => `
        SELECT one.number, ${key} AS key FROM conversations one
        WHERE ${[...conditions, ...more].join(' AND ')}`;
  const byRank = (by: keyof typeof RANKS): string => {
    const first = `ORDER BY one.number ${direction} LIMIT ${binding.bind(limit + offset, 'bigint')}`;
    // Of each value as many as the page may be of: no index has them in this order, and all are too many to be sorted.
    return RANKS[by]
      .map((value, rank) => `(${rows(`${rank}`, `one.${by} = '${value}'`)} ${first})`)
      .join(' UNION ALL ');
  };
  const isByRank = sort === 'priority' || sort === 'status';
  const found = areFew ? allOf(rows(SORTS[sort])) : isByRank ? byRank(sort) : rows(SORTS[sort]);
  return `
    SELECT one.number::float8 AS number FROM (${found}
    ) one
    ORDER BY one.key ${direction}, one.number ${direction}
    LIMIT ${binding.bind(limit, 'int')} OFFSET ${binding.bind(offset, 'bigint')}`;
}

/** How many there are. Run without a name. */
export function countOfConversations(filters: ConversationFilters, binding: Binding): string {
  return `SELECT count(*)::float8 AS total FROM conversations one WHERE ${conditionsOf(filters, binding).join(' AND ')}`;
}
