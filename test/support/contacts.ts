import { expect } from '@jest/globals';
import type { TestCaller } from './engagement.js';
import { accepted, type Reply } from './given.js';

let made = 0;

/** A new contact of a workspace, as it is shown. */
export async function makeContact(by: TestCaller, fields: object = {}) {
  made += 1;
  const body = { first_name: 'Anna', email: `contact-${made}@example.com`, ...fields };
  return accepted(await by.send('POST', '/contacts', body)).body.data;
}

export async function makeTag(by: TestCaller, name: string) {
  return accepted(await by.send('POST', '/tags', { name })).body.data;
}

export const idsIn = ({ body }: Reply): number[] => (body as { data: { id: number }[] }).data.map(({ id }) => id);

/** A refusal that names this field, and no other. */
export const refused = (field: string): Reply =>
  expect.objectContaining({ status: 422, body: { errors: { [field]: [expect.any(String)] } } }) as unknown as Reply;
