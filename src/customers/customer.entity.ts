import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Client } from '../clients/client.entity.js';

export interface CustomerProfile {
  readonly first_name?: string;
  readonly last_name?: string;
  readonly avatar_url?: string;
  readonly phone_number?: string;
}

/** A person a client sends messages for. */
@Entity('customers')
@Unique(['clientId', 'email'])
@Unique(['clientId', 'externalId'])
@Index(['clientId', 'createdAt', 'id'])
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

  /** What the client calls this customer in its own system. */
  @Column('text', { name: 'external_id', nullable: true })
  externalId!: string | null;

  /** What an identity of the Layer dialect has besides. */
  @Column('jsonb', { nullable: true })
  profile!: CustomerProfile | null;

  @Column('jsonb', { nullable: true })
  metadata!: Record<string, unknown> | null;

  /** Messages this customer sent. */
  @Column('int', { name: 'message_count', default: 0 })
  messageCount!: number;

  /** When this customer last sent one. */
  @Column('timestamptz', { name: 'latest_message_at', nullable: true })
  latestMessageAt!: Date | null;

  /** When its last socket was closed; null where it never had one. */
  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;

  /** What it has chosen to be while a socket is open: available, busy, away, invisible. Null: nothing, and so available. */
  @Column('text', { name: 'presence_status', nullable: true })
  presenceStatus!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
