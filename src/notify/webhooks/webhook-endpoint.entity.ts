import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { Listener } from '../../platform/outbox/listener.entity.js';
import { Replica } from '../../platform/cluster/replica.entity.js';

/** Where a client wants its events sent. Enabled or not, it is a listener: what happens meanwhile waits. */
@Entity('webhook_endpoints')
@Index(['leasedBy'], { where: 'leased_by IS NOT NULL' })
export class WebhookEndpoint {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  url!: string;

  /** Names, or `*`. */
  @Column('text', { array: true })
  events!: string[];

  @Column('boolean', { default: true })
  enabled!: boolean;

  @Column('text', { nullable: true })
  description!: string | null;

  /** `whsec_…`; it has to be read again to sign, so it is not hashed. */
  @Column('text')
  secret!: string;

  /** Signs along until `previousSecretUntil`. */
  @Column('text', { name: 'previous_secret', nullable: true })
  previousSecret!: string | null;

  @Column('timestamptz', { name: 'previous_secret_until', nullable: true })
  previousSecretUntil!: Date | null;

  /** The first of the failures since the last success. */
  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  /** After several failures to reach it at all nothing is tried before this, so that it takes nobody's place. */
  @Column('timestamptz', { name: 'paused_until', nullable: true })
  pausedUntil!: Date | null;

  @Column('int', { name: 'failures_in_a_row', default: 0 })
  failuresInARow!: number;

  /** The process that is delivering to it: one at a time, so that events arrive in order. */
  @Column('uuid', { name: 'leased_by', nullable: true })
  leasedBy!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;

  @ManyToOne(() => Listener, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'id', referencedColumnName: 'id' },
  ])
  listener?: Listener;

  @ManyToOne(() => Replica, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'leased_by' })
  lessee?: Replica;
}
