import { Column, CreateDateColumn, Entity, Generated, Index, PrimaryColumn, VirtualColumn } from 'typeorm';
import type { ClientRates } from '../platform/common/rate-limit/rates-of-clients.js';
import type { OriginPolicy } from '../platform/common/tenancy/origin.js';

/** A tenant. Everything else belongs to one. */
@Entity('clients')
@Index(['createdAt', 'id'])
export class Client {
  @PrimaryColumn('uuid')
  id!: string;

  /** For dialects that show integers. */
  @Column('bigint', { unique: true })
  @Generated('increment')
  number!: string;

  @Column('text')
  name!: string;

  /** Lower-case ASCII; an IDN as punycode. */
  @Column('text')
  domain!: string;

  @Column('text', { name: 'allowed_subdomains', array: true, default: () => "'{}'" })
  allowedSubdomains!: string[];

  @Column('cidr', { name: 'allowed_ips', array: true, default: () => "'{}'" })
  allowedIps!: string[];

  @Column('text', { name: 'public_key', unique: true })
  publicKey!: string;

  @Column('boolean')
  livemode!: boolean;

  /** Signs what a socket of this client may subscribe to. */
  @Column('bytea', { name: 'realtime_secret' })
  realtimeSecret!: Buffer;

  /** Requests per second of each of its keys, where the operator gave it a limit of its own. */
  @Column('int', { name: 'rate_limit', nullable: true })
  rateLimit!: number | null;

  /** The same of all of them together. */
  @Column('int', { name: 'total_rate_limit', nullable: true })
  totalRateLimit!: number | null;

  /** Requests a minute, by what they are counted as, where the operator gave it numbers of its own. */
  @Column('jsonb', { default: {} })
  rates!: ClientRates;

  /** Whether its secret keys work without an Origin; a wrong one is refused either way. */
  @Column('text', { name: 'origin_policy', default: 'required' })
  originPolicy!: OriginPolicy;

  /** Bytes that its files may have together, where the operator gave it a limit. */
  @Column('bigint', { name: 'storage_limit', nullable: true, transformer: { from: numberOrNull, to: numberOrNull } })
  storageLimit!: number | null;

  /** Bytes that its files have together. */
  @VirtualColumn({
    type: 'float8',
    query: (client) => `SELECT coalesce(sum(bytes), 0)::float8 FROM storage_uses WHERE client_id = ${client}.id`,
  })
  storageUsed!: number;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}

/** As text is how a bigint arrives. */
function numberOrNull(value: number | string | null): number | null {
  return value === null ? null : Number(value);
}
