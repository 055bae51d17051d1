import { accepted, type Reply } from './given.js';
import { sql } from './sql.js';

/** A file that is sent. */
export interface SentFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * Says something with files through the core API, where somebody was written to already: live workspaces fetch from public
 * addresses only.
 */
export function sendsFiles(
  core: (method: string, path: string, body?: unknown) => Promise<Reply>,
  clientId: string,
  reach: (url: string) => string,
) {
  return async (files: readonly SentFile[], words?: string): Promise<string> => {
    const [thread] = await sql<{ channel_id: string; address_id: string }>(
      `SELECT channel_id, address_id FROM conversations WHERE client_id = $1`,
      clientId,
    );
    const fileParts = await Promise.all(
      files.map(async ({ type: mime_type, bytes }) => {
        const made = accepted(await core('POST', '/files', { mime_type, size: bytes.length })).body;
        const put = await fetch(reach(String(made.upload_url)), { method: 'PUT', body: new Uint8Array(bytes) });
        if (!put.ok) {
          throw new Error(`${put.status}: ${await put.text()}`);
        }
        return { mime_type, file_uuid: String(made.id) };
      }),
    );
    const parts = [...(words === undefined ? [] : [{ mime_type: 'text/plain', body: words }]), ...fileParts];
    const message = { channel_uuid: thread!.channel_id, sender_uuid: thread!.address_id, parts };
    return String(accepted(await core('POST', '/messages', message)).body.id);
  };
}
