import type { Statement } from '../../platform/database/statement.js';
import type { Binding } from '../binding.js';
import { literally, searchable } from '../contacts/searchable.js';
import type { RecipientStatus } from './campaign-recipient.entity.js';

export interface RecipientFilters {
  readonly status?: RecipientStatus | null;
  readonly search?: string | null;
}

/** Words of one or two characters are looked for at the beginning of words only: that is what the index can find. */
const TRIGRAM = 3;

function conditionsOf(campaign: number, { status, search }: RecipientFilters, binding: Binding): string {
  const words = searchable(search ?? '')
    .split(/\s+/u)
    .filter(Boolean);
  const given: readonly (string | false)[] = [
    `one.client_id = $1 AND one.campaign = ${binding.bind(campaign, 'bigint')}`,
    status != null && `one.status = ${binding.bind(status, 'text')}`,
    words.length > 0 &&
      `one.customer_id IN (
        SELECT contact.customer_id FROM contacts contact WHERE contact.client_id = $1 AND ${words
          .map((word) => {
            const before = word.length < TRIGRAM ? '% ' : '%';
            return `contact.search_text LIKE ${binding.bind(`${before}${literally(word)}%`, 'text')}`;
          })
          .join(' AND ')})`,
  ];
  return given.filter((one) => typeof one === 'string').join(' AND ');
}

interface Page {
  readonly limit: number;
  readonly offset: number;
  /** The number of a contact: what comes after it. */
  readonly after: number | null;
  readonly direction: 'asc' | 'desc';
}

/** By the numbers of their contacts. Run without a name. */
export function pageOfRecipients(campaign: number, filters: RecipientFilters, page: Page, binding: Binding): string {
  const { limit, offset, after, direction } = page;
  const conditions = conditionsOf(campaign, filters, binding);
  const compared = direction === 'asc' ? '>' : '<';
  const cursor = after === null ? '' : ` AND one.number ${compared} ${binding.bind(after, 'bigint')}`;
  return `
    SELECT one.number::float8 AS number, one.id, one.customer_id AS "customerId", person.name AS "contactName", one.address,
           one.status, one.sent_at AS "sentAt", one.opened_at AS "openedAt", one.clicked_at AS "clickedAt",
           one.bounced_at AS "bouncedAt", one.error, one.variant
    FROM (
      SELECT one.* FROM campaign_recipients one WHERE ${conditions}${cursor}
      ORDER BY one.number ${direction} LIMIT ${binding.bind(limit, 'int')} OFFSET ${binding.bind(offset, 'bigint')}
    ) one
    LEFT JOIN customers person ON person.client_id = $1 AND person.id = one.customer_id
    ORDER BY one.number ${direction}`;
}

/** How many there are. Run without a name. */
export function countOfRecipients(campaign: number, filters: RecipientFilters, binding: Binding): string {
  return `SELECT count(*)::int AS total FROM campaign_recipients one WHERE ${conditionsOf(campaign, filters, binding)}`;
}

/** Those of campaign `$2` that are on their way: never more than processes have at once. */
export const COUNT_UNDER_WAY: Statement = {
  name: 'campaign_recipients.count_under_way',
  text: `
    SELECT (count(*) FILTER (WHERE status = 'claimed'))::int AS claimed,
           (count(*) FILTER (WHERE status = 'transmitting'))::int AS transmitting
    FROM campaign_recipients WHERE client_id = $1 AND campaign = $2 AND status IN ('claimed', 'transmitting')`,
};

/** What happened to campaign `$2`, by the hour: the last `$3` in which anything did. */
export const LIST_HOURS: Statement = {
  name: 'campaign_recipients.list_hours',
  text: `
    SELECT hour, sum(sent)::int AS sent, sum(opened)::int AS opened, sum(clicked)::int AS clicked
    FROM campaign_hours WHERE client_id = $1 AND campaign = $2
    GROUP BY hour ORDER BY hour LIMIT $3`,
};

/** What the mails of campaign `$2` link to. */
export const LIST_LINKS: Statement = {
  name: 'campaign_recipients.list_links',
  text: `SELECT n, url, clicks FROM campaign_links WHERE client_id = $1 AND campaign = $2 ORDER BY n`,
};
