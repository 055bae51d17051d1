import { randomUUID } from 'node:crypto';
import { FOLD_COUNTS } from '../dist/src/delivery/stats/stats.sql.js';
import { withoutIndexes } from './seed.mjs';

/** Rows that one statement makes: whole days. */
const STEP = 100_000;
/** To make more than so many takes longer with indexes than without. */
const MANY = 100_000;

/** Numbers `$2`, the first of which is the default, of provider `$3`. */
const MAKE_NUMBERS = `
  WITH made AS (
    INSERT INTO customers (client_id, id, name, kind) SELECT $1, gen_random_uuid(), number, 'address'
    FROM unnest($2::text[]) number
    RETURNING id, name
  )
  INSERT INTO addresses (client_id, customer_id, kind, address, provider_id, is_default, verified_at)
  SELECT $1, id, 'number', name, $3, name = ($2::text[])[1], now() FROM made`;

const MAKE_PEOPLE = `
  INSERT INTO customers (client_id, id, name, phone) SELECT $1, gen_random_uuid(), phone, phone FROM unnest($2::text[]) phone`;

/** A thread with each of phones `$2`, of one number after the other. The key is that of channels/reuse-key.ts. */
const MAKE_THREADS = `
  WITH person AS (
    SELECT id, phone FROM customers WHERE client_id = $1 AND phone = ANY($2::text[])
  ), speaker AS (
    SELECT customer_id AS id, row_number() OVER (ORDER BY address) - 1 AS place, count(*) OVER () AS count
    FROM addresses WHERE client_id = $1
  ), pair AS (
    SELECT gen_random_uuid() AS channel_id, person.id AS person_id, speaker.id AS speaker_id
    FROM (SELECT *, row_number() OVER (ORDER BY phone) AS place FROM person) person
    JOIN speaker ON speaker.place = person.place % speaker.count
  ), channel AS (
    INSERT INTO channels (client_id, id, type, name, address_id, reuse_key)
    SELECT $1, channel_id, 'general', 'general', speaker_id, sha256(convert_to(
             'general:' || least(person_id, speaker_id) || ',' || greatest(person_id, speaker_id), 'UTF8'))
    FROM pair
  ), member AS (
    INSERT INTO channel_members (client_id, channel_id, customer_id)
    SELECT $1, channel_id, unnest(ARRAY[person_id, speaker_id]) FROM pair
  ), counted AS (
    UPDATE addresses SET thread_count = said.count FROM (SELECT speaker_id, count(*) FROM pair GROUP BY 1) said
    WHERE client_id = $1 AND customer_id = said.speaker_id
  )
  INSERT INTO conversations (client_id, channel_id, address_id, person_id, contact_id)
  SELECT $1, channel_id, speaker_id, person_id, person_id FROM pair`;

const THREADS = `
  SELECT thread.channel_id AS "channelId", thread.address_id AS "addressId", thread.person_id AS "personId",
         address.address AS "from", person.phone AS "to"
  FROM conversations thread
  JOIN addresses address ON address.client_id = $1 AND address.customer_id = thread.address_id
  JOIN customers person ON person.client_id = $1 AND person.id = thread.person_id
  WHERE thread.client_id = $1 ORDER BY person.phone`;

/** Says something in every thread, all of which is to go out. */
const QUEUE = `
  WITH said AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at)
    SELECT $1, channel_id, 1, gen_random_uuid(), address_id, 'text', 'Shall we meet at the usual place tomorrow?', now()
    FROM conversations WHERE client_id = $1
    RETURNING id
  )
  SELECT array_agg(id) AS ids FROM said`;

/** As if provider `$2` had taken all of it, under the messages' ids. */
const TAKE = [
  `UPDATE deliveries SET status = 'sent', attempts = 1, submitted_at = now(), sent_at = now(), provider_id = $2::uuid,
     provider = 'http:' || $2::uuid, provider_message_id = id::text
   WHERE client_id = $1`,
  `UPDATE delivery_counts SET status = 'sent' WHERE client_id = $1 AND $2::uuid IS NOT NULL`,
  `DELETE FROM delivery_jobs WHERE client_id = $1 AND $2::uuid IS NOT NULL`,
];

/**
 * `$2` to `$3` of those that were, newest first, `$4` a day: every fifth came in, of the others nine in ten were delivered.
 */
