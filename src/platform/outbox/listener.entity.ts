import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Replica } from '../cluster/replica.entity.js';

/**
 * A reader of a client's events: a process that has sockets of it, a webhook endpoint, an identity key (its apps ask for what
 * they missed). Events are written only while there is one. One table for all kinds, so that each change looks in one place;
 * rows of the other tables point to theirs here, so that none can lack it.
 */
@Entity('listeners')
@Index(['replicaId'])
export class Listener {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** That of the process, the endpoint or the key. */
  @PrimaryColumn('uuid')
  id!: string;

  /** The process, where it is one: the row goes with it. */
  @Column('uuid', { name: 'replica_id', nullable: true })
  replicaId!: string | null;

  @ManyToOne(() => Replica, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'replica_id' })
  replica?: Replica;
}
