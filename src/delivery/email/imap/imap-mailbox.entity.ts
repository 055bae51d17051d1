import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, OneToOne, PrimaryColumn } from 'typeorm';
import { Replica } from '../../../platform/cluster/replica.entity.js';
import { EmailAccount } from '../accounts/email-account.entity.js';

/** Where mails to an account lie that are to be read by IMAP, and how far they were. */
@Entity('imap_mailboxes')
@Index(['heldBy'], { where: 'held_by IS NOT NULL' })
export class ImapMailbox {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'account_id' })
  accountId!: string;

  @Column('text')
  host!: string;

  @Column('int')
  port!: number;

  @Column('boolean')
  secure!: boolean;

  @Column('text')
  username!: string;

  /** By which its UIDs are what they were; null before it was first looked into. */
  @Column('bigint', { name: 'uid_validity', nullable: true })
  uidValidity!: string | null;

  /** That of the newest mail that was taken, or was there before. */
  @Column('bigint', { name: 'last_uid', nullable: true })
  lastUid!: string | null;

  /** When the newest of these came there: where UIDs are others, it goes on from then. */
  @Column('timestamptz', { nullable: true })
  since!: Date | null;

  /** `pending`: nobody has looked into it yet. */
  @Column('text', { default: 'pending' })
  status!: 'pending' | 'ok' | 'error';

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  /** The process that reads it: one at a time. */
  @Column('uuid', { name: 'held_by', nullable: true })
  heldBy!: string | null;

  /** When it was set, or was to be looked into anew. */
  @CreateDateColumn({ name: 'set_at', type: 'timestamptz' })
  setAt!: Date;

  @OneToOne(() => EmailAccount, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'account_id', referencedColumnName: 'customerId' },
  ])
  account?: EmailAccount;

  @ManyToOne(() => Replica, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'held_by' })
  holder?: Replica | null;
}
