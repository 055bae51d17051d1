import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ProviderSettings } from './provider.js';

export const PROVIDER_KINDS = ['simulator', 'http'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** Who carries a client's messages to phones. One that was replaced stays: what it still has to say is known by it. */
@Entity('messaging_providers')
@Index(['clientId'], { unique: true, where: 'active' })
export class MessagingProvider {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: ProviderKind;

  /** Encrypted; null where the kind has none. */
  @Column('bytea', { nullable: true })
  secret!: Buffer | null;

  /** What of its settings may be shown, and the last four characters of its secret. */
  @Column('jsonb', { default: () => `'{}'` })
  public!: ProviderSettings;

  @Column('boolean', { default: true })
  active!: boolean;

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  @Column('timestamptz', { name: 'last_error_at', nullable: true })
  lastErrorAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
