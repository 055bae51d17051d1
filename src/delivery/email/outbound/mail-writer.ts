import { Injectable } from '@nestjs/common';
import { FilesService } from '../../../files/files.service.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { FilePart } from '../../media/media.repository.js';
import type { AccountSecret } from '../accounts/account-secrets.js';
import type { OutgoingMail } from '../composing/compose-mail.js';
import { MailFiles } from '../messages/mail-files.js';
import { MailAddresses } from '../threads/mail-addresses.js';
import type { QueuedMail } from './email-deliveries.repository.js';

/** Of all files of a mail; encoded they take a third more. */
const MAX_FILE_BYTES = 25 * 1024 * 1024;

/** No server takes it. */
export class TooLarge extends Error {}

/** Makes of what is stored of a mail all that it says, the same each time. */
@Injectable()
export class MailWriter {
  constructor(
    private readonly files: FilesService,
    private readonly mailFiles: MailFiles,
    private readonly addresses: MailAddresses,
  ) {}

  /** @throws TooLarge, or Refusal 503 where its files can't be had now */
  async write(tenant: Tenant, id: string, mail: QueuedMail, secret: AccountSecret): Promise<OutgoingMail> {
    const { messageId, from, to, cc, bcc, subject, text, html, createdAt, follows, inboundName } = mail;
    const inbound = this.addresses.inboundOf(inboundName);
    const tokens = await this.addresses.tokens();
    return {
      ...{ messageId, from, to, cc, bcc, subject, text, html, date: createdAt },
      inReplyTo: follows[0] ?? null,
      references: [...follows].reverse(),
      replyTo: inbound && tokens.conversationAddress(tenant.clientId, inbound, mail.conversationNumber),
      bounceTo: inbound && tokens.bounceAddress(tenant.clientId, inbound, id),
      attachments: await this.attachmentsOf(tenant, mail.files),
      automatic: mail.automatic === 'replied' || mail.automatic === 'generated' ? mail.automatic : null,
      loopMark: tokens.loopMark(tenant.clientId),
      dkim: dkimOf(mail, secret),
    };
  }

  private async attachmentsOf(tenant: Tenant, parts: readonly FilePart[]): Promise<OutgoingMail['attachments']> {
    if (parts.reduce((sum, { size }) => sum + size, 0) > MAX_FILE_BYTES) {
      throw new TooLarge('The files of a mail have at most 25 MB');
    }
    const attachments: OutgoingMail['attachments'][number][] = [];
    for (const { fileId, mimeType } of parts) {
      const [file, bytes] = [await this.files.find(tenant, fileId, null), await this.mailFiles.read(tenant, fileId)];
      // What was deleted since is no longer said.
      if (file && bytes) {
        attachments.push({ name: file.name ?? 'file', mimeType, bytes });
      }
    }
    return attachments;
  }
}

function dkimOf(
  { dkimDomain, dkimSelector }: QueuedMail,
  { dkimPrivateKey }: AccountSecret,
): { domain: string; selector: string; privateKey: string } | null {
  return dkimDomain !== null && dkimSelector !== null && dkimPrivateKey !== null
    ? { domain: dkimDomain, selector: dkimSelector, privateKey: dkimPrivateKey }
    : null;
}
