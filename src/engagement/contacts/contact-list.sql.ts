import type { Binding } from '../binding.js';
import { allOf } from '../few.js';
import { compileFilter } from '../segments/compile-filter.sql.js';
import type { FilterIds } from '../segments/filter-ids.js';
import type { Filter } from '../segments/filter.js';
import type { ContactStatus } from './contact.entity.js';
import { findsWords } from './searchable.js';

/** What a row of a contact yields: ContactRow, of `contact`, `customer` and `touch`. */
export const contactColumns = (): string => `
  contact.number::float8 AS number, contact.customer_id AS id, contact.first_name AS "firstName",
  contact.last_name AS "lastName", customer.name, contact.email, coalesce(contact.phone, customer.phone) AS phone,
  contact.company, contact.job_title AS "jobTitle", contact.city, contact.country, contact.timezone,
  contact.lead_score AS "leadScore", contact.status, contact.custom_fields AS "customFields",
  touch.last_contacted_at AS "lastContactedAt", contact.created_at AS "createdAt", contact.updated_at AS "updatedAt",
  coalesce((
    SELECT json_agg(json_build_object('number', tag.number, 'id', tag.id, 'name', tag.name, 'color', tag.color)
             ORDER BY tag.number)
    FROM contact_tags marked JOIN tags tag ON tag.client_id = $1 AND tag.id = marked.tag_id
    WHERE marked.client_id = $1 AND marked.customer_id = contact.customer_id
  ), '[]') AS tags`;

/** What stands beside `contacts contact` in FROM. */
export const contactJoins = (): string => `
  JOIN customers customer ON customer.client_id = $1 AND customer.id = contact.customer_id
  JOIN contact_touches touch ON touch.client_id = $1 AND touch.customer_id = contact.customer_id`;

/** What contacts a list is of; nothing given: all. */
export interface ContactFilters {
  readonly search?: string | null;
  readonly status?: ContactStatus | null;
  /** The id of a tag. */
  readonly tag?: string | null;
  readonly country?: string | null;
  readonly minScore?: number | null;
  readonly maxScore?: number | null;
  readonly email?: string | null;
  readonly createdFrom?: Date | null;
  readonly createdTo?: Date | null;
  /** The id of a static segment. */
  readonly segment?: string | null;
  readonly filter?: Filter | null;
}

/** The same to be looked for: with the ids of what the filter names, where it names any. */
export interface KnownFilters extends ContactFilters {
  readonly ids?: FilterIds | undefined;
}

const SORTS = {
  created_at: 'contact.created_at',
  first_name: 'contact.first_name',
  last_name: 'contact.last_name',
  email: 'contact.email',
  company: 'contact.company',
  lead_score: 'contact.lead_score',
  last_contacted_at: 'touch.last_contacted_at',
} as const;
export type ContactSort = keyof typeof SORTS;

/** Who has an e-mail, or had it before it was merged. */
const knownAs = (email: string): string => `coalesce(
        (SELECT one.id FROM customers one WHERE one.client_id = $1 AND one.email = ${email}), contact_known_by($1, ${email}, NULL))`;

/** The conditions on `contacts contact`, each with its values bound. */
function conditionsOf(filters: KnownFilters, binding: Binding, now: Date): string[] {
  const { search, status, tag, country, minScore, maxScore, email, createdFrom, createdTo, segment, filter } = filters;
  const given: readonly (string | null | false)[] = [
    'contact.client_id = $1',
    ...findsWords('contact.search_text', search ?? '', binding),
    status != null && `contact.status = ${binding.bind(status, 'text')}`,
    tag != null &&
      `contact.customer_id IN (
        SELECT marked.customer_id FROM contact_tags marked
        WHERE marked.client_id = $1 AND marked.tag_id = ${binding.bind(tag, 'uuid')})`,
    country != null && `lower(contact.country) = lower(${binding.bind(country, 'text')})`,
    minScore != null && `contact.lead_score >= ${binding.bind(minScore, 'int')}`,
    maxScore != null && `contact.lead_score <= ${binding.bind(maxScore, 'int')}`,
    email != null && `contact.customer_id = ${knownAs(binding.bind(email, 'text'))}`,
    createdFrom != null && `contact.created_at >= ${binding.bind(createdFrom, 'timestamptz')}`,
    createdTo != null && `contact.created_at <= ${binding.bind(createdTo, 'timestamptz')}`,
    segment != null &&
      `contact.customer_id IN (
        SELECT member.customer_id FROM segment_members member
        WHERE member.client_id = $1 AND member.segment_id = ${binding.bind(segment, 'uuid')})`,
    filter != null && compileFilter(filter, binding, now, filters.ids),
  ];
  return given.filter((one) => typeof one === 'string');
}

export interface ContactPageOf {
  readonly sort: ContactSort;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** The number of a contact: what comes after it, in the default order. */
  readonly after: number | null;
  /** Whether they are so few in all that they are found first, and then put in order: see few.ts. */
  readonly areFew: boolean;
}

/**
 * The numbers of a page, in its order: found on an index alone, however deep it is. What they show is read by FIND_LISTED, whose
 * plan is made once: to plan this with all that stands beside a contact takes longer than to run it.
 * @returns the text of a statement that is run without a name
 */
export function pageOfContacts(filters: KnownFilters, page: ContactPageOf, binding: Binding, now: Date): string {
  const { sort, direction, limit, offset, after, areFew } = page;
  const conditions = conditionsOf(filters, binding, now);
  const isByTouch = sort === 'last_contacted_at';
  // Alone in its condition, the client needs no contact to be read for those that were touched.
  const from = !isByTouch
    ? 'contacts contact'
    : conditions.length === 1
      ? 'contact_touches touch'
      : `contact_touches touch
        JOIN contacts contact ON contact.client_id = $1 AND contact.customer_id = touch.customer_id`;
  const table = isByTouch ? 'touch' : 'contact';
  if (isByTouch) {
    conditions.push('touch.client_id = $1');
  }
  if (after !== null) {
    conditions.push(`(contact.created_at, contact.number) < (
      SELECT cursor.created_at, cursor.number FROM contacts cursor
      WHERE cursor.client_id = $1 AND cursor.number = ${binding.bind(after, 'bigint')})`);
  }
  const where = (isByTouch && conditions.length === 2 ? conditions.slice(1) : conditions).join(' AND ');
  const rows = `
        SELECT ${table}.number, ${SORTS[sort]} AS key FROM ${from} WHERE ${where}`;
  return `
    SELECT one.number::float8 AS number FROM (${areFew ? allOf(rows) : rows}
    ) one
    ORDER BY one.key ${direction}, one.number ${direction}
    LIMIT ${binding.bind(limit, 'int')} OFFSET ${binding.bind(offset, 'bigint')}`;
}

/** The next numbers after number `after`: however many there are, each page costs the same. */
export function contactsAfter(
  filters: KnownFilters,
  { after, limit }: Pick<ContactPageOf, 'limit'> & { readonly after: number },
  binding: Binding,
  now: Date,
): string {
  const conditions = conditionsOf(filters, binding, now);
  return `
    SELECT contact.number::float8 AS number FROM contacts contact
    WHERE ${conditions.join(' AND ')} AND contact.number > ${binding.bind(after, 'bigint')}
    ORDER BY contact.number LIMIT ${binding.bind(limit, 'int')}`;
}

/** How many there are. */
export function countOfContacts(filters: KnownFilters, binding: Binding, now: Date): string {
  return `SELECT count(*)::float8 AS total FROM contacts contact WHERE ${conditionsOf(filters, binding, now).join(' AND ')}`;
}
