import { createECDH } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InvalidInput, notFound } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { ProviderCredentials } from './provider-credentials.js';
import type { Provider } from './device.entity.js';
import { PushCredentialsRepository, type CredentialRow } from './push-credentials.repository.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';

/** The clients' credentials at providers of push notifications. They are never shown again. */
@Injectable()
export class PushCredentialsService {
  constructor(
    private readonly credentials: PushCredentialsRepository,
    private readonly box: SecretBox,
  ) {}

  /** In the place of those there were. @throws Refusal 503 where this installation keeps no secrets */
  async keep<P extends Provider>(
    tenant: Tenant,
    provider: P,
    credentials: ProviderCredentials[P],
  ): Promise<CredentialRow> {
    return this.credentials.keep(tenant, provider, await this.box.seal(contextOf(tenant, provider), credentials));
  }

  /** @throws InvalidInput where the two keys are no pair, or Refusal 503 */
  keepWebPush(tenant: Tenant, credentials: ProviderCredentials['webpush']): Promise<CredentialRow> {
    if (!arePair(credentials)) {
      throw new InvalidInput({ private_key: ['The private_key field does not belong to the public_key.'] });
    }
    return this.keep(tenant, 'webpush', credentials);
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, provider: Provider): Promise<CredentialRow> {
    const row = await this.credentials.find(tenant, provider);
    if (!row) {
      throw notFound('push_credential');
    }
    return row;
  }

  /** Pushes that wait are not sent any more. @throws Refusal 404 */
  async remove(tenant: Tenant, provider: Provider): Promise<void> {
    if (!(await this.credentials.remove(tenant, provider))) {
      throw notFound('push_credential');
    }
  }
}

/** The context that sealed credentials are bound to. */
export function contextOf({ clientId }: Pick<Tenant, 'clientId'>, provider: Provider): string {
  return `push credentials of ${clientId} for ${provider}`;
}

function arePair({ publicKey, privateKey }: ProviderCredentials['webpush']): boolean {
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(privateKey, 'base64url');
    return curve.getPublicKey().equals(Buffer.from(publicKey, 'base64url'));
  } catch {
    return false;
  }
}
