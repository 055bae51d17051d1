import { randomUUID } from 'node:crypto';
import { accepted, call, type Reply } from './given.js';
import type { MailServer } from './mail-server.js';
import type { ServerAddress } from './server.js';

export const PASSWORD = 'correct horse battery';

export const newEmail = (): string => `${randomUUID()}@example.com`;

/** Asks `/api/auth` of a server. */
export function auth(server: () => ServerAddress) {
  const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
    call(`${server().url}/api/auth${path}`, method, body, headers);
  const post = (path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
    ask('POST', path, body, headers);
  const login = (email: string, password = PASSWORD): Promise<Reply> => post('/login', { email, password });
  /** Asks as the user of a session. */
  const as =
    (token: string) =>
    (method: string, path: string, body?: unknown): Promise<Reply> =>
      ask(method, path, body, { authorization: `Bearer ${token}` });
  /** A user who has registered and proven its e-mail. */
  const user = async (mail: MailServer, email = newEmail()): Promise<string> => {
    const known = mail.to(email).length;
    accepted(await post('/register', { email, password: PASSWORD, name: 'Ann' }));
    accepted(await post('/verify-email', { token: await mail.token(email, known + 1) }));
    return email;
  };
  return { ask, post, login, as, user };
}
