import { AiReply } from './ai/ai-reply.entity.js';
import { AiSetting } from './ai/ai-setting.entity.js';
import { AiUsage } from './ai/ai-usage.entity.js';
import { DailyStat } from './analytics/daily-stat.entity.js';
import { CampaignCounter } from './campaigns/campaign-counter.entity.js';
import { CampaignDay } from './campaigns/campaign-day.entity.js';
import { CampaignHour } from './campaigns/campaign-hour.entity.js';
import { CampaignLink } from './campaigns/campaign-link.entity.js';
import { CampaignRecipient } from './campaigns/campaign-recipient.entity.js';
import { CampaignVariant } from './campaigns/campaign-variant.entity.js';
import { Campaign } from './campaigns/campaign.entity.js';
import { CannedResponse } from './canned-responses/canned-response.entity.js';
import { ContactAlias } from './contacts/contact-alias.entity.js';
import { ContactTouch } from './contacts/contact-touch.entity.js';
import { Contact } from './contacts/contact.entity.js';
import { MergedContact } from './contacts/merged-contact.entity.js';
import { ConversationEntry } from './conversations/conversation-entry.entity.js';
import { Reply } from './conversations/reply.entity.js';
import { Chunk } from './knowledge/chunk.entity.js';
import { KnowledgeDocument } from './knowledge/document.entity.js';
import { LiveChatDesk } from './live-chat/desk.entity.js';
import { MessageWords } from './message-search/message-words.entity.js';
import { SearchJob } from './message-search/search-job.entity.js';
import { Rating } from './ratings/rating.entity.js';
import { ContactImport } from './imports/contact-import.entity.js';
import { ImportError } from './imports/import-error.entity.js';
import { SegmentMember } from './segments/segment-member.entity.js';
import { Segment } from './segments/segment.entity.js';
import { Suppression } from './suppressions/suppression.entity.js';
import { ContactTag } from './tags/contact-tag.entity.js';
import { Tag } from './tags/tag.entity.js';
import { CampaignClick } from './tracking/campaign-click.entity.js';
import { ExecutionStep } from './workflows/running/execution-step.entity.js';
import { Execution } from './workflows/running/execution.entity.js';
import { WorkflowEvent } from './workflows/triggers/workflow-event.entity.js';
import { WorkflowVersion } from './workflows/workflow-version.entity.js';
import { Workflow } from './workflows/workflow.entity.js';

export const engagementEntities = [
  ...[Contact, ContactAlias, ContactTouch, ContactTag, MergedContact, Segment, SegmentMember, Suppression, Tag],
  ...[ContactImport, ImportError],
  ...[
    Campaign,
    CampaignVariant,
    CampaignRecipient,
    CampaignLink,
    CampaignCounter,
    CampaignHour,
    CampaignDay,
    CampaignClick,
  ],
  ...[KnowledgeDocument, Chunk],
  ...[AiSetting, AiUsage, AiReply],
  ...[Workflow, WorkflowVersion, WorkflowEvent, Execution, ExecutionStep],
  ...[CannedResponse, ConversationEntry, DailyStat, LiveChatDesk, Rating, Reply],
  ...[MessageWords, SearchJob],
];
