import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Conversation } from '../../delivery/conversations/conversation.entity.js';

export const MAX_SCORE = 5;

/** That a contact is asked how it went, made as a conversation is closed where the workspace asks; and what it said. */
@Entity('ratings')
export class Rating {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  /** Of the activity that closed it. */
  @PrimaryColumn('bigint')
  number!: string;

  /** Who took care of it then, else who closed it; null: a program. */
  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('timestamptz', { name: 'closed_at' })
  closedAt!: Date;

  @Column('smallint', { nullable: true })
  score!: number | null;

  @Column('text', { nullable: true })
  comment!: string | null;

  /** When it was first given: the day it counts for, whatever it is changed to. */
  @Column('timestamptz', { name: 'rated_at', nullable: true })
  ratedAt!: Date | null;

  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'channelId' },
  ])
  conversation?: Conversation;
}
