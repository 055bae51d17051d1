import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../../clients/client.entity.js';

/**
 * Something happened that a workflow may be about: written by the commit of what happened (see trigger-functions.ts), and gone
 * with the commit that makes its executions. Whom it is about may be gone by then.
 */
@Entity('workflow_events')
@Index(['turnAt'])
@Index(['clientId', 'turnAt'])
export class WorkflowEvent {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  type!: string;

  @Column('uuid', { name: 'contact_id', nullable: true })
  contactId!: string | null;

  /** Its conversation. */
  @Column('uuid', { name: 'channel_id', nullable: true })
  channelId!: string | null;

  @Column('jsonb', { default: {} })
  data!: Record<string, unknown>;

  /** The workflows that led to it, one after another. */
  @Column('uuid', { array: true, default: [] })
  chain!: string[];

  @Column('int', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'turn_at', default: () => 'now()' })
  turnAt!: Date;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
