import { Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { EmailMessage } from '../messages/email-message.entity.js';

export type EmailStatus = 'queued' | 'sending' | 'sent' | 'undelivered' | 'failed' | 'canceled';

/** What becomes of a mail of ours, and what is still to be done for it. */
@Entity('email_deliveries')
@Index(['nextAttemptAt'], { where: 'next_attempt_at IS NOT NULL' })
@Index(['clientId', 'accountId', 'nextAttemptAt'], { where: 'next_attempt_at IS NOT NULL' })
// What came back lately.
@Index(['clientId', 'doneAt'], { where: `status = 'undelivered'` })
export class EmailDelivery {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** The message's. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  @Column('text', { default: 'queued' })
  status!: EmailStatus;

  /** Null: nothing more is to be done. Whoever takes it moves this on; `infinity`: its account is paused. */
  @Column('timestamptz', { name: 'next_attempt_at', nullable: true, default: () => 'now()' })
  nextAttemptAt!: Date | null;

  /** How often it was taken: what a process that is too late says does not count. */
  @Column('int', { default: 0 })
  claims!: number;

  /** When it may go, by the rate of its account; null: it has not asked. */
  @Column('timestamptz', { name: 'turn_at', nullable: true })
  turnAt!: Date | null;

  /** Set before its server is called; null again where that surely did nothing. */
  @Column('timestamptz', { name: 'submitted_at', nullable: true })
  submittedAt!: Date | null;

  /** Calls of the server. */
  @Column('int', { default: 0 })
  attempts!: number;

  /** Calls that surely did nothing. */
  @Column('int', { default: 0 })
  tries!: number;

  /** Calls of which nobody knows what came. */
  @Column('int', { default: 0 })
  doubts!: number;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode!: string | null;

  /** The server's own. */
  @Column('text', { name: 'provider_code', nullable: true })
  providerCode!: string | null;

  @Column('text', { name: 'error_text', nullable: true })
  errorText!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt!: Date | null;

  @Column('timestamptz', { name: 'done_at', nullable: true })
  doneAt!: Date | null;

  @OneToOne(() => EmailMessage, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'id', referencedColumnName: 'id' },
  ])
  mail?: EmailMessage;
}
