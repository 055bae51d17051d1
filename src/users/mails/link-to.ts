import type { Config } from '../../config.js';

/**
 * A link into the pages of whoever runs this. Its token stands behind `#`, which no browser sends: so it is in no log and no
 * Referer, and what opens links in mails to look at them uses nothing up.
 */
export function linkTo({ publicUrl, port }: Pick<Config, 'publicUrl' | 'port'>, page: string, token: string): string {
  return `${publicUrl ?? `http://localhost:${port}`}/${page}#token=${token}`;
}
