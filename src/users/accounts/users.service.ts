import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { Refusal, unauthorized } from '../../platform/common/errors/refusal.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { refuseWeak } from '../passwords/password-rules.js';
import { Passwords } from '../passwords/passwords.js';
import { UsersRepository, type UserRow } from './users.repository.js';

/** What is shown of a user, to itself. */
export type Account = Omit<UserRow, 'passwordHash' | 'passwordVersion'>;

/** Users, by whoever has found out who they are. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly mailer: Mailer,
  ) {}

  find(id: string): Promise<Account | null> {
    return this.users.find(id);
  }

  /** @throws Refusal 401: it is gone since its session was found */
  async get(id: string): Promise<Account> {
    return (await this.users.find(id)) ?? refuseGone();
  }

  findByEmail(email: string): Promise<Account | null> {
    return this.users.findByEmail(email);
  }

  /** Whether the user counts as the one its e-mail says: it has proven it, or nobody is asked to here. */
  isVerified({ emailVerifiedAt }: Pick<Account, 'emailVerifiedAt'>): boolean {
    return emailVerifiedAt !== null || !this.mailer.isSerious;
  }

  /** A user whose e-mail was proven by other means, such as an invitation. @throws Refusal 400, 409 or 503 */
  async createVerified(email: string, name: string, password: string): Promise<Account> {
    await refuseWeak(password, { email, name });
    const passwordHash = await this.passwords.hash(password);
    const user = await this.users.insert({ id: uuidv7(), email, name, passwordHash, isVerified: true });
    return user ?? refuseTaken();
  }

  /** A user who has yet to choose a password. @throws Refusal 409 */
  async createWithoutPassword(email: string, name: string): Promise<Account> {
    const user = await this.users.insert({ id: uuidv7(), email, name, passwordHash: null, isVerified: false });
    return user ?? refuseTaken();
  }

  /** What is absent stays. @throws Refusal 401 */
  async update(id: string, change: { readonly name?: string; readonly activeClientId?: string }): Promise<Account> {
    return (await this.users.update(id, change.name ?? null, change.activeClientId ?? null)) ?? refuseGone();
  }
}

export function refuseTaken(): never {
  throw new Refusal('id_in_use', 'This e-mail address has an account already.');
}

function refuseGone(): never {
  throw unauthorized('The user is not there any more');
}
