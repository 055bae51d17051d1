import type { Condition, Filter } from '../../src/engagement/segments/filter.js';

/** What a filter may look at, of one contact. */
export interface Facts {
  readonly texts: Readonly<Record<string, string | null>>;
  readonly leadScore: number;
  readonly status: string;
  readonly tags: readonly number[];
  readonly segments: readonly number[];
  /** Of campaigns to it, and when each happened to them first. */
  readonly mails: readonly {
    readonly campaign: number;
    readonly isBounced: boolean;
    readonly sent: Date | null;
    readonly opened: Date | null;
    readonly clicked: Date | null;
  }[];
  readonly createdAt: Date;
  readonly lastContactedAt: Date | null;
  readonly customFields: Readonly<Record<string, unknown>>;
}

const DAY_MS = 86_400_000;

/** Whether a filter finds a contact, said a second time and in other words than the statements say it. */
export function matches(filter: Filter, facts: Facts, now: Date): boolean {
  if ('all' in filter) {
    return filter.all.every((one) => matches(one, facts, now));
  }
  if ('any' in filter) {
    return filter.any.some((one) => matches(one, facts, now));
  }
  return 'not' in filter ? !matches(filter.not, facts, now) : holds(filter, facts, now);
}

const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .toLowerCase();

function holds({ field, op, value }: Condition, facts: Facts, now: Date): boolean {
  const list = value as readonly (string | number)[];
  if (field.startsWith('custom.')) {
    return custom(facts.customFields, field.slice('custom.'.length), op, value);
  }
  switch (field) {
    case 'lead_score':
      return compare(facts.leadScore, op, value as number);
    case 'status':
      return list.includes(facts.status) === (op === 'in');
    case 'tag':
      return facts.tags.some((one) => list.includes(one)) === (op === 'in');
    case 'segment':
      return facts.segments.some((one) => list.includes(one)) === (op === 'in');
    case 'campaign_received':
    case 'campaign_opened':
    case 'campaign_clicked': {
      const happened = facts.mails.filter((mail) =>
        field === 'campaign_received'
          ? mail.sent !== null && !mail.isBounced
          : (field === 'campaign_opened' ? mail.opened : mail.clicked) !== null,
      );
      return op === 'within_days'
        ? happened.some(({ sent, opened, clicked }) =>
            moment(
              { campaign_received: sent, campaign_opened: opened, campaign_clicked: clicked }[field],
              op,
              value,
              now,
            ),
          )
        : happened.some(({ campaign }) => list.includes(campaign)) === (op === 'in');
    }
    case 'subscribed':
      return (facts.status !== 'unsubscribed') === value;
    case 'created_at':
      return moment(facts.createdAt, op, value, now);
    case 'last_contacted_at':
      return moment(facts.lastContactedAt, op, value, now);
    case 'email_domain':
      return facts.texts.email?.split('@')[1] === (value as string).toLowerCase();
    default:
      return text(facts.texts[field] ?? null, op, value as string);
  }
}

function text(actual: string | null, op: string, value: string): boolean {
  if (op === 'is_set' || op === 'is_not_set') {
    return (actual !== null) === (op === 'is_set');
  }
  if (actual === null) {
    return false;
  }
  const [one, other] = [bare(actual), bare(value)];
  switch (op) {
    case 'is':
      return one === other;
    case 'is_not':
      return one !== other;
    case 'contains':
      return one.includes(other);
    default:
      return one.startsWith(other);
  }
}

function compare(actual: number, op: string, value: number): boolean {
  switch (op) {
    case 'is':
      return actual === value;
    case 'gt':
      return actual > value;
    case 'gte':
      return actual >= value;
    case 'lt':
      return actual < value;
    default:
      return actual <= value;
  }
}

function moment(actual: Date | null, op: string, value: unknown, now: Date): boolean {
  if (actual === null) {
    return false;
  }
  switch (op) {
    case 'before':
      return actual < new Date(value as string);
    case 'after':
      return actual > new Date(value as string);
    case 'within_days':
      return now.getTime() - actual.getTime() < (value as number) * DAY_MS;
    default:
      return now.getTime() - actual.getTime() >= (value as number) * DAY_MS;
  }
}

function custom(fields: Readonly<Record<string, unknown>>, key: string, op: string, value: unknown): boolean {
  const actual = Object.hasOwn(fields, key) ? fields[key] : null;
  switch (op) {
    case 'is':
      return actual === value;
    case 'is_not':
      return typeof actual === typeof value && actual !== value;
    case 'contains':
      return typeof actual === 'string' && bare(actual).includes(bare(value as string));
    case 'gt':
    case 'lt':
      return typeof actual === 'number' && compare(actual, op, value as number);
    default:
      return (actual !== null) === (op === 'is_set');
  }
}
