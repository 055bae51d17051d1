import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Conversation } from '../../delivery/conversations/conversation.entity.js';

/**
 * A note of the team, or what it did: never a message, so that nothing that shows messages can show it. Made while its
 * conversation is locked: `afterPosition` rises with `number`.
 */
@Entity('conversation_entries')
@Unique(['clientId', 'id'])
@Index(['clientId', 'channelId', 'afterPosition', 'number'])
export class ConversationEntry {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @PrimaryColumn('bigint')
  number!: string;

  @Column('uuid')
  id!: string;

  @Column('text')
  kind!: 'note' | 'activity';

  /** The position of the newest message when it was written: what it stands behind. */
  @Column('int', { name: 'after_position' })
  afterPosition!: number;

  /** A user; null where a program or nobody did it. */
  @Column('uuid', { name: 'author_id', nullable: true })
  authorId!: string | null;

  /** Of a note. */
  @Column('text', { nullable: true })
  body!: string | null;

  /** Of an activity: what became what. */
  @Column('jsonb', { nullable: true })
  data!: Record<string, unknown> | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'channelId' },
  ])
  conversation?: Conversation;
}
