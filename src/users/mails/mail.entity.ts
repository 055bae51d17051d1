import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A mail to be written: what is in it is made when it is sent, tokens too, so that none is stored. One row for each address
 * and kind, which also says when the last was asked for and how many that day.
 */
@Entity('mails')
@Index(['nextAttemptAt'], { where: 'next_attempt_at IS NOT NULL' })
@Index(['askedAt'])
export class QueuedMail {
  @PrimaryColumn('text')
  kind!: string;

  @PrimaryColumn('text')
  email!: string;

  /** What it is about, where an address may get several of a kind. */
  @PrimaryColumn('text', { default: '' })
  about!: string;

  @Column('jsonb', { default: {} })
  data!: object;

  /** Rises each time it is asked for. */
  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'asked_at', default: () => 'now()' })
  askedAt!: Date;

  /** When the first of `asked` was asked for. */
  @Column('timestamptz', { name: 'day_at', default: () => 'now()' })
  dayAt!: Date;

  /** Of that day. */
  @Column('integer', { default: 1 })
  asked!: number;

  @Column('integer', { default: 0 })
  attempts!: number;

  /** Null: nothing is to be done. */
  @Column('timestamptz', { name: 'next_attempt_at', nullable: true, default: () => 'now()' })
  nextAttemptAt!: Date | null;
}
