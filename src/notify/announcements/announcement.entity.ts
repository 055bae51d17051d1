import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import type { MessagePart } from '../../messages/message.entity.js';

/** Said by the client itself to many customers at once, each of whom reads it alone. */
@Entity('announcements')
export class Announcement {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** Who is shown as its sender. */
  @Column('text', { name: 'sender_name' })
  senderName!: string;

  @Column('jsonb')
  parts!: readonly MessagePart[];

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
