import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Conversation } from '../../delivery/conversations/conversation.entity.js';

/** How a reply of the team came about, where more is known of it than who wrote it. */
@Entity('replies')
export class Reply {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  /** That of the message. */
  @PrimaryColumn('int')
  position!: number;

  /** Who wrote it where nobody did. */
  @Column('text', { nullable: true })
  automatic!: 'workflow' | 'ai' | null;

  @Column('uuid', { name: 'canned_response_id', nullable: true })
  cannedResponseId!: string | null;

  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'channelId' },
  ])
  conversation?: Conversation;
}
