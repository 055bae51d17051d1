import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ChannelMember } from '../../channels/channel-member.entity.js';
import { Replica } from '../../platform/cluster/replica.entity.js';

/**
 * A member who is subscribed to a presence channel through sockets of one process, however many. Deleted with the process
 * and with the membership.
 */
@Entity('presences')
@Index(['replicaId'])
export class Presence {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @PrimaryColumn('uuid', { name: 'replica_id' })
  replicaId!: string;

  @ManyToOne(() => ChannelMember, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'channelId' },
    { name: 'customer_id', referencedColumnName: 'customerId' },
  ])
  member?: ChannelMember;

  @ManyToOne(() => Replica, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'replica_id' })
  replica?: Replica;
}
