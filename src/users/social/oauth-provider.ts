import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client';

/** What a configuration needs besides for an address of the operator's own that begins with http, such as a test's. */
export function extensionsFor(url: string): ((configuration: Configuration) => void)[] {
  // Nothing is wrong with it: the library marks it so to be conspicuous.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return url.startsWith('http:') ? [allowInsecureRequests] : [];
}

/** Seconds that a provider has for each answer. */
export const TIMEOUT_SECONDS = 10;

/** One way to a provider and back. */
export interface Journey {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Who somebody is at a provider. */
export interface SocialIdentity {
  /** The provider's own id of the account. */
  readonly subject: string;
  /** Null where the provider does not say that it is this person's. */
  readonly email: string | null;
  readonly name: string | null;
}

export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;

/** Where somebody has an account by which it signs in here. */
export abstract class OAuthProvider {
  protected abstract readonly scope: string;
  /** Whether it answers with an ID token, which has to hold the nonce. */
  protected abstract readonly speaksOpenId: boolean;

  /** Where to send the browser. @throws Error where the provider does not answer */
  async authorizationUrl({ redirectUri, state, nonce, codeVerifier }: Journey): Promise<string> {
    const url = buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: redirectUri,
      scope: this.scope,
      state,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(this.speaksOpenId ? { nonce } : {}),
    });
    return url.href;
  }

  /** @param answer what the browser brought back. @throws Error where that, or the provider's own answer, is not as it must be */
  async identify(
    answer: URLSearchParams,
    { redirectUri, state, nonce, codeVerifier }: Journey,
  ): Promise<SocialIdentity> {
    const configuration = await this.configuration();
    const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectUri}?${answer.toString()}`), {
      expectedState: state,
      pkceCodeVerifier: codeVerifier,
      ...(this.speaksOpenId ? { expectedNonce: nonce, idTokenExpected: true } : {}),
    });
    return this.identityOf(tokens, configuration);
  }

  protected abstract configuration(): Promise<Configuration>;
  protected abstract identityOf(tokens: Tokens, configuration: Configuration): Promise<SocialIdentity>;
}
