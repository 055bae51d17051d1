import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { HOUR_MS, SECOND_MS } from '../../platform/common/durations.js';
import { linkTo } from '../mails/link-to.js';
import { Mails, type Content } from '../mails/mails.js';
import type { DueMail } from '../mails/mails.repository.js';
import { refuseWeak } from '../passwords/password-rules.js';
import { Passwords } from '../passwords/passwords.js';
import { UserSessions } from '../sessions/user-sessions.js';
import { hashOf, invalidToken, UserTokens } from '../tokens/user-tokens.js';
import { SignIn } from './sign-in.js';
import { UsersRepository } from './users.repository.js';

const RESET_SECONDS = HOUR_MS / SECOND_MS;

/** New passwords, by the old one or by a mail. */
@Injectable()
export class PasswordChanges {
  constructor(
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
    private readonly mails: Mails,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: UserSessions,
    private readonly tokens: UserTokens,
    private readonly signIn: SignIn,
  ) {
    mails.composeBy('reset', (mail) => this.compose(mail));
  }

  /** This session goes on, all others end. @throws Refusal 400, 401, 429 or 503 */
  async change(
    {
      userId,
      sessionId,
      address,
    }: { readonly userId: string; readonly sessionId: string; readonly address?: string | undefined },
    currentPassword: string,
    newPassword: string,
  ): Promise<void> {
    const user = await this.signIn.confirm(userId, currentPassword, address);
    await refuseWeak(newPassword, user);
    const passwordHash = await this.passwords.hash(newPassword);
    if (!(await this.users.changePassword(userId, passwordHash, user.passwordVersion, sessionId))) {
      throw this.signIn.refusal();
    }
    this.sessions.ended();
  }

  /** The same whether or not there is such an e-mail. @throws Refusal 503 */
  forgot(email: string): Promise<void> {
    return this.mails.queue('reset', email);
  }

  /**
   * Ends every session, and whatever else was open.
   * @param of the e-mail that the token must be for, where whoever has it also says that
   * @throws Refusal 400 or 503
   */
  async reset(token: string, password: string, of?: string): Promise<void> {
    // Looked at first: nobody makes us hash by guessing.
    const { email, name } = await this.tokens.get('reset', token);
    if (of !== undefined && of !== email) {
      throw invalidToken();
    }
    await refuseWeak(password, { email: email ?? '', name: name ?? '' });
    const passwordHash = await this.passwords.hash(password);
    if (!(await this.users.resetPassword(hashOf(token), passwordHash))) {
      throw invalidToken();
    }
    this.sessions.ended();
  }

  /** Where a user chooses a password, once; whoever has it is that user. */
  async link(userId: string, expiresIn = RESET_SECONDS): Promise<string> {
    const { token } = await this.tokens.mint('reset', { userId, expiresIn, voidsOthers: true });
    return linkTo(this.settings, 'reset-password', token);
  }

  private async compose({ email }: DueMail): Promise<Content> {
    const user = await this.users.findByEmail(email);
    if (!user || user.disabledAt !== null) {
      return null;
    }
    const link = await this.link(user.id);
    return {
      subject: 'Reset your password',
      text: `Hello ${user.name},

somebody asked to reset the password of your account. To choose a new one:

${link}

The link works once, for an hour, and only the newest one does. If you did not ask for it, do nothing: your password stays.
`,
    };
  }
}
