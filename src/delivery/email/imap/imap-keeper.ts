import { isDeepStrictEqual } from 'node:util';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Sweep } from '../../../notify/worker/sweep.js';
import { Replicas } from '../../../platform/cluster/replicas.js';
import { OutageLog } from '../../../platform/common/outage-log.js';
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

interface Kept {
  readonly mailbox: HeldMailbox;
  readonly reader: ImapReader;
}

/** Reads the mailboxes that this process holds, each by one connection. It gives them up by dying. */
@Injectable()
export class ImapKeeper implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('IMAP');
  private readonly outages = new OutageLog(this.logger, 'Mailboxes can not be read');
  private readonly sweep = new Sweep(() => this.look());
  private readonly slots = new ImapSlots();
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly rows: ImapMailboxesRepository,
    private readonly replicas: Replicas,
    private readonly secrets: AccountSecrets,
    private readonly mails: InboundEmailsService,
    private readonly policy: OutboundPolicy,
  ) {}

  onApplicationBootstrap(): void {
    void this.replicas.registered.then(() => this.sweep.start());
  }

  onModuleDestroy(): void {
    void this.sweep.end();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await Promise.all([...this.kept.keys()].map((id) => this.end(id)));
  }

  private async look(): Promise<void> {
    try {
      const held = await this.rows.hold(this.replicas.id, MAX_MORE, MAX_MAILBOXES);
      const ids = new Set(held.map(({ id }) => id));
      await Promise.all([...this.kept.keys()].filter((id) => !ids.has(id)).map((id) => this.end(id)));
      for (const mailbox of held) {
        await this.keep(mailbox);
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  /** As it is set now. */
  private async keep(mailbox: HeldMailbox): Promise<void> {
    const { id } = mailbox;
    const kept = this.kept.get(id);
    if (kept && isDeepStrictEqual(kept.mailbox, mailbox)) {
      return;
    }
    await this.end(id);
    this.kept.set(id, { mailbox, reader: this.readerOf(mailbox) });
  }

  private async end(id: string): Promise<void> {
    const kept = this.kept.get(id);
    this.kept.delete(id);
    await kept?.reader.stop();
  }

  private readerOf(mailbox: HeldMailbox): ImapReader {
    const { rows, mails } = this;
    const { id, clientId, livemode } = mailbox;
    const tenant = { clientId, livemode };
    const account = { ...tenant, id };
    const replicaId = this.replicas.id;
    return new ImapReader({
      open: (signal) => this.open(mailbox, signal),
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
  private async open(mailbox: HeldMailbox, signal: AbortSignal): Promise<ImapSession> {
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
