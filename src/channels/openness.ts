/** Part of the data of an event: says that a channel is an open one, for when no member is left to tell its kind by. */
export const openness = (channel: string): string =>
  `CASE WHEN ${channel}.is_open THEN '{"isOpen": true}' ELSE '{}' END::jsonb`;
