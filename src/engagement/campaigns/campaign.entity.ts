import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  UpdateDateColumn,
} from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import type { Filter } from '../segments/filter.js';

export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'sending', 'paused', 'sent', 'cancelled'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const AUDIENCE_TYPES = ['all', 'segment', 'list', 'tags', 'filter', 'contacts'] as const;
export type AudienceType = (typeof AUDIENCE_TYPES)[number];

/** Whom a campaign is for, by the numbers of what it names. A `list` is a static segment. */
export type Audience =
  | { readonly type: 'all' }
  | { readonly type: 'segment' | 'list'; readonly segment: number }
  | { readonly type: 'tags'; readonly tags: readonly number[] }
  | { readonly type: 'filter'; readonly filter: Filter }
  | { readonly type: 'contacts'; readonly contacts: readonly number[] };

export const CAMPAIGN_TYPES = ['broadcast', 'ab_test'] as const;
export type CampaignType = (typeof CAMPAIGN_TYPES)[number];

/** What the variants of an A/B test are measured by. */
export const WINNER_MEASURES = ['clicks', 'opens'] as const;
export type WinnerMeasure = (typeof WINNER_MEASURES)[number];

/** One mail for many contacts. */
@Entity('campaigns')
@Index(['clientId', 'id'], { unique: true })
@Index(['scheduledAt'], { where: `status = 'scheduled'` })
// What workers look after.
@Index(['clientId', 'emailAccountId'], { where: `status = 'sending'` })
export class Campaign {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('bigint')
  number!: string;

  @Column('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text', { default: 'broadcast' })
  type!: CampaignType;

  @Column('text', { nullable: true })
  subject!: string | null;

  @Column('text', { name: 'preview_text', nullable: true })
  previewText!: string | null;

  @Column('text', { name: 'html_body', nullable: true })
  htmlBody!: string | null;

  @Column('text', { name: 'text_body', nullable: true })
  textBody!: string | null;

  /** Of whoever draws mails with it; kept, not read. */
  @Column('jsonb', { name: 'body_json', nullable: true })
  bodyJson!: unknown;

  /** Of an A/B test only, as what follows. */
  @Column('text', { name: 'winner_by', nullable: true })
  winnerBy!: WinnerMeasure | null;

  /** How long is waited once the test has gone out. */
  @Column('int', { name: 'winner_after_minutes', nullable: true })
  winnerAfterMinutes!: number | null;

  /** When the winner is chosen. Null: the test has not gone out. */
  @Column('timestamptz', { name: 'winner_due_at', nullable: true })
  winnerDueAt!: Date | null;

  /** The letter of the variant that whoever was held gets. */
  @Column('text', { nullable: true })
  winner!: string | null;

  /** Recipients that were given a variant, or none: the next one's place. */
  @Column('bigint', { default: 0 })
  dealt!: string;

  @Column('jsonb', { nullable: true })
  audience!: Audience | null;

  /** That the account's address is. Null: the workspace's own choice. It stays where the account goes. */
  @Column('uuid', { name: 'email_account_id', nullable: true })
  emailAccountId!: string | null;

  @Column('boolean', { name: 'tracks_opens', default: true })
  tracksOpens!: boolean;

  @Column('boolean', { name: 'tracks_clicks', default: true })
  tracksClicks!: boolean;

  @Column('text', { default: 'draft' })
  status!: CampaignStatus;

  /** Why it is paused, where nobody paused it: `missed`, `account_error`. */
  @Column('text', { name: 'status_reason', nullable: true })
  statusReason!: string | null;

  @Column('timestamptz', { name: 'scheduled_at', nullable: true })
  scheduledAt!: Date | null;

  /** From here on: what was there when sending began. Null before. */
  @Column('text', { name: 'frozen_subject', nullable: true })
  frozenSubject!: string | null;

  @Column('text', { name: 'frozen_html', nullable: true })
  frozenHtml!: string | null;

  @Column('text', { name: 'frozen_text', nullable: true })
  frozenText!: string | null;

  /** A segment that a filter makes is its filter. */
  @Column('jsonb', { name: 'frozen_audience', nullable: true })
  frozenAudience!: Audience | null;

  /** The number of the last contact that was looked at. */
  @Column('bigint', { name: 'prepared_upto', default: 0 })
  preparedUpto!: string;

  /** The number of the newest contact there was: who came later gets nothing. */
  @Column('bigint', { name: 'prepare_to', nullable: true })
  prepareTo!: string | null;

  /** When all recipients were made. */
  @Column('timestamptz', { name: 'prepared_at', nullable: true })
  preparedAt!: Date | null;

  /** When its first mail could go. */
  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  /** When nothing of it was left to do. */
  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  /** Deleted, though what its mails link to goes on working. */
  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
