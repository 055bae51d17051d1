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

  /** Messages this member sent here. */
  @Column('int', { name: 'message_count', default: 0 })
  messageCount!: number;

  @Column('timestamptz', { name: 'last_message_at', nullable: true })
  lastMessageAt!: Date | null;

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
