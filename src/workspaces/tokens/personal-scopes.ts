/** What a personal token may hold: parts of the engagement API. */
export const PERSONAL_SCOPES = [
  ...(['contacts', 'conversations', 'campaigns', 'workflows', 'knowledge-base', 'ai'] as const),
  ...(['analytics', 'canned-responses', 'tags'] as const),
] as const;
