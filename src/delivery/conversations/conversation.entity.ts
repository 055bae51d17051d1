import { Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { Channel } from '../../channels/channel.entity.js';

/**
 * A channel that an address is in. Its row is made by the statement that puts the address there, whichever road that takes
 * (keep-conversation.ts). What is listed by its last message is listed from here: an index on that column of channels would
 * make each send of everybody write to it.
 */
@Entity('conversations')
@Index(['clientId', 'archived', 'lastMessageAt', 'channelId'])
@Index(['clientId', 'addressId', 'archived', 'lastMessageAt', 'channelId'])
@Index(['clientId', 'personId'])
export class Conversation {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @Column('uuid', { name: 'address_id' })
  addressId!: string;

  /** The other one in the channel; null where there are several, or it was erased. */
  @Column('uuid', { name: 'person_id', nullable: true })
  personId!: string | null;

  /** When it was made, while nothing was said. */
  @Column('timestamptz', { name: 'last_message_at', default: () => 'now()' })
  lastMessageAt!: Date;

  @Column('boolean', { default: false })
  archived!: boolean;

  @OneToOne(() => Channel, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'id' },
  ])
  channel?: Channel;
}
