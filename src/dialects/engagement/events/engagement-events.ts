import { Injectable } from '@nestjs/common';
import { EmailAccountsService } from '../../../delivery/email/accounts/email-accounts.service.js';
import { ContactListsService } from '../../../engagement/contacts/contact-lists.service.js';
import { InboxService } from '../../../engagement/conversations/inbox.service.js';
import { TimelineService } from '../../../engagement/conversations/timeline.service.js';
import { FIRST_ENTRY } from '../../../engagement/conversations/timeline.sql.js';
import { FurtherEvents, type EventSource, type FurtherEvent } from '../../../notify/events/further-events.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { presentContact } from '../contacts/contacts.presenter.js';
import { presentConversation, presentItem } from '../conversations/conversation.presenter.js';
import { INBOX_EVENT_TYPES } from './event.dto.js';
import { ShownEmailAccounts } from '../email-accounts/shown-email-accounts.js';

/** What an event is about: the first word of its type. */
type Kind = 'contact' | 'conversation' | 'message' | 'email' | 'email_account' | 'note';

/** As contact-events.ts, merge-functions.ts, conversation-events.ts and mail-events.ts write it. */
interface Stored {
  readonly id: string;
  /** Of a note, without what the timeline adds. */
  readonly number: number;
  readonly changed?: readonly string[];
  readonly tag_ids?: readonly number[];
  /** What was merged into it. */
  readonly merged?: { readonly id: number; readonly uuid: string };
  /** The number of the conversation that a message or a note is in. */
  readonly conversation?: number;
}

/** The events of contacts, conversations, notes and mails: each with its object as it is now, and `deleted` where that is gone. */
@Injectable()
export class EngagementEvents implements EventSource {
  readonly types = INBOX_EVENT_TYPES;

  constructor(
    further: FurtherEvents,
    private readonly contacts: ContactListsService,
    private readonly conversations: InboxService,
    private readonly timeline: TimelineService,
    private readonly accounts: EmailAccountsService,
    private readonly shownAccounts: ShownEmailAccounts,
  ) {
    further.add(this);
  }

  async present(tenant: Tenant, events: readonly FurtherEvent[]): Promise<object[]> {
    const idsOf = (kind: Kind): string[] => [
      ...new Set(events.filter(({ type }) => isOf(kind, type)).map(({ data }) => (data as Stored).id)),
    ];
    const [contacts, conversations, items, accountOf] = await Promise.all([
      this.contacts.findMany(tenant, idsOf('contact')),
      this.conversations.findMany(tenant, idsOf('conversation')),
      this.timeline.findItems(tenant, [...idsOf('message'), ...idsOf('email')], idsOf('note')),
      this.accountsOf(tenant, idsOf('email_account')),
    ]);
    const [contactOf, conversationOf, itemOf] = [byId(contacts), byId(conversations), byId(items)];
    return events.map(({ type, data }) => {
      const { id, number, changed, tag_ids, merged, conversation } = data as Stored;
      if (isOf('contact', type)) {
        const contact = contactOf.get(id);
        const more = {
          ...(changed ? { changed } : {}),
          ...(tag_ids ? { tag_ids } : {}),
          ...(merged ? { merged } : {}),
        };
        return contact ? { ...presentContact(contact), ...more } : gone(number, id);
      }
      if (isOf('conversation', type)) {
        const row = conversationOf.get(id);
        return row ? presentConversation(row) : gone(number, id);
      }
      if (isOf('email_account', type)) {
        return accountOf.get(id) ?? gone(number, id);
      }
      const item = itemOf.get(id);
      const shown = isOf('note', type) ? number + FIRST_ENTRY : number;
      return item
        ? presentItem({ number: conversation! }, item)
        : { ...gone(shown, id), conversation_id: conversation };
    });
  }

  /** Those that are still there, as they are shown. */
  private async accountsOf(tenant: Tenant, ids: readonly string[]): Promise<Map<string, object>> {
    const all = ids.length === 0 ? [] : await this.accounts.list(tenant);
    const rows = all.filter(({ id }) => ids.includes(id));
    const shown = await Promise.all(rows.map((row) => this.shownAccounts.of(tenant, row)));
    return byUuid(shown);
  }
}

function isOf(kind: Kind, type: string): boolean {
  return type.startsWith(`${kind}.`);
}

function gone(id: number, uuid: string) {
  return { id, uuid, deleted: true };
}

function byUuid<Shown extends { readonly uuid: string }>(shown: readonly Shown[]): Map<string, Shown> {
  return new Map(shown.map((one) => [one.uuid, one]));
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
