/** Twilio takes no longer ones. */
const MAX_CHARACTERS = 20;
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'video/mp4': 'mp4',
  'video/3gpp': '3gp',
  'application/pdf': 'pdf',
  'text/vcard': 'vcf',
};

/** A name that a phone can show: ASCII, at most 20 characters, and its ending is that of what it is. */
export function shortName(name: string | null, type: string): string {
  const ending = `.${EXTENSIONS[type] ?? 'bin'}`;
  const stem = (name ?? '').replace(/\.[^.]*$/, '').replace(/[^\w -]/g, '_');
  return `${stem.slice(0, MAX_CHARACTERS - ending.length) || 'media'}${ending}`;
}
