import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Customer } from '../../customers/customer.entity.js';
import { Replica } from '../../platform/cluster/replica.entity.js';

/** A socket that a customer has open, in any dialect. Deleted with its process's row. */
@Entity('open_sockets')
@Index(['replicaId'])
export class OpenSocket {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'replica_id' })
  replicaId!: string;

  /** Unused: the customer's own row has it now. Kept for processes of an older release. */
  @Column('text', { default: 'available' })
  status!: string;

  @ManyToOne(() => Customer, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'id' },
  ])
  customer?: Customer;

  @ManyToOne(() => Replica, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'replica_id' })
  replica?: Replica;
}
