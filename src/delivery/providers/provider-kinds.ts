import type { ProviderKind } from './messaging-provider.entity.js';

/** What a kind of provider is set with. */
export interface KindOfProvider {
  /** Which workspaces may have it: what reaches phones is not for tests. */
  readonly isFor: 'test' | 'live' | 'all';
  /** Nothing else is taken. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Those of them that are sealed, and never shown. */
  readonly secrets: readonly string[];
  /** Those that say whose account it is: set again with the same, it is the same provider, under the same URLs. */
  readonly account: readonly string[];
  /** The secret whose last four characters are shown. */
  readonly last4Of: string | null;
  /** Bytes of all files of a message together; absent: it carries none. */
  readonly mediaBytes?: number;
  /** Whether numbers of it may be in messaging services, which speak for them. */
  readonly hasServices?: true;
  /** Whether it tells us anything at its callback URLs. */
  readonly callsBack: boolean;
}

/** Ten files of the largest size that one may have. */
const MAX_MEDIA_BYTES = 50 * 1024 * 1024;
const TWILIO_MEDIA_BYTES = 5 * 1024 * 1024;
/** It takes less than a megabyte. */
const TELNYX_MEDIA_BYTES = 999_999;

export const KINDS: Readonly<Record<ProviderKind, KindOfProvider>> = {
  simulator: {
    isFor: 'test',
    required: [],
    optional: [],
    secrets: [],
    account: [],
    last4Of: null,
    mediaBytes: MAX_MEDIA_BYTES,
    callsBack: false,
  },
  twilio: {
    isFor: 'live',
    required: ['accountSid', 'authToken'],
    optional: ['apiKeySid', 'apiKeySecret', 'messagingServiceSid', 'replies'],
    secrets: ['authToken', 'apiKeySecret'],
    account: ['accountSid'],
    last4Of: 'authToken',
    mediaBytes: TWILIO_MEDIA_BYTES,
    hasServices: true,
    callsBack: true,
  },
  telnyx: {
    isFor: 'live',
    required: ['apiKey', 'publicKey'],
    optional: ['messagingProfileId'],
    secrets: ['apiKey'],
    // Each account has a key of its own to sign with.
    account: ['publicKey'],
    last4Of: 'apiKey',
    mediaBytes: TELNYX_MEDIA_BYTES,
    callsBack: true,
  },
  http: {
    isFor: 'all',
    required: ['url'],
    optional: ['secret'],
    secrets: ['secret'],
    account: [],
    last4Of: 'secret',
    mediaBytes: MAX_MEDIA_BYTES,
    callsBack: true,
  },
  smpp: {
    isFor: 'all',
    required: ['host', 'port', 'systemId', 'password'],
    optional: ['tls', 'systemType', 'dlrIdFormat', 'longTexts', 'window', 'mps'],
    secrets: ['password'],
    account: ['host', 'port', 'systemId'],
    // It has eight characters: none of them is shown.
    last4Of: null,
    callsBack: false,
  },
};
