import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Conversation } from './conversation.entity.js';

/** A conversation that is part of another now: who asks for it, and mails that answer it, are sent there. */
@Entity('merged_conversations')
@Unique(['clientId', 'number'])
@Index(['clientId', 'intoId'])
export class MergedConversation {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** That of its channel, which is gone. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  @Column('uuid', { name: 'into_id' })
  intoId!: string;

  @CreateDateColumn({ name: 'merged_at', type: 'timestamptz' })
  mergedAt!: Date;

  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'into_id', referencedColumnName: 'channelId' },
  ])
  into?: Conversation;
}
