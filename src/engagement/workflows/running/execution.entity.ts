import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Replica } from '../../../platform/cluster/replica.entity.js';
import { Workflow } from '../workflow.entity.js';

export const EXECUTION_STATES = [
  ...['pending', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'skipped'],
] as const;
export type ExecutionState = 'pending' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled' | 'skipped';
/** From where it may still go on. */
export const ENDED: readonly ExecutionState[] = ['completed', 'failed', 'cancelled', 'skipped'];

/** One run of a workflow, for one event. Where it stands moves in the commit of what its steps do. */
@Entity('executions')
@Index(['clientId', 'number'], { unique: true })
@Index(['clientId', 'workflowId', 'event'], { unique: true })
@Index(['clientId', 'workflowId', 'state', 'number'])
@Index(['clientId', 'contactId', 'createdAt'])
@Index(['clientId', 'createdAt'])
@Index(['wakeAt'], { where: 'wake_at IS NOT NULL' })
@Index(['claimedBy'], { where: 'claimed_by IS NOT NULL' })
@Index(['createdAt'])
export class Execution {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  @Column('uuid', { name: 'workflow_id' })
  workflowId!: string;

  @Column('int')
  version!: number;

  /** What triggered it: no workflow runs twice for the same. */
  @Column('text')
  event!: string;

  @Column('text')
  state!: ExecutionState;

  /** Why it was skipped, failed or was cancelled. */
  @Column('text', { nullable: true })
  reason!: string | null;

  /** Null once it is erased. */
  @Column('uuid', { name: 'contact_id', nullable: true })
  contactId!: string | null;

  @Column('uuid', { name: 'channel_id', nullable: true })
  channelId!: string | null;

  /** What is to be done next. */
  @Column('text', { nullable: true })
  step!: string | null;

  /** What its texts and conditions know as `trigger`. */
  @Column('jsonb', { default: {} })
  trigger!: Record<string, unknown>;

  @Column('uuid', { array: true, default: [] })
  chain!: string[];

  /** When a worker is to look at it; null where there is nothing to do, or its workflow is paused. */
  @Column('timestamptz', { name: 'wake_at', nullable: true })
  wakeAt!: Date | null;

  /** What ends its wait early. */
  @Column('text', { nullable: true })
  awaits!: 'contact_replied' | null;

  /** Since when it waits. */
  @Column('timestamptz', { name: 'waits_since', nullable: true })
  waitsSince!: Date | null;

  /** Whether that came. */
  @Column('boolean', { name: 'has_come', default: false })
  hasCome!: boolean;

  /** Of the step, those that came to nothing. */
  @Column('int', { default: 0 })
  attempts!: number;

  /** The process that is at it. */
  @Column('uuid', { name: 'claimed_by', nullable: true })
  claimedBy!: string | null;

  /** Rises whenever somebody takes it: who holds an older one writes nothing any more. */
  @Column('int', { default: 0 })
  run!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @ManyToOne(() => Workflow, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'workflow_id', referencedColumnName: 'id' },
  ])
  workflow?: Workflow;

  @ManyToOne(() => Replica, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'claimed_by' })
  claimer?: Replica;
}
