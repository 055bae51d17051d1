import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A running process. One that has not been seen for a while is deleted by the others, with all rows that belong to it.
 */
@Entity('replicas')
export class Replica {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('timestamptz', { name: 'seen_at' })
  seenAt!: Date;
}
