import { Column, CreateDateColumn, Entity, Index, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { Customer } from '../../customers/customer.entity.js';

export const ADDRESS_KINDS = ['number', 'service', 'alphanumeric', 'short_code'] as const;
export type AddressKind = (typeof ADDRESS_KINDS)[number];
export type Capability = 'sms' | 'mms';

/** Characters of the longest: a messaging service's. */
export const MAX_ADDRESS = 34;

/** What a workspace speaks through, such as a phone number: a customer of kind `address`, so that messages have a sender. */
@Entity('addresses')
@Index(['clientId', 'address'], { unique: true, where: 'released_at IS NULL' })
@Index(['clientId', 'medium'], { unique: true, where: 'is_default' })
@Index(['clientId', 'serviceId'], { where: 'service_id IS NOT NULL' })
export class Address {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @Column('text', { default: 'sms' })
  medium!: 'sms' | 'email' | 'chat';

  @Column('text')
  kind!: AddressKind | 'email' | 'desk';

  /** In international format, where it is a number; of a messaging service, what its provider calls it. */
  @Column('text')
  address!: string;

  /** That of the provider it was added at; those of other media than `sms` are at none. */
  @Column('uuid', { name: 'provider_id', nullable: true })
  providerId!: string | null;

  /** Of a number, the messaging service that speaks for it. */
  @Column('uuid', { name: 'service_id', nullable: true })
  serviceId!: string | null;

  @Column('text', { nullable: true })
  name!: string | null;

  @Column('text', { array: true, default: () => `'{sms,mms}'` })
  capabilities!: Capability[];

  /** Speaks where nobody says which is to. */
  @Column('boolean', { name: 'is_default', default: false })
  isDefault!: boolean;

  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  /** Of the code that was sent to it last. */
  @Column('bytea', { name: 'code_sha256', nullable: true })
  codeSha256!: Buffer | null;

  @Column('int', { name: 'code_tries', default: 0 })
  codeTries!: number;

  @Column('timestamptz', { name: 'code_until', nullable: true })
  codeUntil!: Date | null;

  /** Conversations, and how many of them are archived. */
  @Column('int', { name: 'thread_count', default: 0 })
  threadCount!: number;

  @Column('int', { name: 'archived_count', default: 0 })
  archivedCount!: number;

  /** When it was given up: conversations stay, nothing more is sent from it. */
  @Column('timestamptz', { name: 'released_at', nullable: true })
  releasedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @OneToOne(() => Customer, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'id' },
  ])
  customer?: Customer;
}
