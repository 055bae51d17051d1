import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A running process. Whoever has not been seen for a while is deleted by the others, and all it held goes with it. */
@Entity('replicas')
export class Replica {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('timestamptz', { name: 'seen_at' })
  seenAt!: Date;
}
