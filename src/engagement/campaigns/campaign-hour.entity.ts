import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Campaign } from './campaign.entity.js';

/** What happened to a campaign's mails in an hour, in shards as its counters. */
@Entity('campaign_hours')
export class CampaignHour {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Its number. */
  @PrimaryColumn('bigint')
  campaign!: string;

  @PrimaryColumn('timestamptz')
  hour!: Date;

  @PrimaryColumn('smallint')
  shard!: number;

  @Column('int', { default: 0 })
  sent!: number;

  @Column('int', { default: 0 })
  opened!: number;

  @Column('int', { default: 0 })
  clicked!: number;

  @ManyToOne(() => Campaign, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'campaign', referencedColumnName: 'number' },
  ])
  ofCampaign?: Campaign;
}
