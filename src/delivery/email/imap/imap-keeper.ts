import { Injectable } from '@nestjs/common';
import { Keeper } from '../../../notify/worker/keeper.js';
import { Replicas } from '../../../platform/cluster/replicas.js';
import { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import { AccountSecrets } from '../accounts/account-secrets.js';
import { InboundEmailsService } from '../inbound/inbound-emails.service.js';
import { ImapMailboxesRepository, type HeldMailbox } from './imap-mailboxes.repository.js';
import { ImapProblem } from './imap-problem.js';
import { ImapReader, wordsFor } from './imap-reader.js';
import type { ImapSession } from './imap-session.js';
import { ImapSlots } from './imap-slots.js';

/** Taken at once, so that several processes that start together share them. */
const MAX_MORE = 10;
/** Each is a connection of its own. */
const MAX_MAILBOXES = 500;

/** Reads the mailboxes that this process holds, each by one connection. */
@Injectable()
export class ImapKeeper extends Keeper<HeldMailbox, ImapReader> {
  private readonly slots = new ImapSlots();

  constructor(
    private readonly rows: ImapMailboxesRepository,
    replicas: Replicas,
    private readonly secrets: AccountSecrets,
    private readonly mails: InboundEmailsService,
    private readonly policy: OutboundPolicy,
  ) {
    super(replicas, 'IMAP', 'Mailboxes can not be read');
  }

  protected override hold(): Promise<HeldMailbox[]> {
    return this.rows.hold(this.replicas.id, MAX_MORE, MAX_MAILBOXES);
  }

  protected override open(mailbox: HeldMailbox): Promise<ImapReader> {
    return Promise.resolve(this.readerOf(mailbox));
  }

  protected override close(reader: ImapReader): Promise<void> {
    return reader.stop();
  }

  private readerOf(mailbox: HeldMailbox): ImapReader {
    const { rows, mails } = this;
    const { id, clientId, livemode } = mailbox;
    const tenant = { clientId, livemode };
    const account = { ...tenant, id };
    const replicaId = this.replicas.id;
    return new ImapReader({
      open: (signal) => this.openSession(mailbox, signal),
      findPosition: () => rows.findPosition(tenant, id, replicaId),
      move: (was, is) => rows.move(tenant, id, replicaId, was, is),
      accept: (mail, alongside) => mails.accept(account, mail, alongside),
      refuse: (why, alongside) => mails.refuse(account, why, alongside),
      inSlot: (signal, work) => this.slots.run(clientId, signal, work),
      works: () => rows.noteWorks(tenant, id, replicaId),
      problem: (error) => this.note(mailbox, error),
    });
  }

  /** What speaks IMAP is read when somebody first has such a mailbox. */
  private async openSession(mailbox: HeldMailbox, signal: AbortSignal): Promise<ImapSession> {
    const { id, secret, livemode, clientId } = mailbox;
    const { imapPassword } = await this.secrets.open(mailbox, id, secret).catch(() => {
      throw new ImapProblem('Its settings can not be read: they have to be set again');
    });
    const { ImapSession } = await import('./imap-session.js');
    const server = { ...mailbox, password: imapPassword ?? '' };
    return ImapSession.open(server, this.policy.rulesFor({ clientId, livemode }), this.policy.resolve, signal);
  }

  private note(mailbox: HeldMailbox, error: Error): void {
    const words = wordsFor(error);
    if (words === null) {
      this.outages.began(error);
      return;
    }
    this.logger.warn(`The mailbox of account ${mailbox.id} can not be read: ${words}`);
    this.rows
      .noteError(mailbox, mailbox, this.replicas.id, words)
      .catch((failure: unknown) => this.outages.began(failure));
  }
}
