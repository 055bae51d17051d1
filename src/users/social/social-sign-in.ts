import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  AuthorizationResponseError,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
} from 'openid-client';
import { Config } from '../../config.js';
import { MINUTE_MS, SECOND_MS } from '../../platform/common/durations.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { SignIn, type Challenged } from '../accounts/sign-in.js';
import type { SignedIn } from '../accounts/sign-up.js';
import { siteOf } from '../mails/link-to.js';
import type { Visitor } from '../sessions/user-sessions.js';
import { invalidToken, UserTokens } from '../tokens/user-tokens.js';
import type { Journey, SocialIdentity } from './oauth-provider.js';
import { SocialAccounts } from './social-accounts.js';
import { SocialProviders } from './social-providers.js';

const EXPIRES_IN_SECONDS = (10 * MINUTE_MS) / SECOND_MS;
const RETRY_AFTER_SECONDS = 10;

/** What is kept of somebody who is on the way to a provider; the state itself is the token that finds it. */
type Departed = Omit<Journey, 'state'> & { readonly provider: string; readonly challenge: string };
/** Of somebody who has come back, and has yet to show that it is the page which left. */
interface Returned {
  readonly provider: string;
  readonly challenge: string;
  readonly identity: SocialIdentity;
}

/**
 * Signing in by an account elsewhere. A page begins it with the hash of something only it knows, and ends it with that: so
 * nobody can be made to sign in as somebody else by being sent a link. Until then nothing is changed.
 */
@Injectable()
export class SocialSignIn {
  private readonly logger = new Logger('SocialSignIn');

  constructor(
    @Inject(Config) private readonly settings: Pick<Config, 'publicUrl' | 'port'>,
    private readonly providers: SocialProviders,
    private readonly accounts: SocialAccounts,
    private readonly tokens: UserTokens,
    private readonly signIn: SignIn,
  ) {}

  names(): readonly string[] {
    return this.providers.names();
  }

  /** Where to send the browser. @throws Refusal 404 or 503 */
  async start(provider: string, challenge: string): Promise<string> {
    const there = this.providers.get(provider);
    const departed: Departed = {
      provider,
      challenge,
      redirectUri: `${siteOf(this.settings)}/api/auth/social/${provider}/callback`,
      nonce: randomNonce(),
      codeVerifier: randomPKCECodeVerifier(),
    };
    const { token } = await this.mint(departed);
    try {
      return await there.authorizationUrl({ ...departed, state: token });
    } catch (error) {
      this.complain(provider, error);
      throw new Refusal('unavailable', 'The provider does not answer. Please try again.', {
        retryAfter: RETRY_AFTER_SECONDS,
      });
    }
  }

  /**
   * Takes the answer of a provider, once.
   * @returns where the browser goes on: with a code, or with an error of OAuth 2.0 (RFC 6749, section 4.1.2.1)
   * @throws Refusal 400 or 404
   */
  async arrive(provider: string, answer: URLSearchParams): Promise<string> {
    const there = this.providers.get(provider);
    const state = answer.get('state') ?? '';
    const departed = (await this.tokens.use('social', state)).data as Partial<Departed>;
    if (departed.provider !== provider || !isDeparted(departed)) {
      throw invalidToken();
    }
    let end: URLSearchParams;
    try {
      const identity = await there.identify(answer, { ...departed, state });
      const { token } = await this.mint({ provider, challenge: departed.challenge, identity } satisfies Returned);
      end = new URLSearchParams({ code: token });
    } catch (error) {
      end = new URLSearchParams({ error: this.errorOf(provider, error) });
    }
    return `${siteOf(this.settings)}/signed-in#${end.toString()}`;
  }

  /** Whoever knows what the page began with has come all the way. @throws Refusal 400, 401 or 403 */
  async exchange(code: string, verifier: string, visitor: Visitor): Promise<SignedIn | Challenged> {
    const { provider, challenge, identity } = (await this.tokens.use('social', code)).data as Partial<Returned>;
    if (!provider || !identity || challenge !== (await calculatePKCECodeChallenge(verifier))) {
      throw invalidToken();
    }
    return this.signIn.enter(await this.accounts.get(provider, identity), visitor);
  }

  private mint(data: object): ReturnType<UserTokens['mint']> {
    return this.tokens.mint('social', { userId: null, data, expiresIn: EXPIRES_IN_SECONDS });
  }

  private errorOf(provider: string, error: unknown): string {
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied') {
      return error.error;
    }
    this.complain(provider, error);
    return isUnreachable(error) ? 'temporarily_unavailable' : 'server_error';
  }

  private complain(provider: string, error: unknown): void {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    this.logger.warn(`Signing in by ${provider} failed: ${why}`);
  }
}

function isDeparted(data: Partial<Departed>): data is Departed {
  return data.codeVerifier !== undefined;
}

/** What `fetch` throws where there was no answer, as it is or within an error of the library; and that it took too long. */
function isUnreachable(error: unknown): boolean {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: { name?: string } };
  return code === 'OAUTH_TIMEOUT' || name === 'TypeError' || cause?.name === 'TypeError';
}
