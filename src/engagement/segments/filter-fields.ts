import { CONTACT_STATUSES } from '../contacts/contact.entity.js';
import { isUuid } from '../../platform/common/ids/type-id.js';
import type { Condition, Scalar } from './filter.js';

const MAX_TEXT = 255;
const MAX_DAYS = 3_650;
const MAX_CHOICES = 100;
const MAX_KEY = 64;

/** What a value is not; null where it is right. */
type Check = (value: unknown) => string | null;

export const text: Check = (value) =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT && !value.includes('\0')
    ? null
    : `must be a string of 1 to ${MAX_TEXT} characters.`;
export const number: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number.';
const flag: Check = (value) => (typeof value === 'boolean' ? null : 'must be true or false.');
const days: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_DAYS
    ? null
    : `must be a whole number from 1 to ${MAX_DAYS}.`;
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/;
const moment: Check = (value) =>
  typeof value === 'string' && ISO.test(value) && isDay(value) ? null : 'must be a time in ISO 8601, with its zone.';
export const scalar: Check = (value) =>
  typeof value === 'string' ? text(value) : typeof value === 'boolean' ? null : number(value);
export const nothing: Check = (value) => (value === undefined ? null : 'does not go with this operator.');
export const ref: Check = (value) => (isUuid(value) || /^[1-9]\d{0,15}$/.test(String(value)) ? null : 'must be an id.');
export const listOf =
  (check: Check, what: string): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= MAX_CHOICES && value.every((one) => check(one) === null)
      ? null
      : `must be a list of 1 to ${MAX_CHOICES} ${what}.`;

/** `2026-02-30` would be taken for a day in March. */
function isDay(value: string): boolean {
  const at = new Date(value);
  const day = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  return (
    !Number.isNaN(at.getTime()) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value.slice(0, 10))
  );
}

const TEXT = {
  ...{ is: text, is_not: text, contains: text, starts_with: text },
  ...{ is_set: nothing, is_not_set: nothing },
};
const MOMENT = { before: moment, after: moment, within_days: days, not_within_days: days };
const REFS = { in: listOf(ref, 'ids'), not_in: listOf(ref, 'ids') };
/** Of campaigns: which of them, or how long ago any. */
const CAMPAIGNS = { ...REFS, within_days: days };
const statuses = listOf((value) => (CONTACT_STATUSES.some((one) => one === value) ? null : ''), 'statuses');

export type Operators = Readonly<Record<string, Check>>;

/** By field, the operators it has, each with what its value must be. */
const FIELDS: Readonly<Record<string, Operators>> = {
  ...{ first_name: TEXT, last_name: TEXT, email: TEXT, company: TEXT, job_title: TEXT, city: TEXT, country: TEXT },
  ...{ phone: TEXT, timezone: TEXT, email_domain: { is: text } },
  lead_score: { is: number, gt: number, gte: number, lt: number, lte: number },
  status: { in: statuses, not_in: statuses },
  ...{ tag: REFS, segment: REFS, created_at: MOMENT, last_contacted_at: MOMENT, subscribed: { is: flag } },
  ...{ campaign_received: CAMPAIGNS, campaign_opened: CAMPAIGNS, campaign_clicked: CAMPAIGNS },
};
const CUSTOM: Operators = {
  ...{ is: scalar, is_not: scalar, contains: text, gt: number, lt: number, is_set: nothing, is_not_set: nothing },
};

const CUSTOM_PREFIX = 'custom.';

/** Of `custom.plan` it is `plan`; null of every other field. */
export function customKeyIn(field: string): string | null {
  return field.startsWith(CUSTOM_PREFIX) ? field.slice(CUSTOM_PREFIX.length) : null;
}

/** Null where there is no such field. */
export function operatorsOf(field: string): Operators | null {
  const key = customKeyIn(field);
  if (key !== null) {
    return key.length > 0 && key.length <= MAX_KEY && !/[.\0]/.test(key) ? CUSTOM : null;
  }
  return Object.hasOwn(FIELDS, field) ? FIELDS[field]! : null;
}

/** What objects of the workspace it names by their ids; null where none. */
export function namesObjects({ field, op }: Pick<Condition, 'field' | 'op'>): 'tag' | 'segment' | 'campaign' | null {
  if (field === 'tag' || field === 'segment') {
    return field;
  }
  return field.startsWith('campaign_') && op !== 'within_days' ? 'campaign' : null;
}

export function isScalarList(value: unknown): value is readonly Scalar[] {
  return Array.isArray(value);
}
