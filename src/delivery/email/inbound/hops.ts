/** Over it, a mail goes round in circles. */
export const MAX_HOPS = 50;

const RECEIVED = /^received[ \t]*:/gim;

/** Through how many servers a mail came. */
export function hopsOf(raw: Buffer): number {
  const [headers = ''] = raw.toString('latin1', 0, 512 * 1024).split(/\r?\n\r?\n/, 1);
  return headers.match(RECEIVED)?.length ?? 0;
}
