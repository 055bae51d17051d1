import { JWT } from 'google-auth-library';
import { now } from '../../../platform/common/clock.js';
import { readRetryAfter } from '../../../platform/common/outbound/retry-after.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { ProviderCredentials } from '../provider-credentials.js';
import { outcomeOf, type ProviderResponse, type AttemptOutcome } from '../attempt-outcome.js';
import { alertOf, given, subjectOf, type Payload } from '../payload.js';
import type { PushSettings } from '../../../config.js';
import { apsOf } from './aps.js';
import { secondsUntil, TIMEOUT_MS, type OutgoingPush, type Sender } from './sender.js';

const FCM = 'https://fcm.googleapis.com';
const TOKENS = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';

/** The part of Google's errors that is read. */
interface GoogleError {
  readonly error?: {
    readonly status?: string;
    readonly message?: string;
    readonly details?: ReadonlyArray<{ readonly errorCode?: string }>;
  };
}

/** Firebase Cloud Messaging, HTTP v1. The library keeps the token that a service account gets, and renews it. */
export class FcmSender implements Sender {
  private readonly account: JWT;
  private readonly url: string;

  constructor(
    { projectId, clientEmail, privateKey }: ProviderCredentials['fcm'],
    { fcmUrl = FCM, fcmTokenUrl = TOKENS }: Pick<PushSettings, 'fcmUrl' | 'fcmTokenUrl'>,
  ) {
    this.url = `${fcmUrl}/v1/projects/${encodeURIComponent(projectId)}/messages:send`;
    this.account = new JWT({
      ...{ email: clientEmail, key: privateKey, scopes: [SCOPE] },
      // The library knows one address only.
      transporterOptions: {
        fetchImplementation: (_, init) =>
          fetch(fcmTokenUrl, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }),
      },
    });
  }

  async send(_: Tenant, push: OutgoingPush): Promise<AttemptOutcome> {
    const token = await this.token();
    if (typeof token !== 'string') {
      return outcomeOf(token, false);
    }
    const { answer, code } = await this.post(token, push);
    return outcomeOf(answer, answer.status === 404 || code === 'UNREGISTERED');
  }

  close(): void {}

  /** Or why there is none. */
  private async token(): Promise<string | ProviderResponse> {
    try {
      return (await this.account.getAccessToken()).token!;
    } catch (error) {
      const { message, response } = error as { message: string; response?: { status?: number } };
      return { status: response?.status ?? null, retryAfterMs: null, why: `no access token: ${message}` };
    }
  }

  private async post(
    token: string,
    { device, payload, expiresAt }: OutgoingPush,
  ): Promise<{ readonly answer: ProviderResponse; readonly code: string | undefined }> {
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ message: messageOf(device.token, payload, expiresAt) }),
      });
      const retryAfter = readRetryAfter(response.headers.get('retry-after') ?? undefined, now());
      const { error } = (await response.json().catch(() => ({}))) as GoogleError;
      const code = error?.details?.find(({ errorCode }) => errorCode !== undefined)?.errorCode;
      return { answer: { status: response.status, retryAfterMs: retryAfter, why: code ?? error?.status ?? '' }, code };
    } catch (error) {
      return { answer: { status: null, retryAfterMs: null, why: (error as Error).message }, code: undefined };
    }
  }
}

function messageOf(token: string, payload: Payload, expiresAt: Date): object {
  const { sound, category, data, badge } = payload;
  // Google takes texts only.
  const texts = Object.entries(data ?? {}).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  return {
    token,
    ...given({ notification: alertOf(payload) }),
    data: { ...Object.fromEntries(texts), ...subjectOf(payload) },
    android: {
      priority: 'HIGH',
      ttl: `${secondsUntil(expiresAt)}s`,
      notification: given<unknown>({ notification_count: badge, sound, click_action: category }),
    },
    apns: { payload: { aps: apsOf(payload) } },
  };
}
