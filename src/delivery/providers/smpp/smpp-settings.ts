import type { ProviderSettings } from '../provider.js';

export const DLR_ID_FORMATS = ['same', 'hex', 'dec'] as const;
export const LONG_TEXTS = ['parts', 'payload'] as const;

/** How to reach an SMPP server, and what it expects. */
export interface SmppSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  /** How receipts write the id of a message, where not as the response to it did. */
  readonly dlrIdFormat: (typeof DLR_ID_FORMATS)[number];
  /** How a text goes that is too long for one message: cut by us, or whole, to be cut by the server. */
  readonly longTexts: (typeof LONG_TEXTS)[number];
  /** Messages that may be on their way at once. */
  readonly window: number;
  /** Messages a second; null where the server sets no limit. */
  readonly mps: number | null;
}

/** What nobody says. */
export const SMPP_DEFAULTS = {
  tls: false,
  systemType: '',
  dlrIdFormat: 'same',
  longTexts: 'parts',
  window: 10,
} as const;

/** Of a row. */
export function settingsOf(shown: ProviderSettings, secret: ProviderSettings): SmppSettings {
  return { ...SMPP_DEFAULTS, mps: null, ...shown, ...secret } as SmppSettings;
}
