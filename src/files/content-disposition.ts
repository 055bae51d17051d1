/**
 * Says that a file is to be saved, and as what (RFC 6266): never shown by the browser as a page of ours, but where it is of a
 * kind that runs nothing.
 */
export function contentDisposition(name: string | null, how: 'attachment' | 'inline' = 'attachment'): string {
  if (name === null) {
    return how;
  }
  const safe = name.replace(/[/\\\p{Cc}\p{Cf}]/gu, '_');
  const plain = `${how}; filename="${safe.replace(/[^\x20-\x7e]|["%]/g, '_')}"`;
  if (plain.includes(`"${safe}"`)) {
    return plain;
  }
  // The plain form is for those that can't read the other.
  const encoded = encodeURIComponent(safe).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${plain}; filename*=UTF-8''${encoded}`;
}
