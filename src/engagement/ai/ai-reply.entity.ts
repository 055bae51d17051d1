import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';

/** That a reply was generated, so that it is known whether it was sent. What it says is not kept. */
@Entity('ai_replies')
@Index(['createdAt'])
export class AiReply {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** Where it is counted. */
  @Column('date')
  day!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  model!: string;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
