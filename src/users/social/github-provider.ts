import { Configuration, fetchProtectedResource } from 'openid-client';
import type { OAuthClient } from '../../config.js';
import { emailIn } from '../../platform/common/fields/fields.js';
import { extensionsFor, OAuthProvider, TIMEOUT_SECONDS, type SocialIdentity, type Tokens } from './oauth-provider.js';

interface GithubUser {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
}
interface GithubEmail {
  readonly email: string;
  readonly primary: boolean;
  readonly verified: boolean;
}

/** GitHub speaks OAuth 2.0 only: who it was, its API says. */
export class GithubProvider extends OAuthProvider {
  protected readonly scope = 'read:user user:email';
  protected readonly speaksOpenId = false;
  private readonly configured: Configuration;

  constructor(
    url: string,
    private readonly apiUrl: string,
    { clientId, clientSecret }: OAuthClient,
  ) {
    super();
    const issuer = `${url}/login/oauth`;
    const endpoints = { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/access_token` };
    this.configured = new Configuration({ issuer, ...endpoints }, clientId, clientSecret);
    this.configured.timeout = TIMEOUT_SECONDS;
    extensionsFor(url).forEach((extend) => extend(this.configured));
  }

  protected configuration(): Promise<Configuration> {
    return Promise.resolve(this.configured);
  }

  protected async identityOf({ access_token: token }: Tokens): Promise<SocialIdentity> {
    const [{ id, login, name }, emails] = await Promise.all([
      this.ask<GithubUser>(token, '/user'),
      this.ask<readonly GithubEmail[]>(token, '/user/emails'),
    ]);
    const proven = emails.find(({ primary, verified }) => primary && verified);
    return { subject: String(id), email: emailIn(proven?.email), name: name ?? login };
  }

  private async ask<T>(token: string, path: string): Promise<T> {
    const headers = new Headers({ accept: 'application/vnd.github+json' });
    const url = new URL(`${this.apiUrl}${path}`);
    const response = await fetchProtectedResource(this.configured, token, url, 'GET', undefined, headers);
    if (!response.ok) {
      throw new Error(`${path} was answered ${response.status}`);
    }
    return (await response.json()) as T;
  }
}
