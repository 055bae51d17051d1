import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Client } from '../clients/client.entity.js';

export interface CustomerProfile {
  readonly first_name?: string;
  readonly last_name?: string;
  readonly avatar_url?: string;
  readonly phone_number?: string;
}

export const CUSTOMER_KINDS = ['person', 'address'] as const;
export type CustomerKind = (typeof CUSTOMER_KINDS)[number];

/** A person a client sends messages for. */
@Entity('customers')
@Unique(['clientId', 'email'])
@Unique(['clientId', 'externalId'])
@Index(['clientId', 'phone'], { unique: true, where: 'phone IS NOT NULL' })
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

  /** In international format, or as a provider gave it. Not an index entry where there is none: others pay nothing for it. */
  @Column('text', { nullable: true })
  phone!: string | null;

  /** Who speaks as an `address` is the workspace itself, through a phone number of its own. */
  @Column('text', { default: 'person' })
  kind!: CustomerKind;

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
