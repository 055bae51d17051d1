import webPush from 'web-push';
import type { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { OutboundClient, Post } from '../../../platform/common/outbound/outbound-client.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { ProviderCredentials } from '../provider-credentials.js';
import { outcomeOf, type AttemptOutcome } from '../attempt-outcome.js';
import { given, subjectOf } from '../payload.js';
import { secondsUntil, type OutgoingPush, type Sender } from './sender.js';

const NEVER = new AbortController().signal;

type Encrypted = Pick<Post, 'headers' | 'body'>;

/** The push service that a browser named: an address that a stranger chose, so it is bound by the outbound policy. */
export class WebPushSender implements Sender {
  constructor(
    private readonly credentials: ProviderCredentials['webpush'],
    private readonly outbound: OutboundClient,
    private readonly policy: OutboundPolicy,
  ) {}

  async send(tenant: Tenant, { device, payload, expiresAt }: OutgoingPush): Promise<AttemptOutcome> {
    const { title, text, sound, category, data, badge } = payload;
    const notification = given<unknown>({ title, text, sound, category, data, badge });
    const body = JSON.stringify({ ...notification, ...subjectOf(payload) });
    const rules = this.policy.rulesFor(tenant);
    const post = { url: device.token, rules, ...this.encrypt(device, body, expiresAt) };
    const outcome = await this.outbound.post(post, NEVER);
    const { status, retryAfterMs: retryAfter, error } = outcome;
    return outcomeOf({ status, retryAfterMs: retryAfter, why: error ?? '' }, status === 404 || status === 410);
  }

  close(): void {}

  private encrypt({ token, keys }: OutgoingPush['device'], body: string, expiresAt: Date): Encrypted {
    const details = webPush.generateRequestDetails({ endpoint: token, keys: keys! }, body, {
      vapidDetails: this.credentials,
      TTL: secondsUntil(expiresAt),
      urgency: 'high',
    });
    const headers = Object.entries(details.headers).map(
      ([name, value]) => [name.toLowerCase(), String(value)] as const,
    );
    return { body: details.body, headers: { ...Object.fromEntries(headers), 'user-agent': 'Parlance' } };
  }
}
