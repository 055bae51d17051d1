import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * What a message of the inbox says, as it is searched. A table of its own, written by a worker: no send pays for its index. Its
 * rows go with what they are of by a trigger, and not by a foreign key, for which the worker would have to wait: see
 * search-functions.ts.
 */
@Entity('message_words')
@Index('message_words_search', { synchronize: false })
export class MessageWords {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @PrimaryColumn('int')
  position!: number;

  /** Without case and accents, in single spaces, behind a space: see searchable() in contact-functions.ts. */
  @Column('text')
  words!: string;
}
