import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { Replica } from '../../platform/cluster/replica.entity.js';

export const DOCUMENT_TYPES = ['document', 'qa', 'url', 'file'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];
export const DOCUMENT_STATUSES = ['extracting', 'chunking', 'embedding', 'ready', 'paused', 'failed'] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** Something that a team knows, to answer from. What is searched are its chunks. */
@Entity('documents')
@Index(['clientId', 'number'], { unique: true })
@Index(['clientId', 'config'])
@Index(['turnAt'], { where: 'turn_at IS NOT NULL' })
@Index(['claimedBy'], { where: 'claimed_by IS NOT NULL' })
export class KnowledgeDocument {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  @Column('text')
  type!: DocumentType;

  @Column('text')
  status!: DocumentStatus;

  /** Why it failed, or why its vectors are missing. */
  @Column('text', { nullable: true })
  error!: string | null;

  @Column('text')
  title!: string;

  /** Its text, written by the team or taken from a file or a page; null of a question, and as long as there is none. */
  @Column('text', { nullable: true })
  content!: string | null;

  @Column('text', { nullable: true })
  question!: string | null;

  @Column('text', { nullable: true })
  answer!: string | null;

  @Column('text', { nullable: true })
  category!: string | null;

  @Column('boolean', { name: 'is_priority', default: false })
  isPriority!: boolean;

  @Column('text', { nullable: true })
  language!: string | null;

  /** Of the full-text search, by its name: a column of type regconfig would stand in the way of pg_upgrade. */
  @Column('text')
  config!: string;

  @Column('text', { name: 'source_url', nullable: true })
  sourceUrl!: string | null;

  @Column('uuid', { name: 'file_id', nullable: true })
  fileId!: string | null;

  @Column('text', { name: 'file_name', nullable: true })
  fileName!: string | null;

  @Column('int', { name: 'file_size', nullable: true })
  fileSize!: number | null;

  @Column('int', { name: 'chunks_count', default: 0 })
  chunksCount!: number;

  /** In how many replies it was a source. */
  @Column('int', { name: 'usage_count', default: 0 })
  usageCount!: number;

  /** The model that made the vectors of all its chunks. */
  @Column('text', { name: 'embedded_with', nullable: true })
  embeddedWith!: string | null;

  /** Rises whenever somebody takes it or changes what is cut: who holds an older one writes nothing any more. */
  @Column('int', { default: 0 })
  run!: number;

  /** Turns in a row that came to nothing. */
  @Column('int', { default: 0 })
  attempts!: number;

  /** When a worker is to look at it: who waits longest is next. Null: there is nothing to do. */
  @Column('timestamptz', { name: 'turn_at', nullable: true })
  turnAt!: Date | null;

  /** The process that is at it. */
  @Column('uuid', { name: 'claimed_by', nullable: true })
  claimedBy!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;

  @ManyToOne(() => Replica, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'claimed_by' })
  claimer?: Replica;
}
