-- nonces.create
INSERT INTO nonces (nonce, expires_at) VALUES ($1, now() + make_interval(secs => $2));

-- nonces.take
DELETE FROM nonces WHERE nonce = $1 RETURNING expires_at > now() AS "isGood";
