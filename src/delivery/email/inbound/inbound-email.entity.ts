import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { EmailAccount } from '../accounts/email-account.entity.js';

/** A mail that was taken and is not understood yet. It goes when its message is there. */
@Entity('inbound_emails')
@Index(['nextAttemptAt'], { where: `state = 'pending'` })
@Index(['clientId', 'accountId', 'createdAt'], { where: `state = 'failed'` })
@Index(['createdAt'])
export class InboundEmail {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  /** A file: the mail as it came. Null: it was not taken, and lies where it came to. */
  @Column('uuid', { name: 'file_id', nullable: true })
  fileId!: string | null;

  @Column('text', { name: 'envelope_from', nullable: true })
  envelopeFrom!: string | null;

  @Column('text', { name: 'envelope_to', array: true })
  envelopeTo!: string[];

  @Column('text', { default: 'pending' })
  state!: 'pending' | 'failed';

  /** Whoever takes it moves this on. */
  @Column('timestamptz', { name: 'next_attempt_at', default: () => 'now()' })
  nextAttemptAt!: Date;

  @Column('int', { default: 0 })
  attempts!: number;

  @Column('text', { nullable: true })
  error!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => EmailAccount, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'account_id', referencedColumnName: 'customerId' },
  ])
  account?: EmailAccount;
}
