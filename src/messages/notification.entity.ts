import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../clients/client.entity.js';

/** What devices show of a message, as the client wants it; what is not given, they have no word for. */
export interface NewNotification extends NotificationText {
  /** What the app makes of it, such as buttons. */
  readonly category?: string | null;
  /** For the app itself. */
  readonly data?: Record<string, unknown> | null;
  /** What some of the recipients get instead: customers (UUIDs). */
  readonly recipients?: Readonly<Record<string, NotificationText>> | null;
}

export interface NotificationText {
  readonly title?: string | null;
  readonly text?: string | null;
  readonly sound?: string | null;
}

/**
 * What the devices of those without a socket are to be told of a message or an announcement: written with it, and taken
 * by a worker, which makes a push for each device of it.
 */
@Entity('notifications')
@Index(['createdAt'])
export class Notification {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** The message it is of, in `channelId`; or null. */
  @Column('uuid', { name: 'message_id', nullable: true })
  messageId!: string | null;

  @Column('uuid', { name: 'channel_id', nullable: true })
  channelId!: string | null;

  /** The announcement it is of, or null. */
  @Column('uuid', { name: 'announcement_id', nullable: true })
  announcementId!: string | null;

  @Column('jsonb')
  content!: NewNotification;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
