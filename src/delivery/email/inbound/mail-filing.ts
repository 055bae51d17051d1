import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ChannelsService } from '../../../channels/channels.service.js';
import { MembersService } from '../../../channels/members.service.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { FilesService, type FileRow } from '../../../files/files.service.js';
import { MessagesService } from '../../../messages/messages.service.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { composeMessage } from '../../media/compose-message.js';
import { EmailAccountsService } from '../accounts/email-accounts.service.js';
import { EmailMessagesRepository, hashOf, type NewEmailMessage } from '../messages/email-messages.repository.js';
import { MailFiles } from '../messages/mail-files.js';
import type { Mailbox } from '../reading/mailbox.js';
import type { ReadMail } from '../reading/read-mail.js';
import { chooseThread, type Thread } from '../threads/choose-thread.js';
import { MailAddresses } from '../threads/mail-addresses.js';
import { Bounces } from './bounces.js';
import { BulkMails } from './bulk-mails.js';
import { InboundEmailsRepository, type DueMail } from './inbound-emails.repository.js';
import { OwnMails } from './own-mails.js';

/** The rest stays in the mail as it came. */
const MAX_FILES = 50;
/** Where what it belongs to is erased or merged at this moment. */
const MAX_TRIES = 3;
const NO_TEXT = '(no text)';
const PROBLEM = 'This mail could not be read. It is attached as it came.';

/** It was there already, so nothing of it is made. */
class Duplicate extends Error {}

/** Makes of a mail that was read the message it is, in the conversation it belongs to. */
@Injectable()
export class MailFiling {
  constructor(
    private readonly accounts: EmailAccountsService,
    private readonly customers: CustomersService,
    private readonly channels: ChannelsService,
    private readonly members: MembersService,
    private readonly messages: MessagesService,
    private readonly files: FilesService,
    private readonly mailFiles: MailFiles,
    private readonly mails: EmailMessagesRepository,
    private readonly inbound: InboundEmailsRepository,
    private readonly bounces: Bounces,
    private readonly bulk: BulkMails,
    private readonly ownMails: OwnMails,
    private readonly addresses: MailAddresses,
    private readonly database: Database,
  ) {}

  /** @returns why it can be nobody's message; null: it is one, or is ours, or was there, or says what is to become of ours */
  async file(tenant: Tenant, due: DueMail, raw: Buffer, mail: ReadMail): Promise<string | null> {
    if (
      (await this.bounces.note(tenant, due, mail)) ||
      (!mail.bounce && (await this.bulk.unsubscribed(tenant, due, mail)))
    ) {
      await this.inbound.remove(tenant, due.id);
      return null;
    }
    const { from } = mail;
    if (!from) {
      return 'It names no sender';
    }
    const messageIdSha256 = hashOf(mail.messageId ?? raw);
    const own = await this.accounts.list(tenant);
    const isOurs = own.some(({ email }) => email === from.address.toLowerCase());
    const isKnown = await this.mails.isKnown(tenant, due.accountId, messageIdSha256, isOurs);
    if (isKnown || (isOurs && (await this.isBack(tenant, mail)))) {
      await this.inbound.remove(tenant, due.id);
      return null;
    }
    const kept = await this.keep(tenant, mail);
    try {
      const filed = { mail, from, messageIdSha256, kept };
      await (isOurs ? this.makeOwn(tenant, due, filed) : this.makeWhereItIsNow(tenant, due, filed));
    } catch (error) {
      if (!(error instanceof Duplicate)) {
        throw error;
      }
      await this.inbound.remove(tenant, due.id);
    }
    return null;
  }

  /** Whether it went out from here, and comes round. */
  private async isBack({ clientId }: Tenant, { loopMark }: ReadMail): Promise<boolean> {
    return loopMark !== null && (await this.addresses.tokens()).isLoopMark(clientId, loopMark);
  }

  private async makeOwn(tenant: Tenant, due: DueMail, filed: Filed): Promise<void> {
    const { token, followed } = await this.threadsOf(tenant, due, filed.mail);
    const channelId = (token ?? followed[0]?.thread)?.channelId;
    if (channelId !== undefined) {
      const said = { id: due.id, channelId, senderId: due.accountId, ...wordsOf(due, filed) };
      const mail = { ...rowOf(due, filed), channelId, direction: 'outbound' } as const;
      await this.ownMails.file(tenant, said, mail, () => this.files.attach(tenant, [due.fileId], channelId));
    }
    await this.inbound.remove(tenant, due.id);
  }

