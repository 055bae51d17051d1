import { Inject, Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { Config } from '../../config.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { UsersRepository, type UserRow } from '../accounts/users.repository.js';
import { UserSessions } from '../sessions/user-sessions.js';
import { UserIdentitiesRepository } from './user-identities.repository.js';
import type { SocialIdentity } from './oauth-provider.js';

const MAX_NAME = 255;

/** Whose account it is that somebody shows at a provider. */
@Injectable()
export class SocialAccounts {
  constructor(
    @Inject(Config) private readonly settings: Pick<Config, 'signup'>,
    private readonly identities: UserIdentitiesRepository,
    private readonly users: UsersRepository,
    private readonly sessions: UserSessions,
  ) {}

  /**
   * Known by the provider's id of the account; at first, by an e-mail address that is proven there and here.
   * Each step may be the last one: whoever comes again goes on from where it ended.
   * @throws Refusal 403
   */
  async get(provider: string, { subject, email, name }: SocialIdentity): Promise<UserRow> {
    const known = await this.identities.findUser(provider, subject);
    if (known) {
      return known;
    }
    if (email === null) {
      throw new ReasonedRefusal('email_not_verified', 'The provider does not say that the e-mail address is yours.');
    }
    const called = nameOf(name, email);
    if (await this.identities.claim(email, called)) {
      this.sessions.ended();
    }
    if (this.settings.signup === 'open') {
      await this.users.insert({ id: uuidv7(), email, name: called, passwordHash: null, isVerified: true });
    }
    await this.identities.link(provider, subject, email);
    const user = await this.identities.findUser(provider, subject);
    if (!user) {
      throw new ReasonedRefusal('signup_disabled', 'Accounts are made by invitation only.');
    }
    return user;
  }
}

/** One line, as long as names may be. */
function nameOf(name: string | null, email: string): string {
  const line = [...(name ?? '').replace(/\p{Cc}+/gu, ' ').toWellFormed()].slice(0, MAX_NAME).join('').trim();
  return line === '' ? email.split('@')[0]! : line;
}
