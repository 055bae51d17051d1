import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';

export const SUPPRESSION_REASONS = ['unsubscribed', 'bounced', 'complained', 'manual'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** An e-mail address that gets no campaign and nothing automatic. */
@Entity('suppressions')
@Index(['clientId', 'number'], { unique: true })
@Index(['clientId', 'id'], { unique: true })
@Index(['clientId', 'email'], { where: 'email IS NOT NULL' })
export class Suppression {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Salted: see suppression_hash in suppression-functions.ts. It stays when its person is erased. */
  @PrimaryColumn('bytea', { name: 'address_hash' })
  addressHash!: Buffer;

  @Column('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  /** Null once its person was erased. */
  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text')
  reason!: SuppressionReason;

  /** Where it came from: a contact, somebody by hand, an import, a mail that came back. */
  @Column('text')
  source!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
