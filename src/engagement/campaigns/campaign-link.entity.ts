import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Campaign } from './campaign.entity.js';

/** What a mail of a campaign links to: a request names its number, never a target. */
@Entity('campaign_links')
export class CampaignLink {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Its number. */
  @PrimaryColumn('bigint')
  campaign!: string;

  /** From 1, as they stand in the mail. */
  @PrimaryColumn('smallint')
  n!: number;

  /** With its merge tags, which stand in path and query only. */
  @Column('text')
  url!: string;

  /** Of people: each counts once. */
  @Column('int', { default: 0 })
  clicks!: number;

  @ManyToOne(() => Campaign, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'campaign', referencedColumnName: 'number' },
  ])
  ofCampaign?: Campaign;
}
