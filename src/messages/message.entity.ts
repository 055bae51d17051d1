import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Channel } from '../channels/channel.entity.js';
import { Customer } from '../customers/customer.entity.js';

export const MESSAGE_TYPES = ['text', 'image', 'file', 'system'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** One part of a message: `body` (text, or base64 where `encoding` says so), or `fileId`. */
export interface MessagePart {
  /** A UUID, unique within the message. */
  readonly id: string;
  readonly mimeType: string;
  readonly body?: string;
  readonly encoding?: 'base64';
  /** A file (its UUID), where the part is not here but in the storage. */
  readonly fileId?: string;
  /** Bytes of that file. */
  readonly size?: number;
}

/** Something said in a channel. Its position there is its order for every reader, whatever the clocks say. */
@Entity('messages')
@Unique(['clientId', 'id'])
@Index(['clientId', 'senderId', 'createdAt', 'id'])
@Index(['clientId', 'channelId', 'senderId', 'createdAt', 'id'])
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

  /** What it consists of, where that is more than `content` says; `type` and `content` are then made of it. */
  @Column('jsonb', { nullable: true })
  parts!: readonly MessagePart[] | null;

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
