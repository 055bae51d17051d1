import { Inject, Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { Config } from '../../config.js';
import { HOUR_MS, SECOND_MS } from '../../platform/common/durations.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { linkTo } from '../mails/link-to.js';
import { Mails, type Content } from '../mails/mails.js';
import type { DueMail } from '../mails/mails.repository.js';
import { refuseWeak } from '../passwords/password-rules.js';
import { Passwords } from '../passwords/passwords.js';
import { UserSessions, type BegunSession, type Visitor } from '../sessions/user-sessions.js';
import { hashOf, invalidToken, UserTokens } from '../tokens/user-tokens.js';
import { UsersRepository, type UserRow, type VerifiedEmail } from './users.repository.js';
import { refuseTaken, type Account } from './users.service.js';

const VERIFY_SECONDS = (24 * HOUR_MS) / SECOND_MS;

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly workspaceName?: string | null;
}

/** What the token in a mail carries besides: nothing of it counts before the mail has arrived. */
export interface Claims {
  /** Of the registration this mail is for; another one of the same e-mail may be a stranger's. */
  readonly passwordHash?: string;
  readonly name?: string;
  /** Made once the e-mail is proven. */
  readonly workspaceName?: string | null;
  /** A new one, in place of the user's. */
  readonly email?: string;
}

export interface SignedIn extends BegunSession {
  readonly user: Account;
}

/** How somebody becomes a user, and proves an e-mail address. */
@Injectable()
export class SignUp {
  constructor(
    @Inject(Config) private readonly settings: Pick<Config, 'signup' | 'publicUrl' | 'port'>,
    private readonly mailer: Mailer,
    private readonly mails: Mails,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: UserSessions,
    private readonly tokens: UserTokens,
  ) {
    mails.composeBy('register', (mail) => this.compose(mail));
    mails.composeBy('verify', (mail) => this.compose(mail));
    mails.composeBy('change', (mail) => this.composeChange(mail));
    mails.composeBy('changed', (mail) => this.composeChanged(mail));
  }

  /**
   * Where mail is meant to arrive, null for a new e-mail and a taken one alike: the owner is told by mail.
   * @throws Refusal 400, 403, 409 or 503
   */
  async register(registration: Registration, visitor: Visitor): Promise<SignedIn | null> {
    const { email, password, name, workspaceName } = registration;
    if (this.settings.signup !== 'open') {
      throw new ReasonedRefusal('signup_disabled', 'Accounts are made by invitation only.');
    }
    this.mailer.mustBeConfigured();
    await refuseWeak(password, { email, name });
    const passwordHash = await this.passwords.hash(password);
    const user = await this.users.insert({ id: uuidv7(), email, name, passwordHash, isVerified: false });
    if (this.mailer.isSerious) {
      await this.mails.queue('register', email, { passwordHash, name, workspaceName } satisfies Claims);
      return null;
    }
    if (!user) {
      return refuseTaken();
    }
    return { ...(await this.sessions.begin(user.id, visitor))!, user };
  }

  /** The same whether or not there is such an e-mail. @throws Refusal 503 */
  resend(email: string): Promise<void> {
    return this.mails.queue('verify', email);
  }

  /** The new one counts once it has proven itself. @throws Refusal 503 */
  changeEmail(userId: string, email: string): Promise<void> {
    return this.mails.queue('change', email, { userId });
  }

  /** @returns whose it is, and what its registration asked for. @throws Refusal 400 */
  async verify(token: string): Promise<{ readonly userId: string; readonly claims: Claims }> {
    const verified = await this.users.verifyEmail(hashOf(token));
    if (verified === null || verified === 'taken') {
      throw invalidToken();
    }
    this.sessions.ended();
    const { id: userId, data: claims, was } = verified as Omit<VerifiedEmail, 'data'> & { readonly data: Claims };
    if (claims.email !== undefined && was !== null) {
      await this.mails.queue('changed', was, { userId });
    }
    return { userId, claims };
  }

  /** For a new account, and one that has yet to prove itself. Who has one already is told so where it asked to register. */
  private async compose({ kind, email, data }: DueMail): Promise<Content> {
    const user = await this.users.findByEmail(email);
    if (user && user.emailVerifiedAt === null) {
      return this.composeLink(user, data);
    }
    return user && kind === 'register' ? this.known(user) : null;
  }

  private async composeChange({ email, data }: DueMail): Promise<Content> {
    const user = await this.users.find((data as { readonly userId: string }).userId);
    const isFree = (await this.users.findByEmail(email)) === null;
    return user && isFree ? this.composeLink(user, { email }) : null;
  }

  /** To the address that was the user's: whoever took the account over can't keep it from whose it was. */
  private async composeChanged({ data }: DueMail): Promise<Content> {
    const user = await this.users.find((data as { readonly userId: string }).userId);
    return (
      user && {
        subject: 'The e-mail address of your account was changed',
        text: `Hello ${user.name},

the e-mail address of your account is ${user.email} from now on, and this one opens it no longer.

If it was you, there is nothing to do. If it was somebody else, tell an owner of your workspaces, or whoever runs this server, at once.
`,
      }
    );
  }

  private async composeLink({ id, name }: UserRow, claims: Claims): Promise<Content> {
    const { token } = await this.tokens.mint('verify', { userId: id, data: claims, expiresIn: VERIFY_SECONDS });
    return {
      subject: 'Confirm your e-mail address',
      text: `Hello ${claims.name ?? name},

please confirm that this e-mail address is yours:

${linkTo(this.settings, 'verify-email', token)}

The link works once, for 24 hours. If you did not ask for it, do nothing: without it nobody can use this address.
`,
    };
  }

  private known({ name }: UserRow): Content {
    return {
      subject: 'You have an account already',
      text: `Hello ${name},

somebody asked for an account with this e-mail address, which has one. If it was you, log in with it; if you forgot the
password, you can reset it there. If it was somebody else, do nothing: your account is as it was.
`,
    };
  }
}
