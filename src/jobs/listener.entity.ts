import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Replica } from './replica.entity.js';

/** A process that holds sockets of this client: as long as there is one, the client's events are written down. */
@Entity('listeners')
@Index(['replicaId'])
export class Listener {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'replica_id' })
  replicaId!: string;

  @ManyToOne(() => Replica, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'replica_id' })
  replica?: Replica;
}
