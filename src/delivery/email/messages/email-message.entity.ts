import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Channel } from '../../../channels/channel.entity.js';
import type { Automatic } from '../reading/automatic-mail.js';
import type { Mailbox } from '../reading/mailbox.js';
import type { MailProblem } from '../reading/parsed-mail.js';

/** The file of an attachment; `contentId` is what its HTML calls it by. */
export interface EmailFile {
  readonly fileId: string;
  readonly contentId: string | null;
}

/**
 * What a mail says beside its message, whose id it bears. It is written before the message, so that who follows the message
 * knows that a program wrote it.
 */
@Entity('email_messages')
// The same mail comes by several roads, and again.
@Index(['clientId', 'accountId', 'messageIdSha256'], { unique: true, where: `direction = 'inbound'` })
@Index(['clientId', 'messageIdSha256'])
@Index(['clientId', 'channelId'])
export class EmailMessage {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** The message's. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'channel_id' })
  channelId!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  @Column('text')
  direction!: 'inbound' | 'outbound';

  /** Without its brackets, as all of them; null where it came without one. */
  @Column('text', { name: 'message_id', nullable: true })
  messageId!: string | null;

  /** Of the Message-ID; without one, of the mail. */
  @Column('bytea', { name: 'message_id_sha256' })
  messageIdSha256!: Buffer;

  /** The mails it follows, the newest first. */
  @Column('text', { name: 'followed_ids', array: true, default: () => `'{}'` })
  follows!: string[];

  @Column('jsonb')
  from!: Mailbox;

  @Column('jsonb', { name: 'reply_to', default: () => `'[]'` })
  replyTo!: readonly Mailbox[];

  @Column('jsonb', { default: () => `'[]'` })
  to!: readonly Mailbox[];

  @Column('jsonb', { default: () => `'[]'` })
  cc!: readonly Mailbox[];

  @Column('jsonb', { default: () => `'[]'` })
  bcc!: readonly Mailbox[];

  @Column('text')
  subject!: string;

  /** All of it; the message holds its beginning. */
  @Column('text')
  text!: string;

  /** Safe to show. */
  @Column('text', { nullable: true })
  html!: string | null;

  @Column('text', { default: 'none' })
  automatic!: Automatic;

  /** An installation like this one sent it. */
  @Column('boolean', { name: 'is_marked', default: false })
  isMarked!: boolean;

  /** Why it is not shown as its sender meant it. */
  @Column('text', { nullable: true })
  problem!: MailProblem | null;

  @Column('jsonb', { name: 'attachments', default: () => `'[]'` })
  files!: readonly EmailFile[];

  /** The mail as it came; null: it went out, or is forgotten. */
  @Column('uuid', { name: 'raw_file_id', nullable: true })
  rawFileId!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Channel, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'id' },
  ])
  channel?: Channel;
}
