import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { SmtpClient, type RawMail, type SmtpSession } from '../../delivery/email/smtp/smtp-client.js';
import type { SmtpOutcome } from '../../delivery/email/smtp/smtp-outcome.js';
import { Replicas } from '../../platform/cluster/replicas.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { ContactListsService } from '../contacts/contact-lists.service.js';
import type { ContactRow } from '../contacts/contacts.repository.js';
import { TemplateFault } from '../templates/template-fault.js';
import { CampaignMails, domainOf, type Sender } from './campaign-mails.js';
import { nextAttemptInSeconds } from './campaign-waits.js';
import {
  RecipientsRepository,
  type CampaignContent,
  type ClaimedRecipient,
  type DueAccount,
} from './recipients.repository.js';

/** How long a server that says it can serve nobody now is left alone. */
const PAUSE_SECONDS = 300;
/** The replies of such a server; others say that the account is not let in, and somebody has to change that. */
const FOR_A_WHILE = ['421', '454'];
/** Until a server that could not be reached is tried again. Nothing is used up. */
const UNREACHABLE_SECONDS = 60;

/** What a lane of mails goes out by: all of one account. */
interface Lane {
  readonly account: DueAccount;
  readonly sender: Sender;
  /** Of the account: what is known of it is known of these settings. */
  readonly version: string;
  readonly contacts: ReadonlyMap<string, ContactRow>;
  /** By campaign and variant; null where it is gone. What has begun does not change. */
  readonly contents: Map<string, CampaignContent | null>;
  /** One connection for all of them. */
  readonly session: SmtpSession;
  /** What is written down of the last mail, while the server takes the envelope of the next. */
  noting: Promise<void>;
}

/** Hands the mails of campaigns to the servers of their accounts, one after another, and writes down what came of each. */
@Injectable()
export class CampaignDispatcher {
  private readonly logger = new Logger('Campaigns');

  constructor(
    private readonly recipients: RecipientsRepository,
    private readonly lists: ContactListsService,
    private readonly mails: CampaignMails,
    private readonly policy: OutboundPolicy,
    private readonly smtp: SmtpClient,
    private readonly replicas: Replicas,
  ) {}

  claim(account: DueAccount, most: number): Promise<ClaimedRecipient[]> {
    return this.recipients.claim(account, account.accountId, this.replicas.id, most);
  }

  /** Each at its turn. @throws Error where what came of one can't be written down: what is left is lost until it is recovered */
  async send(account: DueAccount, claimed: readonly ClaimedRecipient[], stop: AbortSignal): Promise<void> {
    const begun = performance.now();
    const left = [...claimed];
    const version = await this.recipients.findAccountVersion(account, account.accountId);
    const lane = version === null ? null : await this.lane(account, version, claimed);
    try {
      while (lane && left.length > 0 && !stop.aborted) {
        const one = left[0]!;
        await sleep(Math.max(0, one.waitMs! - (performance.now() - begun)), undefined, { signal: stop }).catch(
          () => undefined,
        );
        if (stop.aborted || !(await this.sendOne(lane, one))) {
          break;
        }
        left.shift();
      }
      await lane?.noting;
    } finally {
      lane?.session.close();
    }
    for (const one of left) {
      await this.recipients.again(account, one, 0, null, false);
    }
  }

  /** Null where nothing goes out by it. */
  private async lane(account: DueAccount, version: string, claimed: readonly ClaimedRecipient[]): Promise<Lane | null> {
    try {
      const sender = await this.mails.senderOf(account, account.accountId);
      const ids = claimed.flatMap(({ customerId }) => (customerId === null ? [] : [customerId]));
      const contacts = await this.lists.findMany(account, ids);
      const session = this.smtp.session(sender.server, this.policy.rulesFor(account));
      return {
        account,
        sender,
        version,
        contacts: new Map(contacts.map((one) => [one.id, one])),
        contents: new Map(),
        session,
        noting: Promise.resolve(),
      };
    } catch (error) {
      this.logger.error(error);
      const why = 'Its settings can not be read: they have to be set again';
      await this.recipients.pauseAccount(account, account.accountId, why, null, version);
      return null;
    }
  }

