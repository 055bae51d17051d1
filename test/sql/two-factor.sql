-- users.confirm_totp
UPDATE users SET totp_confirmed_at = now(), totp_last_step = $3, recovery_sha256 = $4
WHERE id = $1 AND totp_secret = $2 AND totp_confirmed_at IS NULL
RETURNING id;

-- users.disable_totp
UPDATE users SET totp_secret = NULL, totp_confirmed_at = NULL, recovery_sha256 = '{}' WHERE id = $1 RETURNING id;

-- users.find_sealed_before
SELECT id, totp_secret AS "secret" FROM users
WHERE totp_secret IS NOT NULL AND substring(totp_secret FOR 4) <> $1 AND id > $2
ORDER BY id LIMIT $3;

-- users.find_totp
SELECT email, totp_secret AS "secret", totp_confirmed_at IS NOT NULL AS "isConfirmed" FROM users WHERE id = $1;

-- users.seal_totp_anew
UPDATE users SET totp_secret = $3 WHERE id = $1 AND totp_secret = $2;

-- users.set_up_totp
UPDATE users SET totp_secret = $2 WHERE id = $1 AND totp_confirmed_at IS NULL RETURNING id;

-- users.take_recovery_code
UPDATE users SET recovery_sha256 = array_remove(recovery_sha256, $2::bytea)
WHERE id = $1 AND recovery_sha256 @> ARRAY[$2::bytea]
RETURNING id;

-- users.take_totp_step
UPDATE users SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2 RETURNING id;

-- user_tokens.try_challenge
UPDATE user_tokens SET tries = tries + 1
WHERE token_sha256 = $1 AND purpose = 'two_factor' AND used_at IS NULL AND expires_at > now() AND tries < 5
RETURNING user_id AS "userId", data;
