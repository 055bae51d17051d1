import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';

/** By which models a workspace writes and searches, and how much it may. */
@Entity('ai_settings')
export class AiSetting {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Of an OpenAI-compatible API. Null: the installation's, with its models and prices. */
  @Column('text', { name: 'base_url', nullable: true })
  baseUrl!: string | null;

  /** The key of the API, sealed. */
  @Column('bytea', { nullable: true })
  secret!: Buffer | null;

  @Column('text', { name: 'chat_model', nullable: true })
  chatModel!: string | null;

  /** Null: documents are found by their words only. */
  @Column('text', { name: 'embedding_model', nullable: true })
  embeddingModel!: string | null;

  /** Millionths of a unit of money for a million tokens. */
  @Column('int', { name: 'input_price', default: 0 })
  inputPrice!: number;

  @Column('int', { name: 'output_price', default: 0 })
  outputPrice!: number;

  @Column('int', { name: 'embedding_price', default: 0 })
  embeddingPrice!: number;

  @Column('int', { name: 'monthly_token_limit', nullable: true })
  monthlyTokenLimit!: number | null;

  /** The month, by its first day, in which it was told that the limit is reached. */
  @Column('date', { name: 'limit_told', nullable: true })
  limitTold!: string | null;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  @OneToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
