import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Client } from '../clients/client.entity.js';

export const CHANNEL_TYPES = ['general', 'custom'] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** Where two or more customers talk. */
@Entity('channels')
@Unique(['clientId', 'reuseKey'])
@Index(['clientId', 'createdAt', 'id'])
@Index(['clientId', 'createdAt', 'id'], { where: 'is_open' })
export class Channel {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  type!: ChannelType;

  @Column('text')
  name!: string;

  @Column('jsonb', { nullable: true })
  metadata!: Record<string, unknown> | null;

  /** Whether everybody of the client may find it by its name, which is the only one there is, and join it. */
  @Column('boolean', { name: 'is_open', default: false })
  isOpen!: boolean;

  /** A hash of what `reuse-key.ts` says: the same channel asked for twice, or by a hundred at once, is one row. */
  @Column('bytea', { name: 'reuse_key' })
  reuseKey!: Buffer;

  /** A member through whose phone number the others are spoken to; what is said as it goes out by SMS. */
  @Column('uuid', { name: 'address_id', nullable: true })
  addressId!: string | null;

  /** The position of the newest message; the next one takes the next. */
  @Column('int', { name: 'last_position', default: 0 })
  lastPosition!: number;

  @Column('int', { name: 'message_count', default: 0 })
  messageCount!: number;

  @Column('timestamptz', { name: 'last_message_at', nullable: true })
  lastMessageAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
