import { Column, CreateDateColumn, Entity, Generated, Index, PrimaryColumn } from 'typeorm';
import type { EventType } from './event-types.js';

/** Types of events about a customer outside of any channel, and of those for everybody, as the indexes need them. */
export const CUSTOMERS_OWN = `'member.left', 'customer.updated', 'announcement.read', 'announcement.deleted', 'follow.created', 'follow.deleted'`;
export const TOLD_TO_ALL = `'announcement.created', 'channel.deleted'`;

/**
 * A change, written by the very statement that made it, and only where the client has a listener. Kept for seven days.
 */
@Entity('events')
@Index(['clientId', 'isPublic', 'seq'])
@Index(['seq'])
// These three are for the replay of what one customer missed.
@Index(['clientId', 'channelId', 'createdAt'], { where: 'channel_id IS NOT NULL' })
@Index(['clientId', 'customerId', 'createdAt'], { where: `type IN (${CUSTOMERS_OWN})` })
@Index(['clientId', 'createdAt'], { where: `type IN (${TOLD_TO_ALL})` })
export class Event {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** Over all clients. Within a channel it rises as `position` does: it is drawn while the channel's row is held. */
  @Column('bigint')
  @Generated('increment')
  seq!: string;

  @Column('text')
  type!: EventType;

  /** Whether `GET /events` and webhooks show it; the others are for sockets, and for endpoints that ask for them by name. */
  @Column('boolean', { name: 'is_public', default: true })
  isPublic!: boolean;

  @Column('uuid', { name: 'channel_id', nullable: true })
  channelId!: string | null;

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  /** As EventData says of this type. */
  @Column('jsonb')
  data!: object;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
