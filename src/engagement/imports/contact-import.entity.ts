import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { Replica } from '../../platform/cluster/replica.entity.js';
import type { ImportOptions } from './import-options.js';

export const IMPORT_STATES = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];
/** Whether rows come from a file, or it is a change of a segment's contacts. */
export const IMPORT_KINDS = ['file', 'bulk'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** Many contacts that are made or changed, at once or by a worker. */
@Entity('imports')
@Index(['clientId', 'number'], { unique: true })
@Index(['turnAt'], { where: `state = 'processing'` })
@Index(['claimedBy'], { where: 'claimed_by IS NOT NULL' })
@Index(['createdAt'])
export class ContactImport {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  @Column('text')
  kind!: ImportKind;

  @Column('text')
  state!: ImportState;

  /** Of the file. */
  @Column('text', { nullable: true })
  name!: string | null;

  @Column('jsonb')
  options!: ImportOptions;

  /** Null where there is none, or none any more. */
  @Column('uuid', { name: 'file_id', nullable: true })
  fileId!: string | null;

  /** How far it came: bytes of its file, or the number of the last contact. */
  @Column('bigint', { default: 0 })
  cursor!: string;

  /** Lines of the file until there. */
  @Column('int', { default: 0 })
  lines!: number;

  @Column('int', { default: 0 })
  rows!: number;

  @Column('int', { default: 0 })
  created!: number;

  @Column('int', { default: 0 })
  updated!: number;

  @Column('int', { default: 0 })
  skipped!: number;

  /** The first of them; all are in `import_errors`. */
  @Column('text', { array: true, default: '{}' })
  errors!: string[];

  @Column('int', { name: 'error_count', default: 0 })
  errorCount!: number;

  /** The process that is at it. */
  @Column('uuid', { name: 'claimed_by', nullable: true })
  claimedBy!: string | null;

  /** When it is due: who waits longest is next. */
  @Column('timestamptz', { name: 'turn_at', default: () => 'now()' })
  turnAt!: Date;

  /** Turns in a row that came to nothing. */
  @Column('int', { default: 0 })
  attempts!: number;

  /** When its progress was last told. */
  @Column('timestamptz', { name: 'told_at', default: () => 'now()' })
  toldAt!: Date;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;

  @ManyToOne(() => Replica, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'claimed_by' })
  claimer?: Replica;
}
