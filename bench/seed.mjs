/** A tenant's data, made by a handful of set-based statements; what the application counts is counted here as it would be. */

const CUSTOMERS = 500;
const CHANNELS = 1_000;
/** Data starts this many days ago; a message a second, ten million end well before today. */
const AGE_DAYS = 150;
const STEP = 1_000_000;

/** A UUIDv7 of the moment `at`; `n` stands in for chance. Rows a second apart keep their order. */
const idAt = (at, n) => `(
  lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${n}::text), 1, 3) ||
  'a' || substr(md5(${n}::text), 4, 15))::uuid`;

const MAKE_CUSTOMERS = `
  INSERT INTO customers (client_id, id, name, email, created_at)
  SELECT $1, ${idAt('at', 'n')}, 'Customer ' || n, 'customer' || n || '@example.com', at
  FROM (SELECT n, $2::timestamptz - interval '2 days' + n * interval '1 s' AS at FROM generate_series(1, ${CUSTOMERS}) n)`;

/** Each channel has 2 to 5 members, an even stride apart; every third is custom. The key is that of channels/reuse-key.ts. */
const MAKE_CHANNELS = `
  WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM customers WHERE client_id = $1
  ), drafts AS (
    SELECT n, $2::timestamptz - interval '1 day' + n * interval '1 s' AS at,
           CASE WHEN n % 3 = 0 THEN 'custom' ELSE 'general' END AS type,
           CASE WHEN n % 3 = 0 THEN 'Team ' || n ELSE 'general' END AS name,
           ARRAY(
             SELECT id FROM generate_series(0, 1 + n % 4) seat
             JOIN numbered ON number = (n * 7 + seat * (1 + n % 97)) % ${CUSTOMERS} ORDER BY id) AS members
    FROM generate_series(1, ${CHANNELS}) n
  ), created AS (
    INSERT INTO channels (client_id, id, type, name, reuse_key, created_at)
    SELECT $1, ${idAt('at', 'n')}, type, name, sha256(convert_to(
             type || ':' || array_to_string(members, ',') || CASE type WHEN 'custom' THEN ':' || name ELSE '' END, 'UTF8')),
           at
    FROM drafts
  )
  INSERT INTO channel_members (client_id, channel_id, customer_id)
  SELECT $1, ${idAt('at', 'n')}, unnest(members) FROM drafts`;

/**
 * Messages `$3` to `$4`, in the order of time. The square makes some channels thirty times as busy as others, so that a page
 * of those is full with ten thousand messages already.
 */
const MAKE_MESSAGES = `
  WITH rooms AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY channel.id) AS number, channel.id, channel.last_position,
           array_agg(member.customer_id ORDER BY member.customer_id) AS members
    FROM channels channel
    JOIN channel_members member ON member.client_id = $1 AND member.channel_id = channel.id
    WHERE channel.client_id = $1
    GROUP BY channel.id, channel.last_position
  ), spread AS MATERIALIZED (
    SELECT n, 1 + floor(${CHANNELS} * power(random(), 2)) AS number, random() AS chance
    FROM generate_series($3::int, $4::int) n
  ), sent AS (
    INSERT INTO messages (client_id, channel_id, position, id, sender_id, type, content, created_at)
    SELECT $1, id, last_position + row_number() OVER (PARTITION BY id ORDER BY n), ${idAt('at', 'n')},
           members[1 + floor(chance * cardinality(members))::int], 'text',
           'Message ' || n || ': shall we meet at the usual place tomorrow?', at
    FROM (SELECT *, $2::timestamptz + n * interval '1 s' AS at FROM spread JOIN rooms USING (number))
    ORDER BY n
    RETURNING channel_id
  )
  UPDATE channels SET last_position = last_position + sent.count
  FROM (SELECT channel_id, count(*)::int FROM sent GROUP BY 1) sent
  WHERE client_id = $1 AND channels.id = sent.channel_id`;

