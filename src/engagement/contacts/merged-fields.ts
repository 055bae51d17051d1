import type { CustomerProfile } from '../../customers/customer.entity.js';
import type { FormerAddresses, MergingContact } from './contact-merges.repository.js';
import type { ContactFields } from './contacts.repository.js';
import { written } from './names.js';

export type Side = 'this' | 'other';
/** Whose value stays, where both have one. */
export type Keep = { readonly [Field in Exclude<keyof ContactFields, 'customFields'>]?: Side | null } & {
  readonly customFields?: Readonly<Record<string, Side>> | null;
};

/** What one of two says of itself when it is both. */
export interface MergedFields {
  readonly fields: ContactFields;
  readonly customer: { readonly name: string; readonly profile: CustomerProfile | null; readonly phone: string | null };
  readonly former: FormerAddresses;
}

const PLAIN = ['firstName', 'lastName', 'email', 'company', 'jobTitle', 'city', 'country', 'timezone'] as const;

/** Unless `keep` says otherwise, what `stays` has, and else what `goes` has. Who of the two unsubscribed has for both. */
export function mergedFields(stays: MergingContact, goes: MergingContact, keep: Keep): MergedFields {
  const plain = Object.fromEntries(
    PLAIN.map((field) => [field, chosen(keep[field], stays[field], goes[field])]),
  ) as unknown as Pick<ContactFields, (typeof PLAIN)[number]>;
  const [first, second] = keep.phone === 'other' || !hasPhone(stays) ? [goes, stays] : [stays, goes];
  const phone = first.phone ?? second.phone;
  const number = first.customerPhone ?? second.customerPhone;
  const isUnsubscribed = [stays.status, goes.status].includes('unsubscribed');
  const status = isUnsubscribed ? 'unsubscribed' : keep.status === 'other' ? goes.status : stays.status;
  // Nobody sets 0 to say something by it.
  const leadScore = chosen(keep.leadScore, stays.leadScore || null, goes.leadScore || null) ?? 0;
  const fields = { ...plain, phone, status, leadScore, customFields: customFieldsOf(stays, goes, keep) };
  const { firstName, lastName } = plain;
  const profile = { ...withoutNames(goes.profile), ...stays.profile };
  const isRenamed = firstName !== stays.firstName || lastName !== stays.lastName;
  const own = { name: stays.name, profile: Object.keys(profile).length > 0 ? profile : null };
  return {
    fields,
    customer: { ...(isRenamed ? written({ firstName, lastName }, profile) : own), phone: number },
    former: {
      email: [stays.email, goes.email].find((email) => email !== null && email !== plain.email) ?? null,
      phone: [stays.customerPhone, goes.customerPhone].find((one) => one !== null && one !== number) ?? null,
      typedPhone: second.phone !== phone ? second.phone : null,
    },
  };
}

function chosen<T>(side: Side | null | undefined, own: T | null, others: T | null): T | null {
  return side === 'other' ? (others ?? own) : (own ?? others);
}

function hasPhone({ phone, customerPhone }: MergingContact): boolean {
  return (phone ?? customerPhone) !== null;
}

function customFieldsOf(stays: MergingContact, goes: MergingContact, { customFields }: Keep): Record<string, unknown> {
  const preferred = Object.entries(goes.customFields).filter(([key]) => customFields?.[key] === 'other');
  return { ...goes.customFields, ...stays.customFields, ...Object.fromEntries(preferred) };
}

function withoutNames(profile: CustomerProfile | null): CustomerProfile {
  const { first_name: _first, last_name: _last, ...others } = profile ?? {};
  return others;
}
