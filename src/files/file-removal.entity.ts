import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A file whose row is gone and whose bytes have to follow: written by the statement that deletes the row, so that neither a
 * failing store nor a process that is killed leaves bytes that nobody knows of.
 */
@Entity('file_removals')
@Index(['nextAttemptAt'])
export class FileRemoval {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'file_id' })
  fileId!: string;

  /** Until then an upload URL that was given before may still bring bytes, so the last removal comes after it. */
  @Column('timestamptz')
  until!: Date;

  @Column('timestamptz', { name: 'next_attempt_at', default: () => 'now()' })
  nextAttemptAt!: Date;
}
