import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Customer } from '../customers/customer.entity.js';
import { Channel } from './channel.entity.js';

/** A customer in a channel, and what it did there: the lists "who talks with whom" read these, never the messages. */
@Entity('channel_members')
@Index(['clientId', 'customerId', 'channelId'])
export class ChannelMember {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  /** Of an open channel: whether this member may change and delete it, and send others away. */
  @Column('boolean', { name: 'is_owner', default: false })
  isOwner!: boolean;

  /** Messages this member sent here. */
  @Column('int', { name: 'message_count', default: 0 })
  messageCount!: number;

  @Column('timestamptz', { name: 'last_message_at', nullable: true })
  lastMessageAt!: Date | null;

  /** Everything up to here has been read, or reached a device. Neither moves back. */
  @Column('int', { name: 'read_position', default: 0 })
  readPosition!: number;

  @Column('int', { name: 'delivered_position', default: 0 })
  deliveredPosition!: number;

  /** Others' messages here that are read or hidden, and not deleted: unread = the channel's − those sent − these. */
  @Column('int', { name: 'seen_count', default: 0 })
  seenCount!: number;

  /** Messages here that this member deleted from its own devices. */
  @Column('int', { name: 'hidden_count', default: 0 })
  hiddenCount!: number;

  /** The newest position when this member joined; what was said before was not said to it. */
  @Column('int', { name: 'joined_position', default: 0 })
  joinedPosition!: number;

  /** Up to here this member deleted the whole channel from its own devices; listed for it again once there is more. */
  @Column('int', { name: 'cleared_position', nullable: true })
  clearedPosition!: number | null;

  @ManyToOne(() => Channel, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'id' },
  ])
  channel?: Channel;

  @ManyToOne(() => Customer, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'id' },
  ])
  customer?: Customer;
}
