import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Direction } from './delivery.entity.js';
import type { DeliveryStatus } from './delivery-status.js';

/** What is folded of the days of a month: a total is the sum of these and of what is not folded yet, however old the client is. */
@Entity('delivery_months')
export class DeliveryMonth {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Its first day. */
  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('uuid', { name: 'address_id' })
  addressId!: string;

  @PrimaryColumn('text')
  direction!: Direction;

  @PrimaryColumn('text')
  status!: DeliveryStatus;

  @Column('bigint', { default: 0 })
  n!: string;
}
