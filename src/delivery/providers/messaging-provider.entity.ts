import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Replica } from '../../platform/cluster/replica.entity.js';
import type { ProviderSettings } from './provider.js';

export const PROVIDER_KINDS = ['simulator', 'twilio', 'telnyx', 'http', 'smpp'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** Who carries a client's messages to phones. One that was replaced stays: what it still has to say is known by it. */
@Entity('messaging_providers')
@Index(['clientId'], { unique: true, where: 'active' })
@Index(['clientId'], { where: `active AND kind = 'smpp'` })
@Index(['catchUpAt'], { where: `active AND kind = 'twilio'` })
@Index(['boundBy'], { where: 'bound_by IS NOT NULL' })
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

  /** The process that is bound to it, where the kind has a bind: one at a time. It does all that is to be done there. */
  @Column('uuid', { name: 'bound_by', nullable: true })
  boundBy!: string | null;

  /** When it is asked again for what phones sent, where it does not tell again what nobody took. */
  @Column('timestamptz', { name: 'catch_up_at', default: () => 'now()' })
  catchUpAt!: Date;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Replica, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'bound_by' })
  binder?: Replica;
}
