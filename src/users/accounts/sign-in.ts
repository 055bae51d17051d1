import { Injectable } from '@nestjs/common';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { Passwords } from '../passwords/passwords.js';
import { UserSessions, type Visitor } from '../sessions/user-sessions.js';
import { UserTokens, type MintedToken } from '../tokens/user-tokens.js';
import { TwoFactor } from '../two-factor/two-factor.js';
import type { SignedIn } from './sign-up.js';
import { LoginThrottle } from './login-throttle.js';
import { UsersRepository, type UserRow } from './users.repository.js';

/** The password was right, and a code is needed besides. */
export interface Challenged {
  readonly challenge: MintedToken;
}

/** Who knows the password of an account is its user. Whatever is wrong, the answer and its time are the same. */
@Injectable()
export class SignIn {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: UserSessions,
    private readonly throttle: LoginThrottle,
    private readonly tokens: UserTokens,
    private readonly mailer: Mailer,
    private readonly twoFactor: TwoFactor,
  ) {}

  /** A challenge where a code is needed besides. @throws Refusal 401, 403, 429 or 503 */
  async login(email: string, password: string, visitor: Visitor): Promise<SignedIn | Challenged> {
    const user = await this.throttle.countingFailures(email, visitor.address, async () =>
      this.check(await this.users.findByEmail(email), password),
    );
    if (this.mailer.isSerious && user.emailVerifiedAt === null) {
      throw new ReasonedRefusal('email_not_verified', 'Confirm your e-mail address first: see the mail we sent to it.');
    }
    await this.rehashIfOutdated(user, password);
    return this.enter(user, visitor);
  }

  /** Lets in who has proven to be this user, but for a code. A challenge where one is needed. @throws Refusal 401 */
  async enter(user: UserRow, visitor: Visitor): Promise<SignedIn | Challenged> {
    if (user.disabledAt !== null) {
      throw this.refusal();
    }
    return user.totpConfirmedAt === null
      ? this.begin(user, user.passwordVersion, visitor)
      : { challenge: await this.twoFactor.challenge(user.id, user.passwordVersion) };
  }

  /** The second step. Wrong codes count as wrong passwords do, so that new challenges give no new tries. @throws Refusal 400, 401 or 429 */
  async verify(challenge: string, code: string, visitor: Visitor): Promise<SignedIn> {
    const { userId, data } = await this.twoFactor.tryChallenge(challenge);
    const user = await this.users.find(userId);
    if (!user || user.disabledAt !== null) {
      throw this.refusal();
    }
    await this.throttle.countingFailures(user.email, visitor.address, () => this.twoFactor.takeCode(userId, code));
    await this.tokens.use('two_factor', challenge);
    return this.begin(user, data.passwordVersion, visitor);
  }

  /** @throws Refusal 400, 401, 429 or 503 */
  async disableTwoFactor(userId: string, password: string, code: string, address: string | undefined): Promise<void> {
    const { email } = await this.confirm(userId, password, address);
    await this.throttle.countingFailures(email, address, () => this.twoFactor.takeCode(userId, code));
    await this.twoFactor.disable(userId);
  }

  /** Asks the user of a session for its password again; wrong ones count as a login's do. @throws Refusal 401, 429 or 503 */
  async confirm(userId: string, password: string, address: string | undefined): Promise<UserRow> {
    const user = await this.users.find(userId);
    return this.throttle.countingFailures(user?.email ?? '', address, () => this.check(user, password));
  }

  refusal(): ReasonedRefusal {
    return new ReasonedRefusal('invalid_credentials', 'The e-mail address or the password is wrong.');
  }

  private async begin(user: UserRow, passwordVersion: number, visitor: Visitor): Promise<SignedIn> {
    const begun = await this.sessions.begin(user.id, visitor, passwordVersion);
    if (!begun) {
      throw this.refusal();
    }
    return { ...begun, user };
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
