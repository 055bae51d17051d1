import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Channel } from '../channels/channel.entity.js';
import { Customer } from '../customers/customer.entity.js';

export const MESSAGE_TYPES = ['text', 'image', 'file', 'system'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** Something said in a channel. Its position there is its order for every reader, whatever the clocks say. */
@Entity('messages')
@Unique(['clientId', 'id'])
@Index(['clientId', 'senderId', 'id'])
@Index(['clientId', 'channelId', 'senderId', 'id'])
export class Message {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @PrimaryColumn('int')
  position!: number;

  @Column('uuid')
  id!: string;

  /** Null where the customer was erased since. */
  @Column('uuid', { name: 'sender_id', nullable: true })
  senderId!: string | null;

  @Column('text')
  type!: MessageType;

  @Column('text')
  content!: string;

  @Column('jsonb', { nullable: true })
  metadata!: Record<string, unknown> | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** Deleted for everybody: nothing of it is left but its place, so that a page can still start after it. */
  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  @ManyToOne(() => Channel, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'id' },
  ])
  channel?: Channel;

  @ManyToOne(() => Customer)
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'sender_id', referencedColumnName: 'id' },
  ])
  sender?: Customer;
}
