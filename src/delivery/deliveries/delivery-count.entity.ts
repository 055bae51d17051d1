import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Direction } from './delivery.entity.js';
import type { DeliveryStatus } from './delivery-status.js';

/** The shard of what was folded. Nothing but the folding writes it, so that months are the sum of it. */
export const FOLDED = -1;

/**
 * How many deliveries there are, moved by the statement that makes one or changes its status. In eight shards, so that those
 * of one address do not wait for each other's commits; one row alone may say less than nothing, their sum is exact. Those of
 * days that are over are folded into one more.
 */
@Entity('delivery_counts')
@Index(['day'], { where: 'shard >= 0' })
@Index(['clientId', 'day'], { where: 'shard >= 0' })
export class DeliveryCount {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** In UTC, of `created_at`. */
  @PrimaryColumn('date')
  day!: string;

  @PrimaryColumn('uuid', { name: 'address_id' })
  addressId!: string;

  @PrimaryColumn('text')
  direction!: Direction;

  @PrimaryColumn('text')
  status!: DeliveryStatus;

  @PrimaryColumn('smallint')
  shard!: number;

  /** Of the price; '' while none is told. */
  @PrimaryColumn('text', { default: '' })
  currency!: string;

  @Column('bigint', { default: 0 })
  n!: string;

  @Column('bigint', { default: 0 })
  segments!: string;

  @Column('numeric', { default: 0 })
  price!: string;
}
