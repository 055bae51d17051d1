import { beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Binding } from '../../src/engagement/binding.js';
import { compileFilter } from '../../src/engagement/segments/compile-filter.sql.js';
import type { FilterIds } from '../../src/engagement/segments/filter-ids.js';
import type { Condition, Filter } from '../../src/engagement/segments/filter.js';
import { readFilter } from '../../src/engagement/segments/read-filter.js';
import { matches, type Facts } from '../support/filter-reference.js';
import { given } from '../support/given.js';
import { useServer } from '../support/server.js';
import { beside } from '../support/sql.js';

const server = useServer();
const { client } = given(() => server);

const NOW = new Date('2026-11-22T12:00:00.000Z');
const TEXTS = [
  ...['first_name', 'last_name', 'email', 'company', 'job_title', 'city', 'country', 'phone', 'timezone'],
] as const;
/** Few words, so that they meet; some that differ in case, accents, and what LIKE and JSON read their own way. */
const word = fc.constantFrom('Anna', 'ÄNNA', 'anna', 'nn', 'Москва', 'москва', '%', '_', '\\', 'a_n', 'x y', '"', 'ß');
/** What occurs in them, at the beginning, in the middle, at the end or as a whole, perhaps in another case. */
const piece = fc
  .record({
    of: fc.oneof({ weight: 3, arbitrary: word }, fc.constantFrom('7@b.example', '12@a.example')),
    from: fc.nat({ max: 3 }),
    length: fc.integer({ min: 1, max: 4 }),
    isWhole: fc.boolean(),
    inCase: fc.constantFrom('as it is', 'upper', 'lower'),
  })
  .map(({ of, from, length, isWhole, inCase }) => {
    const letters = [...of];
    const start = Math.min(from, letters.length - 1);
    const cut = isWhole
      ? of
      : letters
          .slice(start, start + length)
          .join('')
          .trim() || of;
    return inCase === 'upper' ? cut.toUpperCase() : inCase === 'lower' ? cut.toLowerCase() : cut;
  });
const day = fc.integer({ min: 0, max: 40 }).map((days) => new Date(NOW.getTime() - days * 86_400_000 - 3_600_000));
const custom = fc.constantFrom<unknown>('anna', 'ÄNNA', 1, 1.5, '1', true, false, null, ['anna'], { a: 1 }, 'nn');
const key = fc.constantFrom('plan', '__proto__', 'Constructor', "a'b", 'x y');

const facts: fc.Arbitrary<Omit<Facts, 'tags' | 'segments'> & { readonly tags: number[]; readonly segments: number[] }> =
  fc.record({
    texts: fc.record(Object.fromEntries(TEXTS.map((field) => [field, fc.option(word)]))),
    leadScore: fc.integer({ min: 0, max: 5 }),
    status: fc.constantFrom('active', 'inactive', 'unsubscribed'),
    tags: fc.uniqueArray(fc.constantFrom(1, 2)),
    segments: fc.uniqueArray(fc.constantFrom(1, 2)),
    mails: fc.uniqueArray(
      fc.record({
        campaign: fc.constantFrom(1, 2),
        isBounced: fc.boolean(),
        ...{ sent: fc.option(day), opened: fc.option(day), clicked: fc.option(day) },
      }),
      { selector: ({ campaign }) => campaign },
    ),
    createdAt: day,
    lastContactedAt: fc.option(day),
    customFields: fc.array(fc.tuple(key, custom), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
  });

const condition: fc.Arbitrary<Condition> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      field: fc.constantFrom(...TEXTS),
      op: fc.constantFrom('is', 'is_not', 'contains', 'starts_with'),
      value: piece,
    }),
  },
  fc.record({
    field: fc.constantFrom(...TEXTS, 'custom.plan', 'custom.__proto__'),
    op: fc.constantFrom('is_set', 'is_not_set'),
  }),
  fc.record({
    field: fc.constant('email_domain'),
    op: fc.constant('is'),
    value: fc.constantFrom('a.example', 'B.example'),
  }),
  fc.record({
    field: fc.constant('lead_score'),
    op: fc.constantFrom('is', 'gt', 'gte', 'lt', 'lte'),
    value: fc.constantFrom(0, 2, 2.5, 5, -1),
  }),
  fc.record({
    field: fc.constant('status'),
    op: fc.constantFrom('in', 'not_in'),
    value: fc.uniqueArray(fc.constantFrom('active', 'inactive', 'unsubscribed'), { minLength: 1 }),
  }),
  fc.record({
    field: fc.constantFrom('tag', 'segment'),
    op: fc.constantFrom('in', 'not_in'),
    value: fc.uniqueArray(fc.constantFrom(1, 2, 99), { minLength: 1 }),
  }),
  fc.record({
    field: fc.constantFrom('campaign_received', 'campaign_opened', 'campaign_clicked'),
    op: fc.constantFrom('in', 'not_in'),
    value: fc.uniqueArray(fc.constantFrom(1, 2, 99), { minLength: 1 }),
  }),
  fc.record({
    field: fc.constantFrom('campaign_received', 'campaign_opened', 'campaign_clicked'),
    op: fc.constant('within_days'),
    value: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ field: fc.constant('subscribed'), op: fc.constant('is'), value: fc.boolean() }),
  fc.record({
    field: fc.constantFrom('created_at', 'last_contacted_at'),
    op: fc.constantFrom('before', 'after'),
    value: day.map((at) => at.toISOString()),
  }),
  fc.record({
    field: fc.constantFrom('created_at', 'last_contacted_at'),
    op: fc.constantFrom('within_days', 'not_within_days'),
    value: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    field: key.map((one) => `custom.${one}`),
    op: fc.constantFrom('is', 'is_not'),
    value: fc.constantFrom<string | number | boolean>('anna', 'ÄNNA', 1, 1.5, '1', true, false),
  }),
  fc.record({ field: fc.constant('custom.plan'), op: fc.constant('contains'), value: piece }),
  fc.record({
    field: fc.constant('custom.plan'),
    op: fc.constantFrom('gt', 'lt'),
    value: fc.constantFrom(0, 1, 1.25, 2),
  }),
);

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    condition,
    fc.record({ all: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
  ),
}));

