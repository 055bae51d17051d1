import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { SmtpClient } from '../../delivery/email/smtp/smtp-client.js';
import { now } from '../../platform/common/clock.js';
import { invalid, notFound, unfit } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ContactListsService, DEFAULT_ORDER } from '../contacts/contact-lists.service.js';
import type { ContactRow } from '../contacts/contacts.repository.js';
import { TrackingUrls } from '../tracking/tracking-urls.js';
import { AudiencesService } from './audiences.service.js';
import { CampaignMails, domainOf, preparedOf, type PreparedContent } from './campaign-mails.js';
import { CampaignsService, contentOf, mustBeAhead } from './campaigns.service.js';
import { CampaignsRepository, type CampaignRow, type FrozenCampaign, type Variant } from './campaigns.repository.js';
import { freezeContent } from './content/content.js';
import { RecipientsRepository } from './recipients.repository.js';

/** Whoever comes back later than this after its time mails nobody: it may be night. */
const MISSED_MS = 3_600_000;

type Readied = Omit<FrozenCampaign, 'audience'> & { readonly audience: NonNullable<CampaignRow['audience']> };

/** When campaigns go out, and how they are tried out before. */
@Injectable()
export class CampaignSendingService {
  constructor(
    private readonly service: CampaignsService,
    private readonly campaigns: CampaignsRepository,
    private readonly recipients: RecipientsRepository,
    private readonly audiences: AudiencesService,
    private readonly lists: ContactListsService,
    private readonly mails: CampaignMails,
    private readonly urls: TrackingUrls,
    private readonly policy: OutboundPolicy,
    private readonly smtp: SmtpClient,
  ) {}

  /**
   * Now, or at a time.
   * @param at null: when the campaign says, if that is still to come
   * @throws Refusal 404, 422, 503 where this installation signs nothing
   */
  async send(tenant: Tenant, ref: ObjectRef, at: Date | null): Promise<CampaignRow> {
    if (at) {
      mustBeAhead(at);
    }
    // Its mails could not be signed.
    await this.urls.of(tenant);
    const { number } = await this.service.get(tenant, ref);
    await this.held(tenant, number, async ({ status, scheduledAt }) => {
      if (status !== 'draft' && status !== 'scheduled') {
        throw unfit(`Campaign cannot be sent — current status: ${status}.`);
      }
      const readied = await this.readied(tenant, number);
      const due = at ?? (status === 'draft' && scheduledAt && scheduledAt > now() ? scheduledAt : null);
      await (due ? this.campaigns.move(tenant, number, 'scheduled', { at: due }) : this.begin(tenant, number, readied));
    });
    return this.service.get(tenant, number);
  }

  /** One whose time has come begins, where that was not too long ago. */
  async startDue(tenant: Tenant, number: number): Promise<void> {
    await this.campaigns.inTransaction(tenant, async () => {
      const held = await this.campaigns.hold(tenant, number);
      const at = held?.scheduledAt;
      if (held?.status !== 'scheduled' || !at || at > now()) {
        return;
      }
      if (now().getTime() - at.getTime() > MISSED_MS) {
        await this.campaigns.move(tenant, number, 'paused', { reason: 'missed' });
        return;
      }
      const readied = await this.readied(tenant, number).catch(() => null);
      await (readied
        ? this.begin(tenant, number, readied)
        : this.campaigns.move(tenant, number, 'paused', { reason: 'incomplete' }));
    });
  }

  /** What is claimed goes no further either, but for what its server is hearing. @throws Refusal 404, 422 */
  pause(tenant: Tenant, ref: ObjectRef): Promise<CampaignRow> {
    return this.change(tenant, ref, 'paused', ['sending'], (number) => this.campaigns.move(tenant, number, 'paused'));
  }

  /** Where it was. @throws Refusal 404, 422 */
  resume(tenant: Tenant, ref: ObjectRef): Promise<CampaignRow> {
    return this.change(tenant, ref, 'resumed', ['paused'], async (number, isBegun) =>
      isBegun
        ? this.campaigns.move(tenant, number, 'sending')
        : this.begin(tenant, number, await this.readied(tenant, number)),
    );
  }

