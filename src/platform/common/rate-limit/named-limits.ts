/** What some routes are limited by besides, a minute, of each user, key or session. */
export const NAMED_LIMITS = ['import_export', 'live_chat', 'kb_scrape', 'ai_reply', 'ai_sentiment'] as const;
export type NamedLimit = (typeof NAMED_LIMITS)[number];

/** Requests a minute; false, or absent: as many as the caller may make at all. */
export type NamedLimits = Readonly<Partial<Record<NamedLimit, number | false>>>;
