import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Replica } from '../cluster/replica.entity.js';

/**
 * Somebody who is told what happens at a client: a process that holds sockets of it, a webhook endpoint, an identity key
 * (its apps catch up with what they missed). As long as there is one, the client's events are written down. One table for
 * all, so that a change asks once; whoever has a row here points to it, so that none is without.
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