  /** One that did not begin is a draft again. @throws Refusal 404, 422 */
  cancel(tenant: Tenant, ref: ObjectRef): Promise<CampaignRow> {
    const statuses = ['scheduled', 'sending', 'paused'];
    return this.change(tenant, ref, 'cancelled', statuses, (number, isBegun) =>
      this.campaigns.move(tenant, number, isBegun ? 'cancelled' : 'draft'),
    );
  }

  /** Before its time, or where a test is long. @throws Refusal 404, 422 */
  chooseWinner(tenant: Tenant, ref: ObjectRef, letter: string): Promise<CampaignRow> {
    return this.change(tenant, ref, 'decided', ['sending', 'paused'], async (number, isBegun, _, winner) => {
      const { variants } = await this.service.get(tenant, number);
      if (!isBegun || variants.length === 0) {
        throw unfit('Campaign has no winner to choose — it is no A/B test that has begun.');
      }
      if (winner !== null) {
        throw unfit(`Campaign has a winner — variant ${winner}.`);
      }
      mustHave(variants, letter);
      await this.campaigns.choose(tenant, number, letter);
    });
  }

  /** Those of which nobody knows whether they arrived go once more. @returns how many @throws Refusal 404, 422 */
  async retryUnknown(tenant: Tenant, ref: ObjectRef): Promise<number> {
    let retried = 0;
    await this.change(tenant, ref, 'sent again', ['sending', 'paused', 'sent'], async (number, _, status) => {
      retried = await this.recipients.retryUnknown(tenant, number);
      if (status === 'sent' && retried > 0) {
        await this.campaigns.move(tenant, number, 'sending');
      }
    });
    return retried;
  }

  /** What a contact would read. @throws Refusal 404, or 422 on `contact_id`, or where there is nothing to read */
  async preview(tenant: Tenant, ref: ObjectRef, contact: ObjectRef | null, letter: string | null) {
    const campaign = await this.service.get(tenant, ref);
    const content = await this.trialOf(tenant, campaign, 'previewed', letter);
    return this.mails.preview(tenant, content, contact === null ? null : await this.contactOf(tenant, contact));
  }

  /**
   * Sends it to these addresses, as a test that counts nothing. Not in a transaction.
   * @throws Refusal 404, or 422 where it can't be sent, or its server does not take it
   */
  async test(tenant: Tenant, ref: ObjectRef, emails: readonly string[], letter: string | null): Promise<void> {
    const campaign = await this.service.get(tenant, ref);
    const content = await this.trialOf(tenant, campaign, 'tested', letter);
    const accountId = campaign.accountId ?? (await this.campaigns.findDefaultAccount(tenant));
    if (accountId === null) {
      throw unfit('Campaign cannot be tested — no account.');
    }
    const sender = await this.mails.senderOf(tenant, accountId);
    const rules = this.policy.rulesFor(tenant);
    const problems = await Promise.all(
      [...new Set(emails)].map(async (address) => {
        const contact = await this.contactAt(tenant, address);
        const messageId = `${uuidv7()}@${domainOf(sender.account.email)}`;
        const to = { recipientId: null, address, contact, messageId };
        const outcome = await this.smtp.send(
          sender.server,
          rules,
          await this.mails.render(tenant, sender, content, to),
        );
        switch (outcome.kind) {
          case 'accepted':
            return null;
          case 'unknown':
            return outcome.why;
          default:
            return outcome.errorText ?? outcome.errorCode;
        }
      }),
    );
    const problem = problems.find((one) => one !== null);
    if (problem !== undefined) {
      throw unfit(`The test mail was not taken: ${problem}`);
    }
  }

