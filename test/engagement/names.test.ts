import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { written } from '../../src/engagement/contacts/names.js';
import { searchable } from '../../src/engagement/contacts/searchable.js';
import { accepted, given } from '../support/given.js';
import { useServer } from '../support/server.js';
import { sql } from '../support/sql.js';

const server = useServer();
const { client, customer } = given(() => server);

const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(' ', 'a', '1', '+', 'é', 'Ж', 'Å'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 12,
  })
  .map((one) => one.replaceAll('\0', ''));
const namesIn = (values: readonly { readonly name: string; readonly profile: object | null }[]) =>
  sql<{ first: string; last: string | null }>(
    `SELECT first_name_of(name, profile) AS first, last_name_of(name, profile) AS last
     FROM jsonb_to_recordset($1::jsonb) AS one (name text, profile jsonb)`,
    JSON.stringify(values),
  );

it('A name that is parted is the same again, byte for byte, and one without a letter is not parted', async () => {
  const names = fc.sample(text, 500);
  const parted = await namesIn(names.map((name) => ({ name, profile: null })));
  expect(parted.map(({ first, last }) => (last === null ? first : `${first} ${last}`))).toEqual(names);
  expect(await namesIn([{ name: '+49 30 12-34', profile: null }])).toEqual([{ first: '+49 30 12-34', last: null }]);
  expect(await namesIn([{ name: 'Анна Петрова', profile: null }])).toEqual([{ first: 'Анна', last: 'Петрова' }]);
});

it('Names that are written are read again, however they part', async () => {
  const names = fc.sample(fc.record({ firstName: text, lastName: fc.option(text) }), 500);
  const rows = names.map((one) => written(one, { avatar_url: 'https://example.com/a.png', last_name: 'Before' }));
  expect(rows.every(({ profile }) => profile.avatar_url === 'https://example.com/a.png')).toBe(true);
  const read = await namesIn(rows);
  expect(read).toEqual(names.map(({ firstName, lastName }) => ({ first: firstName, last: lastName })));
});

it('What is searched for is written as what is found', async () => {
  const words = fc.sample(text, 500);
  const rows = await sql<{ found: string }>(
    `SELECT searchable(word) AS found FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS one (word, at) ORDER BY at`,
    JSON.stringify(words),
  );
  expect(rows.map(({ found }) => found)).toEqual(words.map(searchable));
});

it('A new name elsewhere drops first and last names that made up the old one, and no others', async () => {
  const acme = await client();
  const shown = async (id: string) => {
    const { uuid } = acme;
    const [row] = await sql(
      `SELECT first_name, last_name, profile FROM contacts JOIN customers USING (client_id)
       WHERE client_id = $1 AND customers.id = customer_id AND customers.name = $2`,
      ...[uuid, id],
    );
    return row;
  };
  const one = await customer(acme, 'Anna Maria von Schmidt');
  const profile = { first_name: 'Anna Maria', last_name: 'von Schmidt', avatar_url: 'https://example.com/a.png' };
  await sql(`UPDATE customers SET profile = $2 WHERE client_id = $1`, acme.uuid, JSON.stringify(profile));
  expect(await shown('Anna Maria von Schmidt')).toEqual({
    first_name: 'Anna Maria',
    last_name: 'von Schmidt',
    profile,
  });
  const rename = async (name: string) => accepted(await acme.send('PATCH', `/api/v1/customers/${one.id}`, { name }));
  await rename('Bea Lee');
  expect(await shown('Bea Lee')).toEqual({
    ...{ first_name: 'Bea', last_name: 'Lee', profile: { avatar_url: profile.avatar_url } },
  });
  await sql(`UPDATE customers SET profile = $2 WHERE client_id = $1`, acme.uuid, JSON.stringify(profile));
  await rename('Cleo');
  expect(await shown('Cleo')).toEqual({ first_name: 'Anna Maria', last_name: 'von Schmidt', profile });
});
