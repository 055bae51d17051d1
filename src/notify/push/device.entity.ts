import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Customer } from '../../customers/customer.entity.js';

export const PROVIDERS = ['apns', 'webpush', 'fcm'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Where a customer gets notifications while no socket of it is open. */
@Entity('devices')
@Unique(['clientId', 'customerId', 'deviceId'])
@Index(['clientId', 'provider', 'token'])
export class Device {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'customer_id' })
  customerId!: string;

  /** What the app calls it; registering it again replaces its token. */
  @Column('text', { name: 'device_id' })
  deviceId!: string;

  @Column('text')
  provider!: Provider;

  /** The provider's token; of Web Push, the subscription's endpoint. */
  @Column('text')
  token!: string;

  /** Of Web Push, the subscription's keys (`p256dh`, `auth`). */
  @Column('jsonb', { nullable: true })
  keys!: { readonly p256dh: string; readonly auth: string } | null;

  /** Of APNs, the app's bundle id where it is not that of the credentials. */
  @Column('text', { name: 'bundle_id', nullable: true })
  bundleId!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Customer, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'id' },
  ])
  customer?: Customer;
}