  private async trialOf(
    tenant: Tenant,
    campaign: CampaignRow,
    done: string,
    letter: string | null,
  ): Promise<PreparedContent> {
    const { id, number, variants } = campaign;
    const variant = letter === null ? variants[0] : mustHave(variants, letter);
    const said = contentOf(campaign, variant);
    if (said.subject === null) {
      throw unfit(`Campaign cannot be ${done} — no subject.`);
    }
    if (said.html === null) {
      throw unfit(`Campaign cannot be ${done} — no body.`);
    }
    const { links: _, ...frozen } = freezeContent(said, { tracksOpens: false, tracksClicks: false });
    const workspace = await this.campaigns.findWorkspaceName(tenant, number);
    return preparedOf({ ...frozen, id, workspace });
  }

  private async contactOf(tenant: Tenant, ref: ObjectRef): Promise<ContactRow> {
    const id = await this.lists.findId(tenant, ref);
    const [contact] = id === null ? [] : await this.lists.findMany(tenant, [id]);
    if (!contact) {
      throw invalid('contact_id', 'The selected contact_id is invalid.');
    }
    return contact;
  }

  private async contactAt(tenant: Tenant, email: string): Promise<ContactRow | null> {
    const { items } = await this.lists.page(tenant, { email }, DEFAULT_ORDER, { limit: 1, offset: 0, after: null });
    return items[0] ?? null;
  }

  /** What it is from its beginning on. @throws Refusal 422 on what is missing */
  private async readied(tenant: Tenant, number: number): Promise<Readied> {
    const campaign = await this.service.get(tenant, number);
    const { audience, accountId, tracksOpens, tracksClicks, variants, winnerBy } = campaign;
    if (winnerBy !== null && !(winnerBy === 'clicks' ? tracksClicks : tracksOpens)) {
      throw unfit(`Campaign cannot be sent — ${winnerBy} choose the winner, and are not noticed.`);
    }
    const contents = variants.length === 0 ? [contentOf(campaign)] : variants.map((one) => contentOf(campaign, one));
    const account = accountId ?? (await this.campaigns.findDefaultAccount(tenant));
    const missing = contents.some(({ subject }) => subject === null)
      ? 'subject'
      : contents.some(({ html }) => html === null)
        ? 'body'
        : audience === null
          ? 'audience'
          : account === null
            ? 'account'
            : null;
    if (missing !== null) {
      throw unfit(`Campaign cannot be sent — no ${missing}.`);
    }
    // One numbering: what several variants link to is one link.
    const links = new Map<string, number>();
    const frozen = contents.map((said) => freezeContent(said, { tracksOpens, tracksClicks }, links));
    const tried = variants.map(({ letter }, n) => ({ letter, ...frozen[n]! }));
    return { ...frozen[0]!, links: [...links.keys()], variants: tried, audience: audience!, accountId: account! };
  }

  private async begin(tenant: Tenant, number: number, readied: Readied): Promise<void> {
    const audience = await this.audiences.freeze(tenant, readied.audience);
    await this.campaigns.start(tenant, number, { ...readied, audience });
  }

  private async held(
    tenant: Tenant,
    number: number,
    work: (held: Awaited<ReturnType<CampaignsRepository['hold']>> & object) => Promise<void>,
  ): Promise<void> {
    await this.campaigns.inTransaction(tenant, async () => {
      const held = await this.campaigns.hold(tenant, number);
      if (!held) {
        throw notFound('campaign');
      }
      await work(held);
    });
  }

  private async change(
    tenant: Tenant,
    ref: ObjectRef,
    done: string,
    from: readonly string[],
    work: (number: number, isBegun: boolean, status: string, winner: string | null) => Promise<void>,
  ): Promise<CampaignRow> {
    const { number } = await this.service.get(tenant, ref);
    await this.held(tenant, number, async ({ status, startedAt, winner }) => {
      if (!from.includes(status)) {
        throw unfit(`Campaign cannot be ${done} — current status: ${status}.`);
      }
      await work(number, startedAt !== null, status, winner);
    });
    return this.service.get(tenant, number);
  }
}

/** @throws Refusal 422 on `variant` */
function mustHave(variants: readonly Variant[], letter: string): Variant {
  const variant = variants.find((one) => one.letter === letter);
  if (!variant) {
    throw invalid('variant', 'The selected variant is invalid.');
  }
  return variant;
}
