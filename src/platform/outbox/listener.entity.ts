import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Replica } from '../cluster/replica.entity.js';

/**
 * A reader of a client's events: a process that has sockets of it, a webhook endpoint, an identity key (its apps ask for what
 * they missed), the pages of its users (which do so, too). Events are written only while there is one. One table for all kinds,
 * so that each change looks in one place; rows of the other tables point to theirs here, so that none can lack it.
 */
@Entity('listeners')
@Index(['replicaId'])
@Index(['until'], { where: 'until IS NOT NULL' })
export class Listener {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** That of the process, the endpoint or the key; the client's own for its pages. */
  @PrimaryColumn('uuid')
  id!: string;

  /** The process, where it is one: the row goes with it. */
  @Column('uuid', { name: 'replica_id', nullable: true })
  replicaId!: string | null;

  /** From then on every event was written. */
  @CreateDateColumn({ type: 'timestamptz' })
  since!: Date;

  /** When it may go, unless it is put off before. Null: when what it stands for goes. */
  @Column('timestamptz', { nullable: true })
  until!: Date | null;

  @ManyToOne(() => Replica, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'replica_id' })
  replica?: Replica;
}
