-- users.change_password
WITH changed AS (
  UPDATE users SET password_hash = $2, password_version = password_version + 1
  WHERE id = $1 AND password_version = $3
  RETURNING id, password_version
), kept AS (
  UPDATE user_sessions SET password_version = changed.password_version
  FROM changed WHERE user_sessions.user_id = changed.id AND user_sessions.id = $4
),
voided AS (
  UPDATE user_tokens SET used_at = now() WHERE user_id = (SELECT id FROM changed) AND used_at IS NULL
)
SELECT id FROM changed;

-- users.create
  INSERT INTO users AS account (id, email, name, password_hash, email_verified_at)
  VALUES ($1, $2, $3, $4, CASE WHEN $5::boolean THEN now() END)
  ON CONFLICT (email) DO NOTHING
  RETURNING
account.id, account.number, account.email, account.name, account.password_hash AS "passwordHash",
account.password_version AS "passwordVersion", account.email_verified_at AS "emailVerifiedAt",
account.totp_confirmed_at AS "totpConfirmedAt", account.active_client_id AS "activeClientId",
account.disabled_at AS "disabledAt", account.created_at AS "createdAt";

-- users.find
SELECT
account.id, account.number, account.email, account.name, account.password_hash AS "passwordHash",
account.password_version AS "passwordVersion", account.email_verified_at AS "emailVerifiedAt",
account.totp_confirmed_at AS "totpConfirmedAt", account.active_client_id AS "activeClientId",
account.disabled_at AS "disabledAt", account.created_at AS "createdAt" FROM users account WHERE account.id = $1;

-- users.find_by_email
SELECT
account.id, account.number, account.email, account.name, account.password_hash AS "passwordHash",
account.password_version AS "passwordVersion", account.email_verified_at AS "emailVerifiedAt",
account.totp_confirmed_at AS "totpConfirmedAt", account.active_client_id AS "activeClientId",
account.disabled_at AS "disabledAt", account.created_at AS "createdAt" FROM users account WHERE account.email = $1;

-- users.rehash
UPDATE users SET password_hash = $2 WHERE id = $1 AND password_version = $3;

-- users.reset_password
WITH token AS (
  UPDATE user_tokens SET used_at = now()
  WHERE token_sha256 = $1 AND purpose = 'reset' AND used_at IS NULL AND expires_at > now()
  RETURNING user_id
), changed AS (
  UPDATE users SET password_hash = $2, password_version = password_version + 1,
    email_verified_at = coalesce(email_verified_at, now())
  FROM token WHERE users.id = token.user_id
  RETURNING users.id
), voided AS (
  UPDATE user_tokens SET used_at = now()
  WHERE user_id = (SELECT id FROM changed) AND used_at IS NULL AND token_sha256 <> $1
)
SELECT id FROM changed;

-- users.update
  UPDATE users AS account SET name = coalesce($2, name), active_client_id = coalesce($3::uuid, active_client_id)
  WHERE id = $1
  RETURNING
account.id, account.number, account.email, account.name, account.password_hash AS "passwordHash",
account.password_version AS "passwordVersion", account.email_verified_at AS "emailVerifiedAt",
account.totp_confirmed_at AS "totpConfirmedAt", account.active_client_id AS "activeClientId",
account.disabled_at AS "disabledAt", account.created_at AS "createdAt";

-- users.verify_email
WITH token AS (
  UPDATE user_tokens SET used_at = now()
  WHERE token_sha256 = $1 AND purpose = 'verify' AND used_at IS NULL AND expires_at > now()
  RETURNING user_id, data
), before AS (
  SELECT token.user_id, token.data, CASE WHEN account.email_verified_at IS NOT NULL THEN account.email END AS was,
    account.email_verified_at IS NULL AND token.data ? 'passwordHash'
      AND account.password_hash IS DISTINCT FROM token.data->>'passwordHash' AS is_other
  FROM token JOIN users account ON account.id = token.user_id
), verified AS (
  UPDATE users SET
    email = coalesce(before.data->>'email', users.email),
    email_verified_at = now(),
    password_hash = CASE WHEN is_other THEN before.data->>'passwordHash' ELSE password_hash END,
    password_version = password_version + is_other::integer,
    name = CASE WHEN is_other THEN before.data->>'name' ELSE name END
  FROM before WHERE users.id = before.user_id
  RETURNING users.id, before.data, before.was
), voided AS (
  UPDATE user_tokens SET used_at = now()
  WHERE user_id = (SELECT id FROM verified) AND purpose = 'verify' AND used_at IS NULL AND token_sha256 <> $1
)
SELECT id, data, was FROM verified;
