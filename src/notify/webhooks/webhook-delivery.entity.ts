import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Event } from '../../platform/outbox/event.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event for one endpoint: made by the statement that made the event, kept as the log of what became of it. */
@Entity('webhook_deliveries')
@Index(['clientId', 'endpointId', 'seq'])
@Index(['clientId', 'endpointId', 'nextAttemptAt', 'seq'], { where: `status = 'pending'` })
@Unique(['clientId', 'eventId', 'endpointId'])
export class WebhookDelivery {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'endpoint_id' })
  endpointId!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  /** The event's: deliveries are made in this order. */
  @Column('bigint')
  seq!: string;

  @Column('text', { default: 'pending' })
  status!: DeliveryStatus;

  @Column('int', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'next_attempt_at', nullable: true, default: () => 'now()' })
  nextAttemptAt!: Date | null;

  @Column('timestamptz', { name: 'last_attempt_at', nullable: true })
  lastAttemptAt!: Date | null;

  /** Of the last attempt, as are those below; null where there was no answer. */
  @Column('int', { name: 'response_status', nullable: true })
  responseStatus!: number | null;

  /** The first KB. */
  @Column('text', { name: 'response_body', nullable: true })
  responseBody!: string | null;

  /** Milliseconds. */
  @Column('int', { nullable: true })
  latency!: number | null;

  @Column('text', { nullable: true })
  error!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => WebhookEndpoint, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'endpoint_id', referencedColumnName: 'id' },
  ])
  endpoint?: WebhookEndpoint;

  @ManyToOne(() => Event, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'event_id', referencedColumnName: 'id' },
  ])
  event?: Event;
}
