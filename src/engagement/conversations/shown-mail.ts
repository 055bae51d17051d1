import type { EmailFile } from '../../delivery/email/messages/email-message.entity.js';
import type { SignedMedia } from '../../delivery/media/media.service.js';

const INLINE = /(<img\b[^>]*?\ssrc=")cid:([^"]*)"/gi;

/** The HTML of a mail, whose images that came with it are loaded from where its files are. */
export function shownHtml(html: string, files: readonly EmailFile[], media: readonly SignedMedia[]): string {
  const urls = new Map(media.map(({ fileId, url }) => [fileId, url]));
  const byContentId = new Map(files.map(({ contentId, fileId }) => [contentId, urls.get(fileId)]));
  return html.replace(INLINE, (image, before: string, written: string) => {
    const url = byContentId.get(contentIdIn(written));
    return url === undefined ? image : `${before}${url.replaceAll('&', '&amp;')}"`;
  });
}

/** As an attribute has it, and by percents (RFC 2392). */
function contentIdIn(written: string): string {
  const id = written.replaceAll('&amp;', '&');
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
