import { Webhook } from 'standardwebhooks';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import type { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { makeSecret } from '../../../notify/webhooks/signature.js';
import type { ProviderSettings } from '../provider.js';

/** Standard Webhooks: 24 to 64 random bytes, in base64. */
const SECRET = /^whsec_[A-Za-z\d+/]{32,86}={0,2}$/;

/**
 * Of a gateway of the client's own: an address that may be asked, and a secret, made where none is given.
 * @throws InvalidInput
 */
export async function settingsOfGateway(
  tenant: Tenant,
  { url, secret }: ProviderSettings,
  policy: OutboundPolicy,
): Promise<{ readonly settings: ProviderSettings; readonly made: string | null }> {
  await policy.check(tenant, String(url));
  if (secret !== undefined && !isSecret(String(secret))) {
    throw new InvalidInput({ secret: ['The secret field must be whsec_ and 24 to 64 bytes in base64.'] });
  }
  const made = secret === undefined ? makeSecret() : null;
  return { settings: { url: String(url), secret: made ?? String(secret) }, made };
}

function isSecret(text: string): boolean {
  try {
    // What looks like base64 need not be any.
    return SECRET.test(text) && Boolean(new Webhook(text));
  } catch {
    return false;
  }
}
