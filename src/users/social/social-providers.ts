import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { notFound } from '../../platform/common/errors/refusal.js';
import { GithubProvider } from './github-provider.js';
import type { OAuthProvider } from './oauth-provider.js';
import { OpenIdProvider } from './openid-provider.js';

/** The providers that the operator has an account with. */
@Injectable()
export class SocialProviders {
  private readonly providers = new Map<string, OAuthProvider>();

  constructor(@Inject(Config) { social }: Pick<Config, 'social'>) {
    const { google, microsoft, github } = social;
    if (google) {
      this.providers.set('google', new OpenIdProvider(social.googleIssuer, google));
    }
    if (microsoft) {
      this.providers.set('microsoft', new OpenIdProvider(social.microsoftIssuer, microsoft));
    }
    if (github) {
      this.providers.set('github', new GithubProvider(social.githubUrl, social.githubApiUrl, github));
    }
  }

  names(): readonly string[] {
    return [...this.providers.keys()];
  }

  /** @throws Refusal 404 */
  get(name: string): OAuthProvider {
    const provider = this.providers.get(name);
    if (!provider) {
      throw notFound('social_provider');
    }
    return provider;
  }
}