  /** Those that a mail may belong to. */
  private async threadsOf(tenant: Tenant, due: DueMail, mail: ReadMail) {
    const [token, followed] = await Promise.all([
      this.threadByToken(tenant, due, mail),
      this.mails.findFollowed(tenant, mail.follows, due.accountId),
    ]);
    return { token, followed };
  }

  /** Whoever wrote it, or its conversation, may be part of another as soon as it is found: then it belongs there. */
  private async makeWhereItIsNow(tenant: Tenant, due: DueMail, filed: Filed): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.make(tenant, due, filed);
      } catch (error) {
        if (tries === MAX_TRIES || !(error instanceof Refusal)) {
          throw error;
        }
      }
    }
  }

  private async make(tenant: Tenant, due: DueMail, filed: Filed): Promise<void> {
    const { mail, from } = filed;
    const { accountId, fileId } = due;
    const { subject, automatic } = mail;
    const { token, followed } = await this.threadsOf(tenant, due, mail);
    const choice = chooseThread({ from: from.address, subject, automatic }, token, followed);
    // Before the transaction: whoever is made there locks counters, which come before all that a message locks.
    const email = from.address.toLowerCase();
    const { row: person } = await this.customers.create(tenant, { name: from.name || email, email });
    const channelId = choice.kind === 'continues' ? choice.channelId : uuidv7();
    const said = { id: due.id, channelId, senderId: person.id, ...wordsOf(due, filed) };
    const prepared = await this.messages.prepare(tenant, said, null);
    await this.database.transaction(tenant, async () => {
      if (choice.kind === 'begins') {
        const customerIds = [accountId, person.id];
        const channel = {
          type: 'custom',
          name: subject || email,
          customerIds,
          id: channelId,
          isShared: false,
        } as const;
        await this.channels.create(tenant, channel);
        await this.mails.beginThread(tenant, channelId, subject, choice.relatedId);
      } else if (choice.joins) {
        await this.members.change(tenant, channelId, { add: [person.id], remove: [] });
      }
      if (!(await this.mails.insert(tenant, { ...rowOf(due, filed), channelId }))) {
        throw new Duplicate();
      }
      await this.messages.write(tenant, prepared);
      await this.bulk.answered(tenant, due, mail, person.id, choice.kind === 'begins' ? channelId : null);
      await this.files.attach(tenant, [fileId], channelId);
      await this.inbound.remove(tenant, due.id);
    });
  }

  private async threadByToken(tenant: Tenant, due: DueMail, { to, cc, deliveredTo }: ReadMail): Promise<Thread | null> {
    const addresses = [...due.envelopeTo, ...deliveredTo, ...[...to, ...cc].map(({ address }) => address)];
    const number = (await this.addresses.tokens()).conversationIn(tenant.clientId, addresses);
    return number === null ? null : this.mails.findThread(tenant, number, due.accountId);
  }

  private async keep(tenant: Tenant, { attachments }: ReadMail): Promise<KeptFile[]> {
    const kept: KeptFile[] = [];
    for (const { name, mimeType, contentId, bytes } of attachments.slice(0, MAX_FILES)) {
      if (bytes.length > 0) {
        kept.push({ ...(await this.mailFiles.keep(tenant, bytes, { mimeType, name })), contentId });
      }
    }
    return kept;
  }
}

type KeptFile = FileRow & { readonly contentId: string | null };

interface Filed {
  readonly mail: ReadMail;
  readonly from: Mailbox;
  readonly messageIdSha256: Buffer;
  readonly kept: readonly KeptFile[];
}

function wordsOf({ fileId }: DueMail, { mail, kept }: Filed): ReturnType<typeof composeMessage> {
  const words = mail.problem === null ? mail.content || (kept.length > 0 ? '' : mail.subject || NO_TEXT) : PROBLEM;
  return composeMessage(words, mail.problem === null ? kept : [...kept, { id: fileId, mimeType: 'message/rfc822' }]);
}

function rowOf(due: DueMail, { mail, from, messageIdSha256, kept }: Filed): Omit<NewEmailMessage, 'channelId'> {
  const { messageId, follows, replyTo, to, cc, subject, text, html, automatic, problem } = mail;
  return {
    ...{ id: due.id, accountId: due.accountId, direction: 'inbound', messageId, messageIdSha256 },
    ...{ follows: [...follows], from, replyTo, to, cc, bcc: [], subject, text, html, automatic, problem },
    isMarked: mail.loopMark !== null,
    rawFileId: due.fileId,
    files: kept.map(({ id: fileId, contentId }) => ({ fileId, contentId })),
  };
}
