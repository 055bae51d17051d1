import type { Binding } from '../binding.js';
import { literally, searchable } from '../contacts/searchable.js';
import { customKeyIn } from './filter-fields.js';
import type { FilterIds, NamedKind } from './filter-ids.js';
import type { Condition, Filter } from './filter.js';

const DAY_MS = 24 * 3_600_000;
/** In `search_text`, whose index narrows down before names are compared one by one. */
const SEARCHED = ['first_name', 'last_name', 'email', 'company', 'phone'];
const COMPARED: Readonly<Record<string, string>> = { is: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/**
 * The condition on `contacts contact` that a filter is. What is null matches nothing and `not` of it does, so each `not` asks
 * whether the rest is not true. Values are bound, and names of fields come from the lists here.
 * @param ids of what it names, by which PostgreSQL sees how many contacts a tag marks: it begins with those if they are few
 */
export function compileFilter(filter: Filter, binding: Binding, now: Date, ids: FilterIds | undefined): string {
  if ('all' in filter) {
    return `(${filter.all.map((one) => compileFilter(one, binding, now, ids)).join(' AND ')})`;
  }
  if ('any' in filter) {
    return `(${filter.any.map((one) => compileFilter(one, binding, now, ids)).join(' OR ')})`;
  }
  return 'not' in filter
    ? `(${compileFilter(filter.not, binding, now, ids)}) IS NOT TRUE`
    : compile(filter, binding, now, ids);
}

function compile(condition: Condition, binding: Binding, now: Date, ids: FilterIds | undefined): string {
  const { field, op, value } = condition;
  const key = customKeyIn(field);
  if (key !== null) {
    return ofCustom(key, op, value as string | number | boolean, binding);
  }
  switch (field) {
    case 'lead_score':
      return `contact.lead_score ${COMPARED[op]!} ${binding.bind(value, 'float8')}`;
    case 'status':
      return `contact.status ${op === 'in' ? '= ANY' : '<> ALL'}(${binding.bind(value, 'text[]')})`;
    case 'tag':
    case 'segment':
      return `contact.customer_id ${op === 'in' ? 'IN' : 'NOT IN'} (${markedBy(field, value as readonly number[], binding, ids)})`;
    case 'campaign_received':
    case 'campaign_opened':
    case 'campaign_clicked':
      return ofCampaigns(field, op, value, binding, now);
    case 'created_at':
      return `contact.created_at ${ofMoment(op, value as string | number, binding, now)}`;
    case 'last_contacted_at':
      return `contact.customer_id IN (
        SELECT touch.customer_id FROM contact_touches touch
        WHERE touch.client_id = $1 AND touch.last_contacted_at ${ofMoment(op, value as string | number, binding, now)})`;
    case 'subscribed':
      return `(contact.status <> 'unsubscribed') = ${binding.bind(value, 'boolean')}`;
    case 'email_domain':
      return `split_part(contact.email, '@', 2) = ${binding.bind((value as string).toLowerCase(), 'text')}`;
    default:
      return ofText(field, op, (value ?? '') as string, binding);
  }
}

/** By what a mail of theirs shows that it happened; what a machine did is nothing. */
const HAPPENED = {
  campaign_received: 'sent_at',
  campaign_opened: 'opened_at',
  campaign_clicked: 'clicked_at',
} as const;

function ofCampaigns(
  field: keyof typeof HAPPENED,
  op: string,
  value: Condition['value'],
  binding: Binding,
  now: Date,
): string {
  const at = `mail.${HAPPENED[field]}`;
  const which =
    op === 'within_days'
      ? `${at} ${ofMoment(op, value as number, binding, now)}`
      : `mail.campaign = ANY(${binding.bind(value, 'bigint[]')}) AND ${at} IS NOT NULL`;
  return `${op === 'not_in' ? 'NOT ' : ''}EXISTS (
    SELECT FROM campaign_recipients mail
    WHERE mail.client_id = $1 AND mail.customer_id = contact.customer_id AND ${which}
      ${field === 'campaign_received' ? `AND mail.status <> 'bounced'` : ''})`;
}

const MARKS = { tag: ['contact_tags', 'tag_id'], segment: ['segment_members', 'segment_id'] } as const;

/** The ids of the contacts that have one of these tags, or are in one of these segments. */
function markedBy(kind: NamedKind, numbers: readonly number[], binding: Binding, ids: FilterIds | undefined): string {
  const [table, column] = MARKS[kind];
  const known = numbers.flatMap((number) => ids?.[kind].get(number) ?? []);
  return `SELECT marked.customer_id FROM ${table} marked
        WHERE marked.client_id = $1 AND marked.${column} = ANY(${binding.bind(known, 'uuid[]')})`;
}

function ofMoment(op: string, value: string | number, binding: Binding, now: Date): string {
  const isDays = op === 'within_days' || op === 'not_within_days';
  const at = isDays ? new Date(now.getTime() - (value as number) * DAY_MS) : new Date(value);
  const compared = { before: '<', after: '>', within_days: '>', not_within_days: '<=' }[op]!;
  return `${compared} ${binding.bind(at, 'timestamptz')}`;
}

function ofText(field: string, op: string, value: string, binding: Binding): string {
  const column = `contact.${field}`;
  if (op === 'is_set' || op === 'is_not_set') {
    return `${column} IS ${op === 'is_set' ? 'NOT NULL' : 'NULL'}`;
  }
  const wanted = searchable(value);
  const place = binding.bind(wanted, 'text');
  const compared = {
    is: `searchable(${column}) = ${place}`,
    is_not: `searchable(${column}) <> ${place}`,
    contains: `strpos(searchable(${column}), ${place}) > 0`,
    starts_with: `starts_with(searchable(${column}), ${place})`,
  }[op]!;
  return SEARCHED.includes(field) && op !== 'is_not'
    ? `(contact.search_text LIKE ${binding.bind(`%${literally(wanted)}%`, 'text')} AND ${compared})`
    : compared;
}

function ofCustom(key: string, op: string, value: string | number | boolean, binding: Binding): string {
  if (op === 'is') {
    return `contact.custom_fields @> ${binding.bind(JSON.stringify({ [key]: value }), 'jsonb')}`;
  }
  const at = `contact.custom_fields->${binding.bind(key, 'text')}`;
  const isOf = (type: string): string => `jsonb_typeof(${at}) = '${type}'`;
  switch (op) {
    case 'is_not':
      return `(${isOf(typeof value)} AND ${at} <> ${binding.bind(JSON.stringify(value), 'jsonb')})`;
    case 'contains':
      return `(${isOf('string')} AND strpos(searchable(${at.replace('->', '->>')}), ${binding.bind(searchable(value as string), 'text')}) > 0)`;
    case 'gt':
    case 'lt':
      return `(${isOf('number')} AND ${at} ${COMPARED[op]!} ${binding.bind(JSON.stringify(value), 'jsonb')})`;
    default:
      return `coalesce(jsonb_typeof(${at}), 'null') ${op === 'is_set' ? '<>' : '='} 'null'`;
  }
}
