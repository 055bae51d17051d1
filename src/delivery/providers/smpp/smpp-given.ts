import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import type { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { ProviderSettings } from '../provider.js';

/** A name, or an address. */
const HOST =
  /^([A-Za-z\d]([A-Za-z\d-]*[A-Za-z\d])?(\.[A-Za-z\d]([A-Za-z\d-]*[A-Za-z\d])?)*|[\dA-Fa-f:.]*:[\dA-Fa-f:.]*)$/;
/** What fits into the fields of a bind. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/** Where an SMPP server of a client may be. @throws InvalidInput */
export async function settingsOfSmpp(
  tenant: Tenant,
  settings: ProviderSettings,
  policy: OutboundPolicy,
): Promise<{ readonly settings: ProviderSettings; readonly made: null }> {
  for (const name of ['systemId', 'password', 'systemType']) {
    if (settings[name] !== undefined && !PRINTABLE.test(String(settings[name]))) {
      throw new InvalidInput({ [name]: [`The ${name} field must be printable ASCII, without spaces.`] });
    }
  }
  const host = String(settings.host);
  const url = `https://${host.includes(':') ? `[${host}]` : host}/`;
  if (!HOST.test(host) || !URL.canParse(url)) {
    throw new InvalidInput({ host: ['The host field must be a host name, or an address.'] });
  }
  await policy.check(tenant, url, 'host');
  return { settings, made: null };
}
