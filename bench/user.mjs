import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { hashKey, makeToken } from '../dist/src/clients/key-format.js';

/** The headers of an owner of a client's, signed in. */
export async function makeOwner(session, clientId) {
  const [id, token] = [randomUUID(), makeToken('ust')];
  await session.query(
    `INSERT INTO users (id, email, name, email_verified_at) VALUES ($1, $1::uuid || '@example.com', 'Ann', now())`,
    [id],
  );
  await session.query(`INSERT INTO memberships (client_id, user_id, role) VALUES ($1, $2, 'owner')`, [clientId, id]);
  await session.query(
    `INSERT INTO user_sessions (id, user_id, token_sha256, password_version, expires_at, ends_at, last_seen_at)
     VALUES ($1, $2, $3, 0, now() + interval '1 day', now() + interval '1 day', now())`,
    [uuidv7(), id, hashKey(token)],
  );
  return { authorization: `Bearer ${token}` };
}
