import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Replica } from '../../platform/cluster/replica.entity.js';
import { Campaign } from './campaign.entity.js';

export const RECIPIENT_STATUSES = [
  ...(['pending', 'held', 'claimed', 'transmitting', 'sent', 'bounced', 'failed', 'skipped', 'unknown'] as const),
] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

/**
 * A contact that a campaign is for, and what became of its mail. Triggers count them: see campaign-functions.ts. There is one
 * of each contact and one of each address, so nobody is written to twice.
 */
@Entity('campaign_recipients')
@Index(['clientId', 'id'], { unique: true })
@Index(['clientId', 'campaign', 'addressHash'], { unique: true })
@Index(['clientId', 'campaign', 'status', 'number'])
@Index(['clientId', 'customerId', 'campaign'])
@Index(['clientId', 'campaign', 'nextAttemptAt', 'number'], { where: `status = 'pending'` })
@Index(['claimedBy'], { where: 'claimed_by IS NOT NULL' })
// Whose process died.
@Index(['clientId', 'campaign'], { where: `status IN ('claimed', 'transmitting') AND claimed_by IS NULL` })
export class CampaignRecipient {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Its number. */
  @PrimaryColumn('bigint')
  campaign!: string;

  /** The contact's. It stays when the contact is erased, and is never another's. */
  @PrimaryColumn('bigint')
  number!: string;

  /** In tokens and in the Message-ID. */
  @Column('uuid')
  id!: string;

  /** Null once the contact was erased. */
  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  /** What the contact had when it was made; null where it had none, another has it, or the contact was erased. */
  @Column('text', { nullable: true })
  address!: string | null;

  /** As that of suppressions. It stays when the contact is erased, so that whoever gets the mail can still unsubscribe. */
  @Column('bytea', { name: 'address_hash', nullable: true })
  addressHash!: Buffer | null;

  /** The letter of what it gets, in an A/B test; null while it is held until one has won. */
  @Column('text', { nullable: true })
  variant!: string | null;

  @Column('text')
  status!: RecipientStatus;

  /** The process that is at it; null where it died. */
  @Column('uuid', { name: 'claimed_by', nullable: true })
  claimedBy!: string | null;

  /** How often it was taken: what a process that is too late says does not count. */
  @Column('int', { default: 0 })
  claims!: number;

  /** Calls of the server that surely did nothing. */
  @Column('int', { default: 0 })
  attempts!: number;

  /** When it is due, where it is pending. */
  @Column('timestamptz', { name: 'next_attempt_at', default: () => 'now()' })
  nextAttemptAt!: Date;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt!: Date | null;

  /** When a person did so first. */
  @Column('timestamptz', { name: 'opened_at', nullable: true })
  openedAt!: Date | null;

  @Column('timestamptz', { name: 'clicked_at', nullable: true })
  clickedAt!: Date | null;

  /** When a machine did so first. */
  @Column('timestamptz', { name: 'machine_opened_at', nullable: true })
  machineOpenedAt!: Date | null;

  @Column('timestamptz', { name: 'machine_clicked_at', nullable: true })
  machineClickedAt!: Date | null;

  @Column('timestamptz', { name: 'bounced_at', nullable: true })
  bouncedAt!: Date | null;

  @Column('timestamptz', { name: 'unsubscribed_at', nullable: true })
  unsubscribedAt!: Date | null;

  @Column('timestamptz', { name: 'replied_at', nullable: true })
  repliedAt!: Date | null;

  /** Why it was skipped or failed, in a word or the server's. */
  @Column('text', { nullable: true })
  error!: string | null;

  @ManyToOne(() => Campaign, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'campaign', referencedColumnName: 'number' },
  ])
  ofCampaign?: Campaign;

  @ManyToOne(() => Replica, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'claimed_by' })
  claimer?: Replica;
}
