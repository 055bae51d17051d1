import { Column, CreateDateColumn, Entity, Index, JoinColumn, OneToOne, PrimaryColumn, Unique } from 'typeorm';
import { Channel } from '../../channels/channel.entity.js';

export const CONVERSATION_STATUSES = ['open', 'pending', 'snoozed', 'closed', 'spam'] as const;
export type ConversationStatus = (typeof CONVERSATION_STATUSES)[number];
export const CONVERSATION_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type ConversationPriority = (typeof CONVERSATION_PRIORITIES)[number];

/**
 * A channel that an address is in. Its row is made by the statement that puts the address there, whichever road that takes
 * (keep-conversation.ts). What is listed by its last message is listed from here: an index on that column of channels would
 * make each send of everybody write to it.
 */
@Entity('conversations')
@Index(['clientId', 'archived', 'lastMessageAt', 'channelId'])
@Index(['clientId', 'addressId', 'archived', 'lastMessageAt', 'channelId'])
@Index(['clientId', 'personId'])
// The lists of the inbox: none, by status, by assignee, by contact.
@Index(['clientId', 'lastMessageAt', 'number'])
@Index(['clientId', 'status', 'lastMessageAt', 'number'])
@Index(['clientId', 'assigneeId', 'lastMessageAt', 'number'])
@Index(['clientId', 'contactId', 'lastMessageAt', 'number'])
// Few are in these, so messages hardly ever write them.
@Index(['clientId', 'priority', 'number'], { where: `priority <> 'normal'` })
@Index(['clientId', 'lastMessageAt', 'number'], { where: 'is_starred' })
@Index('conversations_search', { synchronize: false })
@Index(['snoozedUntil'], { where: 'snoozed_until IS NOT NULL' })
@Unique(['clientId', 'number'])
export class Conversation {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @Column('uuid', { name: 'address_id' })
  addressId!: string;

  /** The other one in the channel; null where there are several, or it was erased. */
  @Column('uuid', { name: 'person_id', nullable: true })
  personId!: string | null;

  /** When it was made, while nothing was said. */
  @Column('timestamptz', { name: 'last_message_at', default: () => 'now()' })
  lastMessageAt!: Date;

  @Column('boolean', { default: false })
  archived!: boolean;

  /** Whether nobody but the address is in it any more: it stays in the inbox, and is no thread with a phone. */
  @Column('boolean', { name: 'is_abandoned', default: false })
  isAbandoned!: boolean;

  /** For dialects that show integers; drawn as the row is made. */
  @Column('bigint')
  number!: string;

  /** That of its address. */
  @Column('text', { default: 'sms' })
  medium!: string;

  /** The first person in it; null once it is erased. */
  @Column('uuid', { name: 'contact_id', nullable: true })
  contactId!: string | null;

  @Column('text', { nullable: true })
  subject!: string | null;

  @Column('text', { default: 'open' })
  status!: ConversationStatus;

  @Column('text', { default: 'normal' })
  priority!: ConversationPriority;

  /** The user who takes care of it. */
  @Column('uuid', { name: 'assignee_id', nullable: true })
  assigneeId!: string | null;

  @Column('boolean', { name: 'is_starred', default: false })
  isStarred!: boolean;

  @Column('boolean', { name: 'is_pinned', default: false })
  isPinned!: boolean;

  /** By the team. */
  @Column('boolean', { name: 'is_read', default: true })
  isRead!: boolean;

  @Column('boolean', { name: 'is_ai_handled', default: false })
  isAiHandled!: boolean;

  /** The position of the newest message that is not deleted, who said it, and how it begins. */
  @Column('int', { name: 'last_position', default: 0 })
  lastPosition!: number;

  @Column('text', { name: 'last_by', nullable: true })
  lastBy!: 'contact' | 'team' | null;

  @Column('text', { nullable: true })
  preview!: string | null;

  /** When the contact wrote what nobody has answered yet. */
  @Column('timestamptz', { name: 'waiting_since', nullable: true })
  waitingSince!: Date | null;

  /** While it is snoozed; null: until the contact writes. */
  @Column('timestamptz', { name: 'snoozed_until', nullable: true })
  snoozedUntil!: Date | null;

  @Column('timestamptz', { name: 'first_response_at', nullable: true })
  firstResponseAt!: Date | null;

  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;

  /** The user who closed it. */
  @Column('uuid', { name: 'resolved_by', nullable: true })
  resolvedBy!: string | null;

  /** Its notes and activities, and the number of the newest. */
  @Column('int', { name: 'entries_count', default: 0 })
  entriesCount!: number;

  @Column('bigint', { name: 'last_entry', nullable: true })
  lastEntry!: string | null;

  /** The channel of the conversation that this one goes on from. */
  @Column('uuid', { name: 'related_id', nullable: true })
  relatedId!: string | null;

  /** The name and e-mail of the contact. */
  @Column('text', { name: 'contact_words', default: '' })
  contactWords!: string;

  /** Subject, preview and contact as they are searched; kept by a trigger. */
  @Column('text', { name: 'search_text', default: '' })
  searchText!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @OneToOne(() => Channel, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'id' },
  ])
  channel?: Channel;
}
