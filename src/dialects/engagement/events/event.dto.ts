import { ApiSchema } from '@nestjs/swagger';
import { describeEvents, type DescribedEvent } from '../../../notify/events/event.dto.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { CampaignSummaryDto } from '../campaigns/campaign.dto.js';
import { ContactDto } from '../contacts/contact.dto.js';
import { InboxConversationDto } from '../conversations/conversation.dto.js';
import { ConversationItemDto } from '../conversations/item.dto.js';
import { DocumentDto } from '../knowledge/document.dto.js';
import { ImportDto } from '../imports/import.dto.js';
import { ExecutionDto } from '../workflows/execution.dto.js';
import { WorkflowDto } from '../workflows/workflow.dto.js';
import { EmailAccountDto } from '../email-accounts/email-account.dto.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';
import { CampaignReaderDto } from '../tracking/campaign-reader.dto.js';

@ApiSchema({ description: 'A contact that was changed.' })
export class ChangedContactDto extends ContactDto {
  @Shown({
    ...{ type: 'array', items: { type: 'string', pattern: '^[a-z_]{1,64}$' } },
    ...{ example: ['lead_score'], description: 'The fields that were changed.' },
  })
  readonly changed!: readonly string[];
}

@ApiSchema({ description: 'A contact whose tags were changed.' })
export class RetaggedContactDto extends ContactDto {
  @Shown({
    ...{ type: 'array', items: { type: 'integer', format: 'int64', minimum: 1 } },
    ...{ example: [3], description: 'The ids of the tags that it got or lost.' },
  })
  readonly tag_ids!: readonly number[];
}

@ApiSchema({ description: 'A contact that is part of another.' })
export class MergedIdsDto {
  @ShownNumber('The id that it had.')
  readonly id!: number;

  @ShownUuid('The UUID that it had.')
  readonly uuid!: string;
}

@ApiSchema({ description: 'A contact that another was merged into.' })
export class MergedContactDto extends ContactDto {
  @Shown({ type: MergedIdsDto, description: 'The one that is part of it now.' })
  readonly merged!: MergedIdsDto;
}

@ApiSchema({
  description:
    'A contact, conversation, email account, import, document, campaign, workflow or execution that is gone.',
})
export class GoneObjectDto {
  @ShownNumber('The id of what is gone.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ enum: [true], type: Boolean, description: 'Always true: the object no longer exists.' })
  readonly deleted!: true;
}

@ApiSchema({ description: 'A message or note that is gone.' })
export class GoneItemDto extends GoneObjectDto {
  @ShownNumber('The id of the conversation that it was in.')
  readonly conversation_id!: number;
}

@ApiSchema({ description: 'How many tokens a workspace used in a month.' })
export class AiLimitDto {
  @Shown({ type: String, pattern: '^\\d{4}-\\d{2}$', example: '2026-11', description: 'The month, in UTC.' })
  readonly month!: string;

  @ShownCount({ example: 1_000_210, description: 'Tokens that were used when it was told.' })
  readonly tokens_used!: number;

