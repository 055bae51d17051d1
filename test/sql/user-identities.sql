-- user_identities.claim
WITH claimed AS (
  UPDATE users SET password_hash = NULL, password_version = password_version + 1, email_verified_at = now(),
    totp_secret = NULL, totp_confirmed_at = NULL, recovery_sha256 = '{}', name = $2
  WHERE email = $1 AND email_verified_at IS NULL
  RETURNING id
), voided AS (
  UPDATE user_tokens SET used_at = now() WHERE user_id = (SELECT id FROM claimed) AND used_at IS NULL
)
SELECT id FROM claimed;

-- user_identities.find_user
  SELECT
account.id, account.number, account.email, account.name, account.password_hash AS "passwordHash",
account.password_version AS "passwordVersion", account.email_verified_at AS "emailVerifiedAt",
account.totp_confirmed_at AS "totpConfirmedAt", account.active_client_id AS "activeClientId",
account.disabled_at AS "disabledAt", account.created_at AS "createdAt"
  FROM user_identities identity JOIN users account ON account.id = identity.user_id
  WHERE identity.provider = $1 AND identity.subject = $2;

-- user_identities.link
INSERT INTO user_identities (provider, subject, user_id, email)
SELECT $1, $2, id, email FROM users WHERE email = $3 AND email_verified_at IS NOT NULL
ON CONFLICT (provider, subject) DO NOTHING;
