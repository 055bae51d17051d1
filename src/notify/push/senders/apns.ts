import apn from '@parse/node-apn';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { ProviderCredentials } from '../provider-credentials.js';
import { outcomeOf, type AttemptOutcome } from '../attempt-outcome.js';
import { subjectOf } from '../payload.js';
import type { PushSettings } from '../../../config.js';
import { apsOf } from './aps.js';
import { TIMEOUT_MS, type OutgoingPush, type Sender } from './sender.js';

/** Apple's reasons for an invalid token, beside 410. */
const GONE: ReadonlySet<string> = new Set(['BadDeviceToken', 'Unregistered']);
/** Our own token expired on the way; the library has made another. */
const EXPIRED = 'ExpiredProviderToken';

/** Apple's push service. The library keeps one HTTP/2 connection and renews its token before it expires. */
export class ApnsSender implements Sender {
  private readonly provider: apn.Provider;

  constructor(
    private readonly credentials: ProviderCredentials['apns'],
    { apnsUrl, apnsCa }: Pick<PushSettings, 'apnsUrl' | 'apnsCa'>,
  ) {
    const { key, keyId, teamId, production } = credentials;
    const at = apnsUrl === undefined ? null : new URL(apnsUrl);
    this.provider = new apn.Provider({
      token: { key, keyId, teamId },
      production,
      requestTimeout: TIMEOUT_MS,
      // Retries are ours.
      connectionRetryLimit: 0,
      ...(at ? { address: at.hostname, port: Number(at.port || 443) } : {}),
      ...(apnsCa === undefined ? {} : { ca: [apnsCa] }),
    });
  }

  async send(_: Tenant, { id, device, payload, expiresAt }: OutgoingPush): Promise<AttemptOutcome> {
    const notification = new apn.Notification({
      ...{ id, topic: device.bundleId ?? this.credentials.bundleId, pushType: 'alert', priority: 10 },
      expiry: Math.floor(expiresAt.getTime() / 1000),
      payload: { ...payload.data, ...subjectOf(payload) },
    });
    notification.aps = apsOf(payload);
    const { failed } = await this.provider.send(notification, device.token);
    const [failure] = failed;
    if (!failure) {
      return { kind: 'arrived' };
    }
    const reason = failure.response?.reason ?? failure.error?.message ?? '';
    const status = Number(failure.status) || null;
    return reason === EXPIRED
      ? { kind: 'later', retryAfter: null, why: reason }
      : outcomeOf({ status, retryAfterMs: null, why: reason }, status === 410 || GONE.has(reason));
  }

  close(): void {
    void this.provider.shutdown();
  }
}
