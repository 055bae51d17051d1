import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Definition } from './definition/definition.js';
import { Workflow } from './workflow.entity.js';

/** What a workflow did, or does: an execution goes on with the one that it began with. */
@Entity('workflow_versions')
export class WorkflowVersion {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'workflow_id' })
  workflowId!: string;

  @PrimaryColumn('int')
  version!: number;

  @Column('jsonb')
  definition!: Definition;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Workflow, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'workflow_id', referencedColumnName: 'id' },
  ])
  workflow?: Workflow;
}