const GROW = `
  WITH thread AS MATERIALIZED (
    SELECT thread.channel_id, thread.address_id, thread.person_id, address.address, person.phone,
           row_number() OVER (ORDER BY thread.channel_id) - 1 AS place, count(*) OVER () AS many
    FROM conversations thread
    JOIN addresses address ON address.client_id = $1 AND address.customer_id = thread.address_id
    JOIN customers person ON person.client_id = $1 AND person.id = thread.person_id
    WHERE thread.client_id = $1
  ), drawn AS MATERIALIZED (
    SELECT n, date_trunc('day', now(), 'UTC') - n * interval '1 day' / $4 AS at, n % 5 = 0 AS is_inbound,
           CASE WHEN n % 5 = 0 THEN 'received' WHEN n % 31 < 28 THEN 'delivered' ELSE 'undelivered' END AS status
    FROM generate_series($2::int, $3::int) n
  ), said AS MATERIALIZED (
    SELECT drawn.*, thread.*, 1000000 - n / many AS position, (
             lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) ||
             'a' || substr(md5(n::text), 4, 15))::uuid AS id
    FROM drawn JOIN thread ON place = n % many
  ), message AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at)
    SELECT $1, channel_id, position, id, CASE WHEN is_inbound THEN person_id ELSE address_id END, 'text',
           'Message ' || n || ': shall we meet at the usual place tomorrow?', at
    FROM said
  ), counted AS (
    INSERT INTO delivery_counts (client_id, day, address_id, direction, status, shard, n, segments)
    SELECT $1, (at AT TIME ZONE 'UTC')::date, address_id, CASE WHEN is_inbound THEN 'inbound' ELSE 'outbound' END, status, 0,
           count(*), count(*)
    FROM said GROUP BY 2, 3, 4, 5
  )
  INSERT INTO deliveries (client_id, id, direction, medium, channel_id, address_id, person_id, from_text, to_text, provider,
                          provider_message_id, status, attempts, segments, encoding, created_at, done_at, updated_at)
  SELECT $1, id, CASE WHEN is_inbound THEN 'inbound' ELSE 'outbound' END, 'sms', channel_id, address_id, person_id,
         CASE WHEN is_inbound THEN phone ELSE address END, CASE WHEN is_inbound THEN address ELSE phone END,
         'simulator:bench', id, status, 1, 1, 'GSM-7', at, at, at
  FROM said`;

const of = (prefix, count) => Array.from({ length: count }, (_, at) => prefix + String(at).padStart(5, '0'));

/** Gives a client numbers of the simulator, and threads with phones: `{ channelId, addressId, from, to }` of each. */
export async function makeThreads(session, clientId, { numbers, phones }) {
  const provider = randomUUID();
  // The seed switches triggers off, of which these need some.
  await session.query('SET session_replication_role = origin');
  await session.query(`INSERT INTO messaging_providers (client_id, id, kind) VALUES ($1, $2, 'simulator')`, [
    ...[clientId, provider],
  ]);
  await session.query(MAKE_NUMBERS, [clientId, of('+150055', numbers), provider]);
  await session.query(MAKE_PEOPLE, [clientId, of('+141555', phones)]);
  await session.query(MAKE_THREADS, [clientId, of('+141555', phones)]);
  await session.query('SET session_replication_role = replica');
  await session.query('ANALYZE');
  return (await session.query(THREADS, [clientId])).rows;
}

/** One message in every thread that is to go out. */
export async function queueTexts(session, clientId) {
  const { rows } = await session.query(QUEUE, [clientId]);
  // Or PostgreSQL plans for the few that a send makes.
  await session.query('ANALYZE');
  await session.query('SELECT make_deliveries($1, $2)', [clientId, rows[0].ids]);
  return rows[0].ids;
}

/** As if that provider had taken all that is queued. */
export async function takeTexts(session, clientId, providerId) {
  for (const statement of TAKE) {
    await session.query(statement, [clientId, providerId]);
  }
}

/** Whole days of what was sent and heard before today; their counts are folded as the server does it. */
export async function growTexts(session, clientId, { from, to, perDay }) {
  await withoutIndexes(session, to - from > MANY ? ['messages', 'deliveries'] : [], async () => {
    for (let first = from; first <= to; first += STEP) {
      await session.query(GROW, [clientId, first, Math.min(to, first + STEP - 1), perDay]);
    }
  });
  await session.query(FOLD_COUNTS.text, [to]);
}
