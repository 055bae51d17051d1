import { CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Customer } from '../customers/customer.entity.js';
import { Channel } from './channel.entity.js';

/**
 * A customer that was in a channel and is not any more: it is told so, where a stranger is told that there is none. Kept for
 * 90 days, or until it is in the channel again.
 */
@Entity('former_members')
@Index(['clientId', 'customerId', 'channelId'])
@Index(['leftAt'])
export class FormerMember {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @CreateDateColumn({ name: 'left_at', type: 'timestamptz' })
  leftAt!: Date;

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
