import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Campaign } from './campaign.entity.js';

/**
 * What became of a campaign's mails: its totals are the sums of its shards, of which every connection moves one, so that those
 * who send at once do not wait for each other. Triggers move them: see campaign-functions.ts.
 */
@Entity('campaign_counters')
export class CampaignCounter {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Its number. */
  @PrimaryColumn('bigint')
  campaign!: string;

  /** 0 to 15. */
  @PrimaryColumn('smallint')
  shard!: number;

  @Column('int', { default: 0 })
  recipients!: number;

  @Column('int', { default: 0 })
  skipped!: number;

  @Column('int', { default: 0 })
  sent!: number;

  @Column('int', { default: 0 })
  failed!: number;

  @Column('int', { default: 0 })
  unknown!: number;

  @Column('int', { default: 0 })
  bounced!: number;

  @Column('int', { default: 0 })
  opened!: number;

  @Column('int', { default: 0 })
  clicked!: number;

  @Column('int', { name: 'machine_opens', default: 0 })
  machineOpens!: number;

  @Column('int', { name: 'machine_clicks', default: 0 })
  machineClicks!: number;

  @Column('int', { default: 0 })
  unsubscribed!: number;

  @Column('int', { default: 0 })
  replied!: number;

  @ManyToOne(() => Campaign, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'campaign', referencedColumnName: 'number' },
  ])
  ofCampaign?: Campaign;
}
