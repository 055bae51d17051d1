import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * `send` calls the provider; `reconcile` asks what came of a call; `poll` asks for the status of what it took; `verify` sends
 * a number its code; `fetch_media` brings what came with an inbound message.
 */
export type JobKind = 'send' | 'reconcile' | 'poll' | 'verify' | 'fetch_media';

/** A file that came with a message: at the provider, or here already. */
export interface PendingMedia {
  readonly url?: string;
  readonly contentType?: string | null;
  readonly fileId?: string;
}

/** What a message that came in consists of, until its files are here. */
export interface PendingMessage {
  readonly body: string;
  readonly media: readonly PendingMedia[];
}

/** What the worker is to do for a delivery. It goes when it is done. */
@Entity('delivery_jobs')
@Index(['nextAttemptAt'])
@Index(['clientId', 'channelId', 'position'], { where: `kind = 'send'` })
export class DeliveryJob {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** The delivery's. */
  @PrimaryColumn('uuid')
  id!: string;

  @PrimaryColumn('text')
  kind!: JobKind;

  @Column('uuid', { name: 'channel_id' })
  channelId!: string;

  /** The message's: what is said in one channel is sent in its order. */
  @Column('int')
  position!: number;

  /** Whoever takes it moves this on, so that nobody else does; a process that dies gives it back by doing nothing. */
  @Column('timestamptz', { name: 'next_attempt_at', default: () => 'now()' })
  nextAttemptAt!: Date;

  /** How often it was taken. */
  @Column('int', { default: 0 })
  attempts!: number;

  /** Looks at the provider, or calls that surely did nothing. */
  @Column('int', { default: 0 })
  tries!: number;

  /** Of `fetch_media`. */
  @Column('jsonb', { nullable: true })
  media!: PendingMessage | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
