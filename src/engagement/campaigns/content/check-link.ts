/** What stands for a placeholder while a link is looked at. */
const PLACE = '\0';
const PLACEHOLDER = /\{\{.*?\}\}/gs;
const PARTS = /^https?:\/\/([^/?#]+)([^#]*)(#.*)?$/is;

/**
 * What is wrong with a link, in the words of a field; null where nothing is. Whom a link leads to is never a contact's to say:
 * placeholders stand behind the host, where they are encoded.
 * @param url a template, as one without a fault
 */
export function faultOfLink(url: string): string | null {
  const bare = url.replace(PLACEHOLDER, PLACE);
  const [, host, , fragment = ''] = PARTS.exec(bare) ?? [];
  if (host === undefined || !URL.canParse(bare.replaceAll(PLACE, 'x'))) {
    return 'has a link that is no address of the web, http:// or https://:';
  }

  if (/[\0-\x20\\@]/.test(host) || fragment.includes(PLACE)) {
    return 'has a link with a placeholder elsewhere than in path or query:';
  }
  return null;
}
