import { Column, CreateDateColumn, Entity, Generated, Index, PrimaryColumn } from 'typeorm';
import type { EventType } from './event-types.js';

/** Of customers, also where they are in no channel; and of nobody in particular. As an index must say it. */
export const CUSTOMERS_OWN = `'member.left', 'customer.updated', 'announcement.read', 'announcement.deleted', 'follow.created', 'follow.deleted'`;
export const TOLD_TO_ALL = `'announcement.created', 'channel.deleted'`;

/**
 * Something that happened, written by the very statement that made it happen, and only where somebody listens. Kept for
 * seven days.
 */
@Entity('events')
@Index(['clientId', 'isPublic', 'seq'])
@Index(['seq'])
// What somebody missed, who is told of some channels and of little else.
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

  /** Whether `GET /events` and webhooks tell it; the others are for sockets only. */
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
