import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Execution } from './execution.entity.js';

export const STEP_STATUSES = ['waiting', 'retrying', 'completed', 'skipped', 'failed'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** What came of a step: written in the commit of what it did. */
@Entity('execution_steps')
export class ExecutionStep {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'execution_id' })
  executionId!: string;

  @PrimaryColumn('text', { name: 'step_id' })
  stepId!: string;

  @Column('text')
  type!: string;

  @Column('text')
  status!: StepStatus;

  @Column('int')
  attempt!: number;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  @Column('jsonb', { nullable: true })
  output!: Record<string, unknown> | null;

  @Column('text', { nullable: true })
  error!: string | null;

  @ManyToOne(() => Execution, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'execution_id', referencedColumnName: 'id' },
  ])
  execution?: Execution;
}