/** How to take the indexes of tables `$1` away, and how to make them again, in the other order. */
const INDEXES = `
  SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
  FROM (SELECT * FROM pg_constraint
        WHERE (contype IN ('p', 'u') AND conrelid = ANY($1::regclass[]))
           OR (contype = 'f' AND confrelid = ANY($1::regclass[])) ORDER BY contype) constraints
  UNION ALL
  SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
  FROM pg_index
  WHERE indrelid = ANY($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`;

const COUNT = [
  `UPDATE channels SET message_count = last_position, last_message_at = sent.at
   FROM (SELECT channel_id, max(created_at) AS at FROM messages WHERE client_id = $1 GROUP BY 1) sent
   WHERE client_id = $1 AND channels.id = sent.channel_id`,
  `UPDATE channel_members SET message_count = sent.count, last_message_at = sent.at
   FROM (SELECT channel_id, sender_id, count(*)::int, max(created_at) AS at FROM messages
         WHERE client_id = $1 GROUP BY 1, 2) sent
   WHERE client_id = $1 AND channel_members.channel_id = sent.channel_id AND customer_id = sent.sender_id`,
  `UPDATE customers SET message_count = sent.count, latest_message_at = sent.at
   FROM (SELECT sender_id, count(*)::int, max(created_at) AS at FROM messages WHERE client_id = $1 GROUP BY 1) sent
   WHERE client_id = $1 AND customers.id = sent.sender_id`,
  `UPDATE counters SET value = CASE name
     WHEN 'customers' THEN (SELECT count(*) FROM customers WHERE client_id = $1)
     WHEN 'active_customers' THEN (SELECT count(*) FROM customers WHERE client_id = $1 AND message_count > 0)
     WHEN 'channels' THEN (SELECT count(*) FROM channels WHERE client_id = $1) END
   WHERE client_id = $1 AND name IN ('customers', 'active_customers', 'channels')`,
];

/** Many rows are made sooner while their tables have no indexes, which are made anew at the end. */
export async function withoutIndexes(session, tables, work) {
  const { rows } = await session.query(INDEXES, [tables]);
  for (const { drop } of rows) {
    await session.query(drop);
  }
  await work();
  await session.query(`SET maintenance_work_mem = '1GB'`);
  for (const { make } of rows.reverse()) {
    await session.query(make);
  }
}

/** A tenant that grows. */
export class Seed {
  #messages = 0;
  #start = new Date(Date.now() - AGE_DAYS * 86_400_000);

  /** @param session a `pg.Client` of a superuser, for this alone */
  constructor(session, clientId) {
    this.session = session;
    this.clientId = clientId;
  }

  async makeChannels() {
    // The foreign keys hold by construction; checking a million of them takes longer than all the rest.
    await this.session.query('SET session_replication_role = replica');
    await this.session.query('SELECT setseed(0.5)');
    await this.session.query(MAKE_CUSTOMERS, [this.clientId, this.#start]);
    await this.session.query(MAKE_CHANNELS, [this.clientId, this.#start]);
    await this.#count();
  }

  /**
   * Adds messages until there are `total`, a million at a time, or PostgreSQL would sort them all on disk; without indexes
   * where there are more, which are made at the end.
   */
  async growTo(total) {
    await withoutIndexes(this.session, total - this.#messages > STEP ? ['messages'] : [], async () => {
      while (this.#messages < total) {
        const next = Math.min(total, this.#messages + STEP);
        await this.session.query(MAKE_MESSAGES, [this.clientId, this.#start, this.#messages + 1, next]);
        this.#messages = next;
      }
    });
    await this.#count();
    await this.settle();
  }

  async #count() {
    for (const statement of COUNT) {
      await this.session.query(statement, [this.clientId]);
    }
  }

  /** Does now what PostgreSQL would do some time, perhaps during a measurement. */
  async settle() {
    await this.session.query('VACUUM (ANALYZE)');
    await this.session.query('CHECKPOINT');
  }
}
