import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Client } from '../clients/client.entity.js';

/** A person a client sends messages for. */
@Entity('customers')
@Unique(['clientId', 'email'])
@Index(['clientId', 'latestMessageAt', 'id'], { where: 'latest_message_at IS NOT NULL' })
export class Customer {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** Trimmed and lower-case. Null for people known by phone only. */
  @Column('text', { nullable: true })
  email!: string | null;

  @Column('jsonb', { nullable: true })
  metadata!: Record<string, unknown> | null;

  /** Messages this customer sent. */
  @Column('int', { name: 'message_count', default: 0 })
  messageCount!: number;

  /** When this customer last sent one. */
  @Column('timestamptz', { name: 'latest_message_at', nullable: true })
  latestMessageAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
