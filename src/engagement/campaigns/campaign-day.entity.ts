import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';

/** What became of the mails that all campaigns of a client sent on a day, in shards as their counters. */
@Entity('campaign_days')
export class CampaignDay {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** In UTC; of the sending, whenever they were opened. */
  @PrimaryColumn('date')
  day!: string;

  @PrimaryColumn('smallint')
  shard!: number;

  @Column('int', { default: 0 })
  sent!: number;

  @Column('int', { default: 0 })
  bounced!: number;

  @Column('int', { default: 0 })
  opened!: number;

  @Column('int', { default: 0 })
  clicked!: number;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}
