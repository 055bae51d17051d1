import { Column, Entity, Generated, PrimaryColumn } from 'typeorm';

/**
 * Messages whose words are to be written, from one position of a channel to another: written by the commit that sends them. Each
 * commit writes a row of its own, so no send waits for the worker, nor for another one.
 */
@Entity('search_jobs')
export class SearchJob {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** The newest is done first: what was just said is found soon, however much there is of what was said long ago. */
  @PrimaryColumn('bigint')
  @Generated('increment')
  id!: string;

  @Column('uuid', { name: 'channel_id' })
  channelId!: string;

  @Column('int', { name: 'first_position' })
  firstPosition!: number;

  @Column('int', { name: 'last_position' })
  lastPosition!: number;
}
