import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import type { TriggerType } from './definition/definition.js';

export const WORKFLOW_STATUSES = ['draft', 'active', 'paused'] as const;
export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

/** What a team has done by itself when something happens. What exactly is in its versions. */
@Entity('workflows')
@Index(['clientId', 'number'], { unique: true })
@Index(['clientId', 'triggerType'], { where: "status = 'active'" })
@Index(['tokenSha256'], { unique: true })
@Index(['fireAt'], { where: 'fire_at IS NOT NULL' })
export class Workflow {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  @Column('text')
  name!: string;

  @Column('text', { default: 'draft' })
  status!: WorkflowStatus;

  /** Of the newest version: what functions of the database look up. */
  @Column('text', { name: 'trigger_type' })
  triggerType!: TriggerType;

  /** The newest. */
  @Column('int', { default: 1 })
  version!: number;

  /** How many there were. */
  @Column('int', { name: 'executions_count', default: 0 })
  executionsCount!: number;

  /** What its webhooks are signed with; the token of its address is made of it. */
  @Column('text')
  secret!: string;

  @Column('bytea', { name: 'token_sha256' })
  tokenSha256!: Buffer;

  /** When a schedule is due; null while it is not active. */
  @Column('timestamptz', { name: 'fire_at', nullable: true })
  fireAt!: Date | null;

  /** Up to which contact, by its number, the firing that is under way has come. */
  @Column('bigint', { name: 'fired_upto', default: 0 })
  firedUpto!: string;

  /** When its executions were last skipped because there are too many. */
  @Column('timestamptz', { name: 'throttled_at', nullable: true })
  throttledAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
