import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Customer } from '../customer.entity.js';

/** Who made a session: it is good in that dialect. One of Layer's is good in the core as well, which allows less. */
export type SessionDialect = 'core' | 'layer';

/** What lets a customer's browser speak for that customer and nobody else. The token itself is nowhere. */
@Entity('customer_sessions')
@Index(['clientId', 'customerId', 'id'])
@Index(['expiresAt'])
export class CustomerSession {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'customer_id' })
  customerId!: string;

  @Column('bytea', { name: 'token_sha256', unique: true })
  tokenSha256!: Buffer;

  @Column('text', { default: 'core' })
  dialect!: SessionDialect;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Customer, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'id' },
  ])
  customer?: Customer;
}
