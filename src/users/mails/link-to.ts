import type { Config } from '../../config.js';

/**
 * A link into the pages of whoever runs this. Its token stands behind `#`, which no browser sends: so it is in no log and no
 * Referer, and what opens links in mails to look at them uses nothing up.
 */
export function linkTo({ publicUrl, port }: Pick<Config, 'publicUrl' | 'port'>, page: string, token: string): string {
  return `${siteOf({ publicUrl, port })}/${page}#token=${token}`;
}

/** What callers see in front of this server's paths, where there is no caller to ask. */
export function siteOf({ publicUrl, port }: Pick<Config, 'publicUrl' | 'port'>): string {
  return publicUrl ?? `http://localhost:${port}`;
}
