import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';

/** What a model is asked for. */
export type AiUse = 'reply' | 'sentiment' | 'embedding';

/** How much was asked of models in a day: sums that only grow. */
@Entity('ai_usage')
export class AiUsage {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** In UTC. */
  @PrimaryColumn('date')
  day!: string;

  /** NOBODY where a program asked. No foreign key: a user who goes leaves the sums. */
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('text')
  kind!: AiUse;

  @PrimaryColumn('text')
  model!: string;

  @Column('int', { default: 0 })
  calls!: number;

  /** Those of them that came to nothing. */
  @Column('int', { default: 0 })
  failed!: number;

  @Column('bigint', { name: 'tokens_in', default: 0 })
  tokensIn!: string;

  @Column('bigint', { name: 'tokens_out', default: 0 })
  tokensOut!: string;

  /** Millionths of a unit of money. */
  @Column('bigint', { default: 0 })
  cost!: string;

  /** That answers took. */
  @Column('bigint', { default: 0 })
  milliseconds!: string;

  /** Replies that were sent. */
  @Column('int', { default: 0 })
  used!: number;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