const CONTACTS = 60;
let clientId: string;
let ids: FilterIds;
let people: Facts[];

beforeAll(async () => {
  clientId = (await client()).uuid;
  people = fc.sample(facts, { numRuns: CONTACTS, seed: 20 }).map((one, at) => ({
    ...one,
    // No two contacts have one e-mail.
    texts: { ...one.texts, email: one.texts.email === null ? null : `${at}@${at % 2 === 0 ? 'a' : 'b'}.example` },
  }));
  await beside(async (connection) => {
    const run = (text: string, ...values: unknown[]) => connection.query(text, values);
    await run(
      `INSERT INTO customers (client_id, id, name, email, created_at)
     SELECT $1, gen_random_uuid(), 'x', email, '2026-01-01'::timestamptz + at * interval '1 s'
     FROM unnest($2::text[]) WITH ORDINALITY AS one (email, at)`,
      ...[clientId, people.map(({ texts }) => texts.email)],
    );
    for (const table of ['tags', 'contact_segments']) {
      const [columns, values] = table === 'tags' ? ['color', "'#000000'"] : ['type', "'static'"];
      await run(
        `INSERT INTO ${table} (client_id, id, number, name, ${columns})
       SELECT $1, gen_random_uuid(), n, 'Nr ' || n, ${values} FROM generate_series(1, 2) n`,
        clientId,
      );
    }
    await run(
      `INSERT INTO campaigns (client_id, number, id, name)
       SELECT $1, n, gen_random_uuid(), 'Nr ' || n FROM generate_series(1, 2) n`,
      clientId,
    );
    const { rows } = await run(
      `SELECT 'tag' AS kind, number::int, id FROM tags WHERE client_id = $1
       UNION ALL SELECT 'segment', number::int, id FROM contact_segments WHERE client_id = $1`,
      clientId,
    );
    const idsOf = (kind: string) =>
      new Map(
        (rows as { kind: string; number: number; id: string }[])
          .filter((row) => row.kind === kind)
          .map(({ number, id }) => [number, id] as const),
      );
    ids = { tag: idsOf('tag'), segment: idsOf('segment') };
    for (const [at, one] of people.entries()) {
      for (const { campaign, isBounced, sent, opened, clicked } of one.mails) {
        await run(
          `INSERT INTO campaign_recipients (client_id, campaign, number, id, customer_id, status, sent_at, opened_at, clicked_at)
           SELECT $1, $3, $2, gen_random_uuid(), customer_id, $4, $5, $6, $7 FROM contacts WHERE client_id = $1 AND number = $2`,
          ...[clientId, at + 1, campaign, isBounced ? 'bounced' : 'sent', sent, opened, clicked],
        );
      }
      const columns = TEXTS.filter((field) => field !== 'email');
      await run(
        `UPDATE contacts SET (lead_score, status, created_at, custom_fields, ${columns.join(', ')}) =
         ROW ($3, $4, $5, $6, ${columns.map((_, index) => `$${index + 7}`).join(', ')})
       WHERE client_id = $1 AND number = $2`,
        ...[clientId, at + 1, one.leadScore, one.status, one.createdAt, JSON.stringify(one.customFields)],
        ...columns.map((field) => one.texts[field]),
      );
      await run(
        `UPDATE contact_touches SET last_contacted_at = $3 WHERE client_id = $1 AND number = $2`,
        ...[clientId, at + 1, one.lastContactedAt],
      );
      for (const [table, column, named, numbers] of [
        ['contact_tags', 'tag', 'tags', one.tags],
        ['segment_members', 'segment', 'contact_segments', one.segments],
      ] as const) {
        await run(
          `INSERT INTO ${table} (client_id, ${column}_id, customer_id)
         SELECT $1, named.id, customer_id FROM contacts JOIN ${named} named USING (client_id)
         WHERE client_id = $1 AND contacts.number = $2 AND named.number = ANY($3::int[])`,
          ...[clientId, at + 1, numbers],
        );
      }
    }
  });
});

it('finds by its statement whom it finds by its meaning', async () => {
  await beside(async (connection) => {
    await fc.assert(
      fc.asyncProperty(filter, async (one) => {
        const binding = new Binding();
        const where = compileFilter(one, binding, NOW, ids);
        const { rows } = await connection.query<{ number: number }>(
          `SELECT number::int FROM contacts contact WHERE contact.client_id = $1 AND ${where} ORDER BY number`,
          [clientId, ...binding.values],
        );
        const wanted = people.flatMap((person, at) => (matches(one, person, NOW) ? [at + 1] : []));
        expect(rows.map(({ number }) => number)).toEqual(wanted);
      }),
      { numRuns: 400 },
    );
  });
});

it('is read as it was written', () => {
  fc.assert(
    fc.property(condition, (one) => {
      expect(readFilter({ all: [one] })).toEqual({ all: [one] });
    }),
  );
});
