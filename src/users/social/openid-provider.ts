import { discovery, enableNonRepudiationChecks, type Configuration } from 'openid-client';
import type { OAuthClient } from '../../config.js';
import { emailIn } from '../../platform/common/fields/fields.js';
import { extensionsFor, OAuthProvider, TIMEOUT_SECONDS, type SocialIdentity, type Tokens } from './oauth-provider.js';

/** Microsoft's word for it is `xms_edov`, which comes in several types. */
const YES: readonly unknown[] = [true, 'true', 1, '1'];

/** A provider of OpenID Connect, found by its issuer. */
export class OpenIdProvider extends OAuthProvider {
  protected readonly scope = 'openid email profile';
  protected readonly speaksOpenId = true;
  private discovered: Promise<Configuration> | undefined;

  constructor(
    private readonly issuer: string,
    private readonly client: OAuthClient,
  ) {
    super();
  }

  /** What the provider says of itself, asked for once. */
  protected configuration(): Promise<Configuration> {
    this.discovered ??= this.discover().catch((error: unknown) => {
      this.discovered = undefined;
      throw error;
    });
    return this.discovered;
  }

  protected identityOf(tokens: Tokens): Promise<SocialIdentity> {
    const { sub, email, email_verified: isVerified, xms_edov: isOfDomain, name } = tokens.claims()!;
    return Promise.resolve({
      subject: sub,
      email: YES.includes(isVerified ?? isOfDomain) ? emailIn(email) : null,
      name: typeof name === 'string' ? name : null,
    });
  }

  private discover(): Promise<Configuration> {
    const { clientId, clientSecret } = this.client;
    return discovery(new URL(this.issuer), clientId, clientSecret, undefined, {
      timeout: TIMEOUT_SECONDS,
      execute: [enableNonRepudiationChecks, ...extensionsFor(this.issuer)],
    });
  }
}
