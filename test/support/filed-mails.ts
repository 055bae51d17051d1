import type { TestClient } from './given.js';
import { sql } from './sql.js';

export type Filed = {
  readonly channelId: string;
  readonly content: string;
  readonly subject: string;
  readonly status: string;
  readonly related: string | null;
  readonly automatic: string;
  readonly problem: string | null;
  readonly html: string | null;
  readonly sender: string | null;
  readonly files: { readonly fileId: string; readonly contentId: string | null }[];
};

/** What is there of the client's mails, in their order. */
export function filedOf(client: TestClient): Promise<Filed[]> {
  return sql<Filed>(
    `SELECT mail.channel_id AS "channelId", message.content, thread.subject, thread.status, thread.related_id AS related,
            mail.automatic, mail.problem, mail.html, mail.attachments AS files, sender.email AS sender
     FROM email_messages mail
     JOIN messages message ON message.client_id = mail.client_id AND message.id = mail.id
     JOIN conversations thread ON thread.client_id = mail.client_id AND thread.channel_id = mail.channel_id
     JOIN customers sender ON sender.client_id = mail.client_id AND sender.id = message.sender_id
     WHERE mail.client_id = $1 ORDER BY mail.created_at, mail.id`,
    client.uuid,
  );
}
