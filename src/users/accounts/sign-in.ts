import { Injectable } from '@nestjs/common';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { Passwords } from '../passwords/passwords.js';
import { UserSessions, type Visitor } from '../sessions/user-sessions.js';
import type { SignedIn } from './sign-up.js';
import { LoginThrottle } from './login-throttle.js';
import { UsersRepository, type UserRow } from './users.repository.js';

/** Who knows the password of an account is its user. Whatever is wrong, the answer and its time are the same. */
@Injectable()
export class SignIn {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: UserSessions,
    private readonly throttle: LoginThrottle,
    private readonly mailer: Mailer,
  ) {}

  /** @throws Refusal 401, 403, 429 or 503 */
  async login(email: string, password: string, visitor: Visitor): Promise<SignedIn> {
    const user = await this.throttle.countingFailures(email, visitor.address, async () =>
      this.check(await this.users.findByEmail(email), password),
    );
    if (this.mailer.isSerious && user.emailVerifiedAt === null) {
      throw new ReasonedRefusal('email_not_verified', 'Confirm your e-mail address first: see the mail we sent to it.');
    }
    await this.rehashIfOutdated(user, password);
    const begun = await this.sessions.begin(user.id, visitor, user.passwordVersion);
    if (!begun) {
      throw this.refusal();
    }
    return { ...begun, user };
  }

  /** Asks the user of a session for its password again; wrong ones count as a login's do. @throws Refusal 401, 429 or 503 */
  async confirm(userId: string, password: string, address: string | undefined): Promise<UserRow> {
    const user = await this.users.find(userId);
    return this.throttle.countingFailures(user?.email ?? '', address, () => this.check(user, password));
  }

  refusal(): ReasonedRefusal {
    return new ReasonedRefusal('invalid_credentials', 'The e-mail address or the password is wrong.');
  }

  private async check(user: UserRow | null, password: string): Promise<UserRow> {
    const isRight = await this.passwords.matches(user?.passwordHash ?? null, password);
    if (!isRight || !user || user.disabledAt !== null) {
      throw this.refusal();
    }
    return user;
  }

  private async rehashIfOutdated({ id, passwordHash, passwordVersion }: UserRow, password: string): Promise<void> {
    if (passwordHash !== null && this.passwords.isOutdated(passwordHash)) {
      await this.users.rehash(id, await this.passwords.hash(password), passwordVersion);
    }
  }
}