  /** Whether the next may follow: where the account does not work, or the campaign waits, none of it is used up. */
  private async sendOne(lane: Lane, one: ClaimedRecipient): Promise<boolean> {
    const { account, session } = lane;
    const raw = await this.render(lane, one);
    if (raw === null) {
      return true;
    }
    const asked: { answer?: string | null; error?: Error } = {};
    const outcome = await session.send(raw, async () => {
      try {
        await lane.noting;
        asked.answer = await this.recipients.transmit(account, one, this.replicas.id);
      } catch (error) {
        // No fault of the server.
        asked.error = error as Error;
      }
      return asked.answer === 'go';
    });
    const { answer, error } = asked;
    if (error !== undefined) {
      throw error;
    }
    // It was skipped, or is no longer ours, and that stands where it was found; or others of its campaign wait, too.
    return answer === undefined || answer === 'go'
      ? this.settle(lane, one, outcome, answer === 'go')
      : answer !== 'held';
  }

  /** Null where it can't be made, which is settled. */
  private async render(
    { account: tenant, sender, contacts, contents }: Lane,
    one: ClaimedRecipient,
  ): Promise<RawMail | null> {
    const contact = contacts.get(one.customerId ?? '');
    const key = `${one.campaign} ${one.variant ?? ''}`;
    const found = contents.get(key) ?? (await this.recipients.findContent(tenant, one.campaign, one.variant));
    contents.set(key, found);
    if (!found || !contact || one.address === null) {
      // Erased, or deleted with its campaign, while it was claimed.
      await this.recipients.again(tenant, one, 0, null, false);
      return null;
    }
    try {
      const messageId = `${one.id}@${domainOf(sender.account.email)}`;
      const to = { recipientId: one.id, address: one.address, contact, messageId };
      return await this.mails.render(tenant, sender, this.mails.content(tenant, found), to);
    } catch (error) {
      if (error instanceof TemplateFault) {
        await this.recipients.fail(tenant, one, error.message, false);
      } else {
        this.logger.error(error);
        await this.recipients.again(tenant, one, UNREACHABLE_SECONDS, 'It could not be composed', false);
      }
      return null;
    }
  }

  private async settle(lane: Lane, one: ClaimedRecipient, outcome: SmtpOutcome, isBegun: boolean): Promise<boolean> {
    const { account, version } = lane;
    switch (outcome.kind) {
      case 'accepted':
        lane.noting = this.recipients.sent(account, one);
        // It is waited for later.
        lane.noting.catch(() => undefined);
        return true;
      case 'refused': {
        const why = outcome.errorText ?? outcome.errorCode;
        await this.recipients.fail(account, one, why, outcome.errorCode === 'unreachable');
        return true;
      }
      case 'later': {
        const why = outcome.errorText ?? outcome.errorCode;
        if (!isBegun && outcome.providerCode == null) {
          await this.recipients.again(account, one, UNREACHABLE_SECONDS, why, false);
          return true;
        }
        const seconds = nextAttemptInSeconds(one.attempts);
        await (seconds === null
          ? this.recipients.fail(account, one, why, false)
          : this.recipients.again(account, one, seconds, why, true));
        return true;
      }
      case 'unknown':
        await this.recipients.doubt(account, one, outcome.why);
        return true;
      case 'account': {
        const isForAWhile = FOR_A_WHILE.includes(outcome.providerCode ?? '');
        const why = outcome.errorText ?? outcome.errorCode;
        await this.recipients.again(account, one, 0, why, false);
        await this.recipients.pauseAccount(
          ...([account, account.accountId, why, isForAWhile ? PAUSE_SECONDS : null, version] as const),
        );
        return false;
      }
    }
  }
}
