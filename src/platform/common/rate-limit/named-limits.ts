/** What some routes are limited by besides, a minute, of each user, key or session. */
export const NAMED_LIMITS = [
  'import_export',
  'live_chat',
  'kb_scrape',
  'ai_reply',
  'ai_sentiment',
  'campaign_send',
] as const;
export type NamedLimit = (typeof NAMED_LIMITS)[number];

/** What a client may have a number of its own of; `api` is every request of a user. */
export const RATE_NAMES = ['api', ...NAMED_LIMITS] as const;
export type RateName = (typeof RATE_NAMES)[number];

/** What strangers ask without saying who they are, of each address; and over how many seconds that is counted. */
export const ADDRESS_LIMITS = { tracking: 1, unsubscribe: 60 } as const;
export type AddressLimit = keyof typeof ADDRESS_LIMITS;
export type AddressLimits = Readonly<Partial<Record<AddressLimit, number | false>>>;

/** Requests a minute; false, or absent: as many as the caller may make at all. */
export type NamedLimits = Readonly<Partial<Record<NamedLimit, number | false>>>;
