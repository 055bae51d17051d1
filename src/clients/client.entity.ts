import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A tenant. Everything else belongs to one. */
@Entity('clients')
export class Client {
  @PrimaryColumn('uuid')
  id!: string;

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

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
