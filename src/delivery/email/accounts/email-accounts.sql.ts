import type { Statement } from '../../../platform/database/statement.js';

const COLUMNS = `account.customer_id AS id, account.number::float8 AS number, address.address AS email,
      account.from_name AS "fromName", address.name, address.is_default AS "isDefault", account.host, account.port,
      account.secure, account.username, account.secret, account.dkim_domain AS "dkimDomain",
      account.dkim_selector AS "dkimSelector", account.rate_per_minute AS "ratePerMinute",
      account.inbound_name AS "inboundName", account.status, account.last_error AS "lastError",
      CASE WHEN mailbox.account_id IS NOT NULL THEN jsonb_build_object(
        'host', mailbox.host, 'port', mailbox.port, 'secure', mailbox.secure, 'username', mailbox.username,
        'status', mailbox.status, 'lastError', mailbox.last_error) END AS imap`;
const ACCOUNTS = `email_accounts account
      JOIN addresses address ON address.client_id = $1 AND address.customer_id = account.customer_id
        AND address.released_at IS NULL
      LEFT JOIN imap_mailboxes mailbox ON mailbox.client_id = $1 AND mailbox.account_id = account.customer_id`;

/** Held by whoever makes one or another the default, so that one is. */
export const LOCK: Statement = {
  name: 'email_accounts.lock',
  text: `SELECT name FROM counters WHERE client_id = $1 AND name = 'email_accounts' FOR NO KEY UPDATE`,
};

/** Address `$3` for customer `$2`, called `$4`. The first of the client is the default. No row: the client has it. */
export const CREATE_ADDRESS: Statement = {
  name: 'email_accounts.create_address',
  text: `
    INSERT INTO addresses (client_id, customer_id, medium, kind, address, name, capabilities, verified_at, is_default)
    SELECT $1, $2, 'email', 'email', $3, $4, '{}', now(), NOT EXISTS (
      SELECT FROM addresses other WHERE other.client_id = $1 AND other.medium = 'email' AND other.is_default)
    ON CONFLICT DO NOTHING
    RETURNING customer_id`,
};

/** Account `$2`: says `$3`; its server at `$4`, `$5`, secure `$6`, for user `$7`; its secret `$8`; DKIM `$9`, `$10`; at most `$11` a minute; in by `$12`, `$13`. */
export const CREATE: Statement = {
  name: 'email_accounts.create',
  text: `
    INSERT INTO email_accounts (client_id, customer_id, number, from_name, host, port, secure, username, secret,
                                dkim_domain, dkim_selector, rate_per_minute, inbound_token_sha256, inbound_name)
    VALUES ($1, $2, draw_numbers($1, 'email_accounts', 1), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
};

/** The one with number `$2`, or of customer `$3`. */
export const FIND: Statement = {
  name: 'email_accounts.find',
  text: `
    SELECT ${COLUMNS} FROM ${ACCOUNTS}
    WHERE account.client_id = $1 AND (account.number = $2::bigint OR account.customer_id = $3::uuid)`,
};

/** The newest last: a client has few. */
export const LIST: Statement = {
  name: 'email_accounts.list',
  text: `SELECT ${COLUMNS} FROM ${ACCOUNTS} WHERE account.client_id = $1 ORDER BY account.number`,
};

export const COUNT: Statement = {
  name: 'email_accounts.count',
  text: `
    SELECT count(*)::int AS total FROM addresses
    WHERE client_id = $1 AND medium = 'email' AND released_at IS NULL`,
};

/** Account `$2` is as CREATE says, its secret and token too. What was known of it was of its former settings. */
export const UPDATE: Statement = {
  name: 'email_accounts.update',
  text: `
    UPDATE email_accounts
    SET from_name = $3, host = $4, port = $5, secure = $6, username = $7, secret = $8, dkim_domain = $9, dkim_selector = $10,
        rate_per_minute = $11, inbound_token_sha256 = $12, updated_at = now()
    WHERE client_id = $1 AND customer_id = $2`,
};

export const RENAME: Statement = {
  name: 'email_accounts.rename',
  text: `UPDATE addresses SET name = $3 WHERE client_id = $1 AND customer_id = $2`,
};

/** None is the default but `$2`, which MAKE_DEFAULT makes. */
export const LOSE_DEFAULT: Statement = {
  name: 'email_accounts.lose_default',
  text: `
    UPDATE addresses SET is_default = false
    WHERE client_id = $1 AND medium = 'email' AND is_default AND customer_id <> $2`,
};

export const MAKE_DEFAULT: Statement = {
  name: 'email_accounts.make_default',
  text: `UPDATE addresses SET is_default = true WHERE client_id = $1 AND customer_id = $2 AND released_at IS NULL`,
};

/** Account `$2` is no more: nothing goes out by it, nothing comes in, and its secrets are forgotten. Its mails stay. */
export const CLOSE: Statement = {
  name: 'email_accounts.close',
  text: `
    WITH closed AS (
      UPDATE addresses SET released_at = now(), is_default = false WHERE client_id = $1 AND customer_id = $2
      RETURNING customer_id
    )
    UPDATE email_accounts account SET secret = '', updated_at = now()
    FROM closed
    WHERE account.client_id = $1 AND account.customer_id = closed.customer_id`,
};

/** The oldest is the default, where none is. */
export const CHOOSE_DEFAULT: Statement = {
  name: 'email_accounts.choose_default',
  text: `
    UPDATE addresses one SET is_default = true
    WHERE one.client_id = $1 AND one.customer_id = (
      SELECT oldest.customer_id FROM addresses oldest
      WHERE oldest.client_id = $1 AND oldest.medium = 'email' AND oldest.released_at IS NULL
      ORDER BY oldest.is_default DESC, oldest.created_at, oldest.customer_id LIMIT 1)`,
};

const OWNER = `account.client_id AS "clientId", client.livemode, account.customer_id AS id
    FROM email_accounts account
    JOIN addresses address ON address.client_id = account.client_id AND address.customer_id = account.customer_id
      AND address.released_at IS NULL
    JOIN clients client ON client.id = account.client_id AND client.disabled_at IS NULL`;

/** Of no client: up to `$4` that were sealed with another key than `$1`, after account `$3` of client `$2`. */
export const FIND_SEALED_BEFORE: Statement = {
  name: 'email_accounts.find_sealed_before',
  text: `
    SELECT client_id AS "clientId", customer_id AS id, secret FROM email_accounts
    WHERE substring(secret FROM 1 FOR 4) <> $1 AND secret <> '' AND (client_id, customer_id) > ($2::uuid, $3::uuid)
    ORDER BY client_id, customer_id LIMIT $4`,
};

/** Unless it was changed in the meantime. */
export const SEAL_ANEW: Statement = {
  name: 'email_accounts.seal_anew',
  text: `UPDATE email_accounts SET secret = $4 WHERE client_id = $1 AND customer_id = $2 AND secret = $3`,
};

/** Of no client: a mail comes with nothing but this. */
export const FIND_BY_TOKEN: Statement = {
  name: 'email_accounts.find_by_token',
  text: `SELECT ${OWNER} WHERE account.inbound_token_sha256 = $1`,
};

export const FIND_BY_INBOUND_NAME: Statement = {
  name: 'email_accounts.find_by_inbound_name',
  text: `SELECT ${OWNER} WHERE account.inbound_name = $1`,
};
