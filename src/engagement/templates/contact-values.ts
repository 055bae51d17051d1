import type { Contact } from '../contacts/contact.entity.js';

export type DescribedContact = Pick<
  Contact,
  'firstName' | 'lastName' | 'email' | 'phone' | 'company' | 'jobTitle' | 'city' | 'country' | 'customFields'
>;

/** What templates can say of a contact. */
export function contactValues(contact: DescribedContact): Map<string, string> {
  const { firstName, lastName, email, phone, company, jobTitle, city, country, customFields } = contact;
  const values = new Map<string, string>();
  const known = {
    ...{ first_name: firstName, last_name: lastName, name: [firstName, lastName].filter(Boolean).join(' ') },
    ...{ email, phone, company, job_title: jobTitle, city, country },
  };
  for (const [name, value] of Object.entries(known)) {
    values.set(name, value ?? '');
  }
  for (const [key, value] of Object.entries(customFields)) {
    values.set(`custom.${key}`, spoken(value));
  }
  return values;
}

/** What is no word, number or yes has no words. */
function spoken(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || value === true ? String(value) : '';
}