  @ShownCount({ example: 1_000_000, description: 'Tokens that may be used.' })
  readonly monthly_token_limit!: number;
}

const READER = [CampaignReaderDto];
const CONVERSATION = [InboxConversationDto, GoneObjectDto];
const CAMPAIGN = [CampaignSummaryDto, GoneObjectDto];
const IMPORT = [ImportDto, GoneObjectDto];
const DOCUMENT = [DocumentDto, GoneObjectDto];
const WORKFLOW = [WorkflowDto, GoneObjectDto];
const EXECUTION = [ExecutionDto, GoneObjectDto];
const ITEM = [ConversationItemDto, GoneItemDto];

/** What each event says happened, and the schemas of its `data`. */
const EVENTS = {
  'contact.created': { says: 'A contact was created, by whichever API.', data: [ContactDto, GoneObjectDto] },
  'contact.updated': { says: 'A contact was changed.', data: [ChangedContactDto, GoneObjectDto] },
  'contact.deleted': { says: 'A contact was deleted.', data: [GoneObjectDto] },
  'contact.merged': {
    says: 'A contact was merged into this one, and is itself deleted.',
    data: [MergedContactDto, GoneObjectDto],
  },
  'contact.tagged': { says: 'A contact got tags.', data: [RetaggedContactDto, GoneObjectDto] },
  'contact.untagged': { says: 'A contact lost tags.', data: [RetaggedContactDto, GoneObjectDto] },
  'contact.unsubscribed': { says: 'A contact unsubscribed.', data: [ContactDto, GoneObjectDto] },
  'contact.resubscribed': {
    says: 'A contact that had unsubscribed is active again.',
    data: [ContactDto, GoneObjectDto],
  },
  'conversation.created': { says: 'A conversation was begun, by whichever API.', data: CONVERSATION },
  'conversation.updated': { says: 'The team changed a conversation, or its status changed.', data: CONVERSATION },
  'conversation.assigned': { says: 'A conversation was assigned to somebody else, or to nobody.', data: CONVERSATION },
  'conversation.closed': { says: 'A conversation was closed.', data: CONVERSATION },
  'conversation.reopened': { says: 'A closed conversation is not closed any more.', data: CONVERSATION },
  'conversation.snoozed': { says: 'A conversation was snoozed.', data: CONVERSATION },
  'conversation.unsnoozed': { says: 'A snoozed conversation is not snoozed any more.', data: CONVERSATION },
  'conversation.deleted': { says: 'A conversation was deleted.', data: [GoneObjectDto] },
  'message.received': { says: 'A contact wrote, in a conversation that is no spam.', data: ITEM },
  'message.replied': { says: 'The team wrote to a contact.', data: ITEM },
  'email.bounced': { says: 'A mail came back: it did not arrive.', data: ITEM },
  'email.loop_stopped': {
    says: 'A mail was not sent, as it was one of many answers of a program to another.',
    data: ITEM,
  },
  'email_account.error': { says: 'An email account stopped to work.', data: [EmailAccountDto, GoneObjectDto] },
  'email.unsubscribed': { says: 'Who got a mail of a campaign wants no more of them.', data: READER },
  'campaign.delivered': { says: 'A server took a mail of a campaign: one for each mail.', data: READER },
  'campaign.opened': { says: 'A person opened a mail of a campaign, for the first time.', data: READER },
  'campaign.clicked': { says: 'A person followed a link in a mail of a campaign, for the first time.', data: READER },
  'note.created': { says: 'The team noted something.', data: ITEM },
  'note.updated': { says: 'A note was changed.', data: ITEM },
  'note.deleted': { says: 'A note was deleted.', data: [GoneItemDto] },
  'campaign.scheduled': { says: 'A campaign is to be sent at a time.', data: CAMPAIGN },
  'campaign.started': { says: 'A campaign is being sent.', data: CAMPAIGN },
  'campaign.paused': { says: 'A campaign was paused, or its account does not work.', data: CAMPAIGN },
  'campaign.resumed': { says: 'A campaign goes on.', data: CAMPAIGN },
  'campaign.winner_chosen': { says: 'The winner of an A/B test is known.', data: CAMPAIGN },
  'campaign.sent': { says: 'Nothing of a campaign is left to send.', data: CAMPAIGN },
  'campaign.cancelled': { says: 'A campaign goes no further, or is no longer scheduled.', data: CAMPAIGN },
  'import.completed': { says: 'An import has come to its end.', data: IMPORT },
  'import.failed': { says: 'An import could not go on.', data: IMPORT },
  'document.ready': { says: 'Answers can be made from a document.', data: DOCUMENT },
  'document.failed': { says: 'A document could not be read.', data: DOCUMENT },
  'ai.limit_reached': { says: 'A workspace has used its tokens of the month.', data: [AiLimitDto] },
  'workflow.activated': { says: 'A workflow runs from now on.', data: WORKFLOW },
  'workflow.paused': { says: 'A workflow stands still.', data: WORKFLOW },
  'workflow.throttled': {
    says: 'A workflow was triggered too often: executions of it are skipped. Told once an hour.',
    data: WORKFLOW,
  },
  'execution.completed': { says: 'An execution of a workflow has come to its end.', data: EXECUTION },
  'execution.failed': { says: 'An execution of a workflow could not go on.', data: EXECUTION },
} as const satisfies Readonly<Record<string, DescribedEvent>>;
export type EngagementEventType = keyof typeof EVENTS;
const TYPES = Object.keys(EVENTS) as EngagementEventType[];
/** Those that import-events.ts shows. */
export const IMPORT_EVENT_TYPES = TYPES.filter((type) => type.startsWith('import.'));
/** Those that document-events.ts shows. */
export const DOCUMENT_EVENT_TYPES = TYPES.filter((type) => type.startsWith('document.'));
/** Those that workflow-events.ts shows. */
export const WORKFLOW_EVENT_TYPES = TYPES.filter((type) => /^(workflow|execution)\./.test(type));
/** Those that ai-events.ts shows. */
export const AI_EVENT_TYPES = TYPES.filter((type) => type.startsWith('ai.'));
/** Those that tracking-events.ts shows. */
export const READER_EVENT_TYPES = [
  ...(['email.unsubscribed', 'campaign.delivered', 'campaign.opened', 'campaign.clicked'] as const),
] as const;
/** Those that campaign-events.ts shows. */
export const CAMPAIGN_EVENT_TYPES = TYPES.filter(
  (type) => type.startsWith('campaign.') && !READER_EVENT_TYPES.some((one) => one === type),
);
const SHOWN_ELSEWHERE: readonly string[] = [
  ...[...IMPORT_EVENT_TYPES, ...DOCUMENT_EVENT_TYPES, ...READER_EVENT_TYPES, ...CAMPAIGN_EVENT_TYPES],
  ...[...AI_EVENT_TYPES, ...WORKFLOW_EVENT_TYPES],
];
/** Those that engagement-events.ts shows. */
export const INBOX_EVENT_TYPES = TYPES.filter((type) => !SHOWN_ELSEWHERE.includes(type));

/** The schema of each type of event, and what it says happened. */
export const ENGAGEMENT_EVENTS = describeEvents(EVENTS);
